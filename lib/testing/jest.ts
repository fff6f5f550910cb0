/**
 * Registers the matchers and the serializer with the global `expect` of jest. Add `ai-infra-constructs/testing/jest` to
 * `setupFilesAfterEnv`, or import it in a test.
 */
import { AiInfraError } from '../core/errors';
import { architectureMatchers, type ArchitectureMatchers, architectureSerializer } from './matchers';

interface Expect {
  extend(matchers: object): void;
  addSnapshotSerializer(serializer: object): void;
}

const { expect } = globalThis as { readonly expect?: Expect };
if (typeof expect?.extend !== 'function') {
  throw new AiInfraError([
    {
      code: 'ArchitectureMatcher',
      prop: 'expect',
      allowed: 'a global function of the test runner',
      got: expect,
      fix: 'Add ai-infra-constructs/testing/jest to setupFilesAfterEnv, not to setupFiles. With another runner, pass architectureMatchers to expect.extend.',
    },
  ]);
}
expect.extend(architectureMatchers);
expect.addSnapshotSerializer(architectureSerializer);

declare global {
  namespace jest {
    interface Matchers<R, T> extends ArchitectureMatchers<R> {}
  }
}
