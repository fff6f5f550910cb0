import { CurrentProject, ProxySubnet, ServicePeering } from 'ai-infra-constructs/google';
import { codesOf } from '../support';

test.each([
  (scope: never) => CurrentProject.of(scope),
  (network: never) => ProxySubnet.of(network),
  (network: never) => ServicePeering.of(network),
])('rejects a scope that is not a construct: %p', (of) => {
  expect(codesOf(() => of(null as never))).toEqual(['ValueMissing']);
  expect(codesOf(() => of('network' as never))).toEqual(['PropType']);
  expect(codesOf(() => of({} as never))).toEqual(['PropType']);
});
