/**
 * Registers the matchers and the serializer with the global `expect` of jest:
 * `setupFilesAfterEnv: ['ai-infra-constructs/testing/jest']`, or an import in a test.
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
      allowed: 'a global of the test runner',
      got: expect,
      fix: 'Name ai-infra-constructs/testing/jest in setupFilesAfterEnv, not in setupFiles; elsewhere pass architectureMatchers to expect.extend.',
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
