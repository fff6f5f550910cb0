import { MlNetwork, type MlNetworkProps } from 'ai-infra-constructs/google';
import { Token } from 'cdktf';
import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import { cidrsOverlap, parseCidr } from '../../../lib/core/cidr';
import { newStack, problemsOf, theOnly } from '../support';

function synth(props: Partial<MlNetworkProps> = {}) {
  const stack = newStack();
  new MlNetwork(stack, 'Network', { region: 'us-central1', ...props });
  return stack;
}

test('has ranges for nodes, pods and services, flow logs, and Cloud NAT', () => {
  const stack = synth();
  expect(theOnly(stack, 'google_compute_subnetwork')).toMatchObject({
    region: 'us-central1',
    ip_cidr_range: '10.0.0.0/18',
    private_ip_google_access: true,
    secondary_ip_range: [
      { range_name: 'pods', ip_cidr_range: '10.4.0.0/14' },
      { range_name: 'services', ip_cidr_range: '10.8.0.0/20' },
    ],
    log_config: { metadata: 'INCLUDE_ALL_METADATA' },
  });
  expect(theOnly(stack, 'google_compute_network')).toMatchObject({ auto_create_subnetworks: false, mtu: 8896 });
  expect(theOnly(stack, 'google_compute_router_nat')).toMatchObject({ nat_ip_allocate_option: 'AUTO_ONLY' });
});

test.each([
  [{ region: 'us-central1-b' }, 'LocationInvalid', 'region'],
  [{ region: undefined }, 'ValueMissing', 'region'],
  [{ nodeCidr: '10.0.0.1/18' }, 'CidrInvalid', 'nodeCidr'],
  [{ podCidr: 'all' }, 'CidrInvalid', 'podCidr'],
  [{ podCidr: '10.0.0.0/14' }, 'CidrOverlap', 'podCidr'],
  [{ serviceCidr: '10.4.0.0/20' }, 'CidrOverlap', 'serviceCidr'],
  [{ serviceCidr: 5 }, 'PropType', 'serviceCidr'],
])('rejects %j', (props, code, prop) => {
  expect(problemsOf(() => synth(props as never))).toEqual([expect.objectContaining({ code, prop })]);
});

test('rejects a range that is unknown at synthesis', () => {
  const codes = problemsOf(() => synth({ nodeCidr: Token.asString({ ref: 'cidr' }) })).map(({ code }) => code);
  expect(codes).toContain('ValueUnknown');
});

test('accepts only valid ranges that do not overlap, and rejects others with a code', () => {
  const block = fc
    .tuple(fc.nat(255), fc.nat(255), fc.integer({ min: 9, max: 26 }))
    .map(([a, b, prefix]) => `10.${a}.${b}.0/${prefix}`);
  fc.assert(
    fc.property(block, block, block, (nodeCidr, podCidr, serviceCidr) => {
      const blocks = [nodeCidr, podCidr, serviceCidr].map(parseCidr);
      const sound =
        blocks.every((one) => one !== undefined) &&
        blocks.every((one, index) => blocks.slice(index + 1).every((other) => !cidrsOverlap(one, other)));
      try {
        synth({ nodeCidr, podCidr, serviceCidr });
        expect(sound).toBe(true);
      } catch (error) {
        if (!AiInfraError.isAiInfraError(error)) throw error;
        expect(sound).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});
