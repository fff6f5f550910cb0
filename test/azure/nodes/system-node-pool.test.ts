import {
  AcceleratorNodePool,
  AzureMachine,
  ControlPlane,
  SystemNodePool,
  type SystemNodePoolProps,
} from 'ai-infra-constructs/azure';
import { newStack, refusalsOf, theOnly } from '../support';
import { CLUSTER } from './support';

function synth(props: Partial<SystemNodePoolProps> = {}) {
  const stack = newStack();
  const pool = new SystemNodePool(stack, 'System', { cluster: CLUSTER, ...props });
  return { pool, resource: theOnly(stack, 'azurerm_kubernetes_cluster_node_pool') };
}

test('creates labeled nodes in the given zones', () => {
  expect(synth({ zones: ['1', '2'], maxNodes: 8 }).resource).toMatchObject({
    name: 'system',
    mode: 'System',
    auto_scaling_enabled: true,
    min_count: 2,
    max_count: 8,
    zones: ['1', '2'],
    node_labels: { 'ai-infra/role': 'system' },
    temporary_name_for_rotation: expect.stringMatching(/^nextsy[0-9a-f]{6}$/),
    lifecycle: { ignore_changes: ['node_count'] },
  });
});

test('rejects the name of another pool of the cluster', () => {
  const stack = newStack();
  const props = { machine: AzureMachine.NC24ADS_A100_V4, nodes: 1 };
  const made = new ControlPlane(stack, 'Made', { resourceGroup: CLUSTER.resourceGroup });
  new AcceleratorNodePool(stack, 'Gpu', { ...props, cluster: CLUSTER });
  const duplicates = [
    () => new AcceleratorNodePool(stack, 'Gpu2', { ...props, cluster: { ...CLUSTER }, name: 'gpu' }),
    () => new SystemNodePool(stack, 'Gpu3', { cluster: CLUSTER, name: 'gpu' }),
    () => new AcceleratorNodePool(stack, 'Gpu4', { ...props, cluster: made, name: 'system' }),
    () => new SystemNodePool(stack, 'System', { cluster: made }),
    () => new SystemNodePool(stack, 'SystemNext', { cluster: made }),
  ];
  for (const create of duplicates) expect(refusalsOf(create)).toEqual(['GroupDuplicate name']);
  const { resource } = new SystemNodePool(stack, 'Temporary', { cluster: CLUSTER, name: 'controllers1' });
  const temporary = resource.temporaryNameForRotationInput!;
  const rotated = () => new SystemNodePool(stack, 'Temporary2', { cluster: CLUSTER, name: temporary });
  expect(refusalsOf(rotated)).toEqual(['GroupDuplicate name']);
  expect(() => new SystemNodePool(stack, 'Alike', { cluster: CLUSTER, name: 'controllers2' })).not.toThrow();
  const other = { ...CLUSTER, id: `${CLUSTER.id}-2` };
  expect(() => new SystemNodePool(stack, 'Other', { cluster: other, name: 'gpu' })).not.toThrow();
});

test.each<[string, Partial<SystemNodePoolProps>, string]>([
  ['an invalid name', { name: 'System-Nodes' }, 'PoolName name'],
  ['a minimum greater than the maximum', { minNodes: 4, maxNodes: 3 }, 'NodesOutOfRange minNodes and maxNodes'],
  ['an invalid zone', { zones: ['x'] }, 'LocationInvalid zones[0]'],
  ['a missing cluster', { cluster: undefined }, 'ValueMissing cluster'],
])('rejects %s', (_, props, problem) => {
  expect(refusalsOf(() => synth(props))).toEqual([problem]);
});
