import { SystemNodePool, type SystemNodePoolProps } from 'ai-infra-constructs/google';
import { CLUSTER, newStack, problemsOf, theOnly } from '../support';

function synth(props: Partial<SystemNodePoolProps> = {}) {
  const stack = newStack();
  new SystemNodePool(stack, 'System', { cluster: CLUSTER, ...props });
  return theOnly(stack, 'google_container_node_pool');
}

test('has 1 to 3 Shielded VM nodes in each zone, with a label and surge upgrades', () => {
  expect(synth()).toMatchObject({
    name: 'system',
    autoscaling: { min_node_count: 1, max_node_count: 3 },
    upgrade_settings: { max_surge: 1, max_unavailable: 0 },
    node_config: {
      machine_type: 'n2-standard-8',
      labels: { 'ai-infra/role': 'system' },
      shielded_instance_config: { enable_secure_boot: true },
    },
  });
});

test.each([
  [{ minNodesPerZone: 4 }, 'NodesOutOfRange'],
  [{ minNodesPerZone: 0 }, 'NodesOutOfRange'],
  [{ maxNodesPerZone: 2.5 }, 'NodesOutOfRange'],
  [{ name: '1st' }, 'PoolName'],
  [{ cluster: 'research' as never }, 'PropType'],
])('rejects %j with %s', (props, code) => {
  expect(problemsOf(() => synth(props)).map((problem) => problem.code)).toEqual([code]);
});
