import { ControlPlane, SystemNodePool, type SystemNodePoolProps } from 'ai-infra-constructs/alicloud';
import { existingCluster, problemsOf, resourcesOf, stackIn, theOnly } from '../support';

function synth(props: Partial<SystemNodePoolProps> = {}) {
  const stack = stackIn();
  new SystemNodePool(stack, 'System', { cluster: existingCluster(stack), ...props });
  return theOnly(stack, 'alicloud_cs_kubernetes_node_pool');
}

test('has two to five encrypted nodes with IMDSv2 in all zones of the network', () => {
  expect(synth()).toMatchObject({
    node_pool_name: 'system',
    vswitch_ids: ['vsw-bp12mw1f8k3jgnodesi', 'vsw-bp12mw1f8k3jgnodesj'],
    instance_types: ['ecs.g8i.2xlarge', 'ecs.g7.2xlarge'],
    image_type: 'AliyunLinux3ContainerOptimized',
    scaling_config: { enable: true, min_size: 2, max_size: 5, type: 'cpu' },
    system_disk_encrypted: true,
    system_disk_encrypt_algorithm: 'aes-256',
    instance_metadata_options: { http_tokens: 'required' },
    labels: [{ key: 'ai-infra/role', value: 'system' }],
    management: { enable: true, auto_repair: true, auto_upgrade: true },
  });
});

test('has a fixed number of nodes if both limits are equal', () => {
  const pool = synth({ minNodes: 3, maxNodes: 3, zones: ['cn-hangzhou-j'], machineTypes: ['ecs.c8i.xlarge'] });
  expect(pool).toMatchObject({ desired_size: '3', vswitch_ids: ['vsw-bp12mw1f8k3jgnodesj'] });
  expect(pool.scaling_config).toBeUndefined();
});

test('installs the autoscaler of a new cluster once', () => {
  const stack = stackIn();
  const cluster = new ControlPlane(stack, 'ControlPlane', { zones: ['cn-hangzhou-i'] });
  for (const id of ['System', 'More']) new SystemNodePool(stack, id, { cluster, bootDiskKey: cluster.encryptionKey });
  expect(theOnly(stack, 'alicloud_cs_autoscaling_config')).toMatchObject({
    scaler_type: 'cluster-autoscaler',
    scale_up_from_zero: true,
    depends_on: [expect.stringMatching(/^alicloud_cs_kubernetes_node_pool\.System_/)],
  });
  for (const { system_disk_kms_key: key } of Object.values(resourcesOf(stack, 'alicloud_cs_kubernetes_node_pool')))
    expect(key).toMatch(/^\$\{alicloud_kms_key\./);
});

test.each<[Partial<SystemNodePoolProps>, string]>([
  [{ minNodes: 6 }, 'NodesOutOfRange'],
  [{ minNodes: 0 }, 'NodesOutOfRange'],
  [{ maxNodes: 2.5 }, 'NodesOutOfRange'],
  [{ name: '1st' }, 'PoolName'],
  [{ machineTypes: [] }, 'MachineUnsupported'],
  [{ machineTypes: ['ecs.gn8is.2xlarge'] }, 'MachineUnsupported'],
  [{ machineTypes: ['g8i.xlarge'] }, 'MachineUnsupported'],
  [{ zones: ['cn-hangzhou-k'] }, 'LocationInvalid'],
  [{ cluster: 'research' as never }, 'PropType'],
])('rejects %j with %s', (props, code) => {
  expect(problemsOf(() => synth(props)).map((problem) => problem.code)).toEqual([code]);
});

test('rejects two pools with one name in a cluster', () => {
  const stack = stackIn();
  const cluster = existingCluster(stack);
  new SystemNodePool(stack, 'System', { cluster });
  const second = new SystemNodePool(stack, 'More', { cluster, name: 'system' });
  expect(problemsOf(() => second.node.validate()).map(({ code }) => code)).toEqual(['GroupDuplicate']);
});
