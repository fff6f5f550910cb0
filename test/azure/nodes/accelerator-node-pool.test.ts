import { TerraformVariable } from 'cdktf';
import { findingsOf } from 'ai-infra-constructs';
import {
  AcceleratorNodePool,
  type AcceleratorNodePoolProps,
  AzureMachine,
  BootDiskType,
  Capacity,
  ControlPlane,
  GpuDriver,
  InfinibandFeature,
  KubeletDisk,
} from 'ai-infra-constructs/azure';
import { armTest, faultsOf } from '../arm';
import { type Json, newStack, problemsOf, refusalsOf, resourcesOf, theOnly } from '../support';
import { CLUSTER, featureFor, synthPool } from './support';

const T4 = AzureMachine.NC16AS_T4_V3;
const A100 = AzureMachine.NC96ADS_A100_V4;
const GROUP = '/subscriptions/s/resourceGroups/reserved/providers/Microsoft.Compute/capacityReservationGroups/h';
const refused = (props: Partial<AcceleratorNodePoolProps>) => refusalsOf(() => synthPool(props));
const idsOf = ({ pool }: ReturnType<typeof synthPool>) => findingsOf(pool).map(({ id }) => id);

describe('a pool', () => {
  const { resource } = synthPool();

  test('is one scale set with a fixed number of nodes and without the AKS driver', () => {
    expect(resource).toMatchObject({
      name: 'nodes',
      kubernetes_cluster_id: CLUSTER.id,
      vnet_subnet_id: CLUSTER.nodeSubnetId,
      vm_size: 'Standard_ND96isr_H100_v5',
      node_count: 2,
      mode: 'User',
      os_sku: 'Ubuntu',
      gpu_driver: 'None',
      os_disk_type: 'Managed',
      os_disk_size_gb: 512,
      kubelet_disk_type: 'OS',
    });
    expect(resource).not.toHaveProperty('auto_scaling_enabled');
    expect(resource).not.toHaveProperty('zones');
  });

  test('has a pool label for queues and a taint for other pods', () => {
    expect(resource.node_labels).toEqual({ 'ai-infra/pool': 'nodes' });
    expect(resource.node_taints).toEqual(['nvidia.com/gpu=present:NoSchedule']);
  });

  test('is upgraded without a spare machine', () => {
    expect(resource.upgrade_settings).toEqual({ max_unavailable: '1', drain_timeout_in_minutes: 30 });
  });

  test('applies all node options', () => {
    const { resource: custom } = synthPool({
      machine: T4,
      zone: '2',
      driver: GpuDriver.AKS,
      bootDiskType: BootDiskType.EPHEMERAL,
      bootDiskGiB: 256,
      kubeletDisk: KubeletDisk.TEMPORARY,
      encryptionAtHost: true,
      labels: { team: 'vision' },
      name: 'vision1',
    });
    expect(custom).toMatchObject({
      name: 'vision1',
      zones: ['2'],
      gpu_driver: 'Install',
      os_disk_type: 'Ephemeral',
      os_disk_size_gb: 256,
      kubelet_disk_type: 'Temporary',
      host_encryption_enabled: true,
      node_labels: { team: 'vision', 'ai-infra/pool': 'vision1', 'nvidia.com/gpu.deploy.operands': 'false' },
    });
  });
});

describe('minNodes', () => {
  test('enables the autoscaler if it is lower than nodes', () => {
    const { resource } = synthPool({ minNodes: 1, nodes: 4 });
    expect(resource).toMatchObject({ auto_scaling_enabled: true, min_count: 1, max_count: 4 });
    expect(resource).not.toHaveProperty('node_count');
  });

  test('keeps all nodes of a spot pool running if it equals nodes', () => {
    const { resource } = synthPool({ capacity: Capacity.spot(), minNodes: 2 });
    expect(resource).toMatchObject({ node_count: 2, priority: 'Spot' });
    expect(resource).not.toHaveProperty('auto_scaling_enabled');
  });

  test.each([-1, 3, 0.5, Number.NaN])('rejects %p', (minNodes) => {
    expect(refused({ minNodes })).toEqual(['NodesOutOfRange minNodes']);
  });
});

describe('spot nodes', () => {
  const { resource } = synthPool({ capacity: Capacity.spot() });

  test('scale from zero, and are deleted on eviction', () => {
    expect(resource).toMatchObject({
      auto_scaling_enabled: true,
      min_count: 0,
      max_count: 2,
      priority: 'Spot',
      eviction_policy: 'Delete',
      spot_max_price: -1,
      lifecycle: { ignore_changes: ['node_count'] },
    });
    expect(resource).not.toHaveProperty('node_count');
  });

  test('have the label and taint of AKS, and no upgrade settings', () => {
    expect(resource.node_labels['kubernetes.azure.com/scalesetpriority']).toBe('spot');
    expect(resource.node_taints).toContain('kubernetes.azure.com/scalesetpriority=spot:NoSchedule');
    expect(resource).not.toHaveProperty('upgrade_settings');
  });

  test('have tags with their resources for the autoscaler', () => {
    const tag = (name: string) => `k8s.io_cluster-autoscaler_node-template_resources_${name}`;
    expect(resource.tags).toEqual({ [tag('rdma_ib')]: '8' });
    const spot = { capacity: Capacity.spot() };
    const amd = synthPool({ machine: AzureMachine.ND96ISR_MI300X_V5, ...spot });
    expect(amd.resource.tags).toEqual({ [tag('rdma_ib')]: '8', [tag('amd.com_gpu')]: '8' });
    expect(synthPool({ machine: T4, ...spot }).resource).not.toHaveProperty('tags');
    expect(synthPool().resource).not.toHaveProperty('tags');
  });

  test('have the given maximum price', () => {
    expect(synthPool({ capacity: Capacity.spot({ maxUsdPerHour: 12.5 }) }).resource.spot_max_price).toBe(12.5);
  });
});

describe('reserved nodes', () => {
  test('depend on the role assignment of the cluster on the reservation', () => {
    const { stack, resource } = synthPool({ machine: A100, capacity: Capacity.reservation(GROUP) });
    expect(resource.capacity_reservation_group_id).toBe(GROUP);
    expect(theOnly(stack, 'azurerm_role_assignment')).toMatchObject({
      role_definition_name: 'Contributor',
      scope: '/subscriptions/s/resourceGroups/reserved',
      principal_id: CLUSTER.principalId,
    });
    expect(resource.depends_on).toEqual([expect.stringMatching(/UseReservation/)]);
  });

  test('of two pools in one resource group share one role assignment', () => {
    const { stack } = synthPool({ machine: A100, capacity: Capacity.reservation(GROUP) });
    const other = { cluster: CLUSTER, machine: A100, nodes: 2, capacity: Capacity.reservation(GROUP) };
    new AcceleratorNodePool(stack, 'Other', other);
    const [right] = Object.keys(resourcesOf(stack, 'azurerm_role_assignment'));
    expect(theOnly(stack, 'azurerm_role_assignment').scope).toBe('/subscriptions/s/resourceGroups/reserved');
    expect(
      Object.values(resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool')).map(({ depends_on }) => depends_on),
    ).toEqual(Array(2).fill([`azurerm_role_assignment.${right}`]));
  });

  test('depend on a new reservation', () => {
    const capacity = Capacity.newReservation({ confirm: 'costs until deleted' });
    const { stack, resource } = synthPool({ machine: A100, capacity, nodes: 3, zone: '1' });
    expect(theOnly(stack, 'azurerm_capacity_reservation')).toMatchObject({
      sku: { name: A100.name, capacity: 3 },
      zone: '1',
    });
    expect(resource.capacity_reservation_group_id).toMatch(/capacity_reservation_group\..*Reservation/);
    expect(resource.depends_on).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/capacity_reservation\./),
        expect.stringMatching(/role_assignment\./),
      ]),
    );
  });
});

describe('settings of the kubelet, the kernel, and taints', () => {
  const settings = {
    taints: [
      { key: 'team', value: 'vision', effect: 'NoSchedule' },
      { key: 'example.com/prepaid', value: 'true', effect: 'NoExecute' },
    ],
    maxPodsPerNode: 60,
    kubelet: { cpuManagerPolicy: 'static', topologyManagerPolicy: 'best-effort', podPidsLimit: 65_536 },
    sysctls: { 'net.core.rmem_max': '16777216', 'net.ipv4.tcp_keepalive_intvl': '30', 'net.ipv4.tcp_tw_reuse': '0' },
  } as const;

  test('are those of the pool', () => {
    expect(synthPool({ machine: T4, ...settings }).resource).toMatchObject({
      node_taints: [
        'nvidia.com/gpu=present:NoSchedule',
        'team=vision:NoSchedule',
        'example.com/prepaid=true:NoExecute',
      ],
      max_pods: 60,
      kubelet_config: { cpu_manager_policy: 'static', topology_manager_policy: 'best-effort', pod_max_pid: 65_536 },
      linux_os_config: {
        sysctl_config: {
          net_core_rmem_max: 16_777_216,
          net_ipv4_tcp_keepalive_intvl: 30,
          net_ipv4_tcp_tw_reuse: false,
        },
      },
    });
    const plain = synthPool({ machine: T4 }).resource as object;
    for (const name of ['max_pods', 'kubelet_config', 'linux_os_config']) expect(plain).not.toHaveProperty(name);
  });

  test('are in the request body of rack machines, with the names of the API', () => {
    const { body } = synthPool({ machine: AzureMachine.ND128ISR_GB300_V6, zone: '1', ...settings });
    expect(body.properties).toMatchObject({
      maxPods: 60,
      kubeletConfig: { cpuManagerPolicy: 'static', topologyManagerPolicy: 'best-effort', podMaxPids: 65_536 },
      linuxOSConfig: {
        sysctls: { netCoreRmemMax: 16_777_216, netIpv4TcpkeepaliveIntvl: 30, netIpv4TcpTwReuse: false },
      },
    });
  });

  test('replace the pool if they change, as all settings that AKS fixes', () => {
    const { stack, resource } = synthPool({ machine: T4, zone: '2', encryptionAtHost: true, ...settings });
    const fixed = resourcesOf(stack, 'terraform_data') as Record<string, { readonly input: Json }>;
    const triggers = Object.keys(fixed).map((name) => `terraform_data.${name}`);
    expect(resource.lifecycle.replace_triggered_by).toEqual(triggers);
    const values = Object.entries(fixed).map(([name, { input }]) => [
      /Fixed-(\w+?)_\w+$/.exec(name)![1],
      input.value as unknown,
    ]);
    expect(Object.fromEntries(values)).toEqual({
      vmSize: 'Standard_NC16as_T4_v3',
      zones: ['2'],
      vnetSubnetId: CLUSTER.nodeSubnetId,
      maxPods: 60,
      hostEncryptionEnabled: true,
      kubeletDiskType: 'OS',
      osDiskSizeGb: 512,
      osDiskType: 'Managed',
      kubeletConfig: { cpuManagerPolicy: 'static', topologyManagerPolicy: 'best-effort', podMaxPid: 65_536 },
      linuxOsConfig: {
        sysctlConfig: { netCoreRmemMax: 16_777_216, netIpv4TcpKeepaliveIntvl: 30, netIpv4TcpTwReuse: false },
      },
    });
    // The trigger of a setting exists also without a value, because the creation of a trigger replaces no pool, and its update does.
    const plain = resourcesOf(synthPool({ machine: T4 }).stack, 'terraform_data');
    expect(Object.keys(plain)).toHaveLength(triggers.length);
    const { azapi } = synthPool({ machine: AzureMachine.ND128ISR_GB300_V6, zone: '1', ...settings });
    expect(azapi.replace_triggers_refs).toEqual(
      expect.arrayContaining(['vmSize', 'maxPods', 'kubeletConfig', 'linuxOSConfig'].map((of) => `properties.${of}`)),
    );
  });

  armTest('are a valid request body', () => {
    const { stack } = synthPool({ machine: AzureMachine.ND128ISR_GB300_V6, zone: '1', ...settings });
    expect(Object.values(resourcesOf(stack, 'azapi_resource')).flatMap(faultsOf)).toEqual([]);
  });

  test.each<[Partial<AcceleratorNodePoolProps>, string]>([
    [{ maxPodsPerNode: 15 }, 'NodeSetting maxPodsPerNode'],
    [{ maxPodsPerNode: 13, machine: T4 }, 'NodeSetting maxPodsPerNode'],
    [{ maxPodsPerNode: 8, machine: T4, driver: GpuDriver.AKS }, 'NodeSetting maxPodsPerNode'],
    [{ maxPodsPerNode: 10, machine: AzureMachine.ND96ISR_MI300X_V5 }, 'NodeSetting maxPodsPerNode'],
    [{ maxPodsPerNode: 9, machine: T4, driver: GpuDriver.AKS }, 'NodeSetting maxPodsPerNode'],
    [{ maxPodsPerNode: 251 }, 'NodeSetting maxPodsPerNode'],
    [{ kubelet: { podPidsLimit: 0 } }, 'NodeSetting kubelet.podPidsLimit'],
    [{ kubelet: { cpuManagerPolicy: 'all' as never } }, 'ChoiceUnknown kubelet.cpuManagerPolicy'],
    [{ sysctls: { 'kernel.panic': '1' } }, 'NodeSetting sysctls.kernel.panic'],
    [{ sysctls: { 'net.core.somaxconn': '128' } }, 'NodeSetting sysctls.net.core.somaxconn'],
    [{ sysctls: { 'vm.swappiness': 'low' } }, 'NodeSetting sysctls.vm.swappiness'],
    [{ sysctls: { 'vm.swappiness': '1e1' } }, 'NodeSetting sysctls.vm.swappiness'],
    [{ taints: [{ key: 'nvidia.com/gpu', value: 'yes', effect: 'NoSchedule' }] }, 'NodeTaint taints[0]'],
    [{ taints: [{ key: 'a b', value: 'yes', effect: 'NoSchedule' }] }, 'NodeTaint taints[0]'],
    [{ taints: [{ key: 'team', value: 'a b', effect: 'NoSchedule' }] }, 'NodeTaint taints[0]'],
    [{ taints: [{ key: 'team', effect: 'NoSchedule' }] }, 'NodeTaint taints[0]'],
    [{ taints: [settings.taints[0], { ...settings.taints[0], value: 'speech' }] }, 'NodeTaint taints[1]'],
  ])('rejects %j', (props, problem) => {
    expect(refused(props)).toEqual([problem]);
  });
});

test('accepts two taints of one key with different effects, and -1 as the limit of processes', () => {
  const taint = { key: 'team', value: 'vision' };
  const taints = (['NoSchedule', 'NoExecute'] as const).map((effect) => ({ ...taint, effect }));
  expect(() => synthPool({ machine: T4, taints, kubelet: { podPidsLimit: -1 } })).not.toThrow();
});

test.each<[number, Partial<AcceleratorNodePoolProps>]>([
  [16, {}],
  [14, { machine: T4 }],
  [10, { machine: T4, driver: GpuDriver.AKS }],
  [11, { machine: AzureMachine.ND96ISR_MI300X_V5 }],
])('%d pods have room for the agents and one job', (maxPodsPerNode, props) => {
  expect(() => synthPool({ maxPodsPerNode, ...props })).not.toThrow();
});

describe('compact placement', () => {
  test('creates a proximity placement group for their zone and size', () => {
    const { stack, resource } = synthPool({ machine: A100, compactPlacement: true, zone: '1' });
    expect(theOnly(stack, 'azurerm_proximity_placement_group')).toMatchObject({
      zone: '1',
      allowed_vm_sizes: [A100.name],
    });
    expect(resource.proximity_placement_group_id).toMatch(/proximity_placement_group/);
  });
});

describe('InfiniBand', () => {
  test('is registered once per stack, before the nodes', () => {
    const stack = newStack();
    const infinibandFeature = InfinibandFeature.REGISTER;
    const machine = AzureMachine.ND96ISR_H200_V5;
    for (const id of ['A', 'B'])
      new AcceleratorNodePool(stack, id, { cluster: CLUSTER, machine, nodes: 2, infinibandFeature });
    expect(theOnly(stack, 'azapi_resource_action').resource_id).toMatch(
      /\/Microsoft\.Features\/featureProviders\/Microsoft\.ContainerService\/subscriptionFeatureRegistrations\/AKSInfinibandSupport$/,
    );
    for (const { depends_on } of Object.values(resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool')))
      expect(depends_on).toEqual([expect.stringMatching(/AiInfraAksInfiniband/)]);
  });

  test('stays registered when the stack is destroyed, because other stacks of the subscription can need it', () => {
    const { stack } = synthPool({ infinibandFeature: InfinibandFeature.REGISTER });
    // A destroy sends no request for an action of `apply`, but it deletes an `azapi_resource`.
    expect(theOnly(stack, 'azapi_resource_action')).toMatchObject({
      type: 'Microsoft.Features/featureProviders/subscriptionFeatureRegistrations@2021-07-01',
      method: 'PUT',
      when: 'apply',
    });
    expect(resourcesOf(stack, 'azapi_resource')).toEqual({});
  });

  armTest('is registered with a valid request body', () => {
    const { stack } = synthPool({ infinibandFeature: InfinibandFeature.REGISTER });
    const action = theOnly(stack, 'azapi_resource_action');
    // The name is in the id of the resource.
    const name = (action.resource_id as string).split('/').pop();
    expect(faultsOf({ ...action, name })).toEqual([]);
  });

  test('must have the state that the machine requires', () => {
    expect(refused({ infinibandFeature: undefined })).toEqual(['ValueMissing infinibandFeature']);
    expect(refused({ infinibandFeature: InfinibandFeature.UNREGISTERED })).toEqual([
      'InfinibandFeature infinibandFeature',
    ]);
    const machine = AzureMachine.ND128ISR_GB300_V6;
    expect(refused({ machine, infinibandFeature: InfinibandFeature.REGISTER })).toEqual([
      'InfinibandFeature infinibandFeature',
    ]);
    expect(refused({ machine: T4, infinibandFeature: InfinibandFeature.REGISTERED })).toEqual([
      'InfinibandFeature infinibandFeature',
    ]);
  });

  test('cannot have two generations in one subscription', () => {
    const stack = newStack();
    const pool = (id: string, machine: AzureMachine) =>
      new AcceleratorNodePool(stack, id, {
        cluster: CLUSTER,
        machine,
        nodes: 2,
        infinibandFeature: featureFor(machine),
      });
    pool('Old', AzureMachine.ND96ISR_H100_V5);
    expect(problemsOf(() => pool('New', AzureMachine.ND128ISR_NDR_GB200_V6))).toMatchObject([
      { code: 'InfinibandFeature', prop: 'machine', allowed: expect.stringContaining('Test/Old') as string },
    ]);
    expect(() => pool('More', AzureMachine.ND96ISR_H200_V5)).not.toThrow();
  });
});

describe('rack machines', () => {
  const machine = AzureMachine.ND128ISR_GB300_V6;

  test('run Ubuntu 24.04, which azapi supports', () => {
    const { resource, body, pool } = synthPool({ machine, nodes: 18, zone: '1' });
    expect(resource).toBeUndefined();
    expect(body.properties).toMatchObject({
      osSKU: 'Ubuntu2404',
      vmSize: 'Standard_ND128isr_GB300_v6',
      count: 18,
      gpuProfile: { driver: 'None' },
      availabilityZones: ['1'],
      nodeLabels: { 'ai-infra/pool': 'nodes', 'nvidia.com/dra-kubelet-plugin': 'true' },
      upgradeSettings: { maxSurge: '0', maxUnavailable: '1', drainTimeoutInMinutes: 30 },
    });
    expect(pool.resource).toBeDefined();
  });

  armTest('have a valid request body', () => {
    for (const capacity of [Capacity.onDemand(), Capacity.spot()]) {
      const { stack } = synthPool({ machine, capacity, zone: '1', encryptionAtHost: true, labels: { team: 'vision' } });
      expect(Object.values(resourcesOf(stack, 'azapi_resource')).flatMap(faultsOf)).toEqual([]);
    }
  });

  test('scale from zero on spot capacity', () => {
    const { body } = synthPool({ machine, capacity: Capacity.spot({ maxUsdPerHour: 12.5 }), encryptionAtHost: true });
    expect(body.properties).toMatchObject({
      enableAutoScaling: true,
      minCount: 0,
      maxCount: 2,
      scaleSetPriority: 'Spot',
      spotMaxPrice: 13,
      enableEncryptionAtHost: true,
      tags: { 'k8s.io_cluster-autoscaler_node-template_resources_rdma_ib': '4' },
    });
    expect(body.properties).not.toHaveProperty('count');
    expect(body.properties).not.toHaveProperty('upgradeSettings');
  });

  test('require a Kubernetes version with dynamic resource allocation', () => {
    expect(refused({ machine, cluster: { ...CLUSTER, kubernetesVersion: '1.34.1' } })).toEqual([
      'KubernetesVersion cluster.kubernetesVersion',
    ]);
    expect(() => synthPool({ machine, cluster: { ...CLUSTER, kubernetesVersion: '1.34' } })).not.toThrow();
    expect(refused({ machine, cluster: { ...CLUSTER, kubernetesVersion: '1.28' } })).toEqual([
      'KubernetesVersion cluster.kubernetesVersion',
    ]);
  });
});

describe('validation', () => {
  const { spec } = AzureMachine.ND96ISR_MI300X_V5;
  test.each<[string, Partial<AcceleratorNodePoolProps>, string[]]>([
    ['a name with a hyphen', { name: 'my-nodes' }, ['PoolName name']],
    ['a name that is too long', { name: 'abcdefghijklm' }, ['PoolName name']],
    ['a missing number of nodes', { nodes: undefined }, ['ValueMissing nodes']],
    ['a fractional number of nodes', { nodes: 1.5 }, ['NodesOutOfRange nodes']],
    ['more nodes than one fabric supports', { nodes: 301 }, ['NodesOutOfRange nodes']],
    ['more nodes than one pool supports', { machine: T4, nodes: 1001 }, ['NodesOutOfRange nodes']],
    ['a machine with a fraction of a GPU', { machine: AzureMachine.NV6ADS_A10_V5 }, ['AcceleratorSlice machine']],
    [
      'the AKS driver for AMD',
      { machine: AzureMachine.ND96ISR_MI300X_V5, driver: GpuDriver.AKS },
      ['ChoiceUnknown driver'],
    ],
    [
      'a reservation of machines with InfiniBand',
      { capacity: Capacity.reservation(GROUP) },
      ['MarketUnsupported capacity'],
    ],
    ['an invalid zone', { zone: 'a' }, ['LocationInvalid zone']],
    ['a disk that is too small', { bootDiskGiB: 32 }, ['VolumeOutOfRange bootDiskGiB']],
    ['a disk that is too large', { bootDiskGiB: 2049 }, ['VolumeOutOfRange bootDiskGiB']],
    [
      'a label of AKS',
      { labels: { 'kubernetes.azure.com/mode': 'user' } },
      ['NodeLabel labels.kubernetes.azure.com/mode'],
    ],
    ['a label of the library', { labels: { 'ai-infra/pool': 'x' } }, ['NodeLabel labels.ai-infra/pool']],
    ['compact placement with InfiniBand', { compactPlacement: true, zone: '1' }, ['PlacementInvalid compactPlacement']],
    [
      'compact placement without a zone',
      { machine: A100, compactPlacement: true },
      ['PlacementInvalid compactPlacement'],
    ],
    [
      'compact placement of reserved nodes',
      { machine: A100, compactPlacement: true, zone: '1', capacity: Capacity.reservation(GROUP) },
      ['PlacementInvalid compactPlacement'],
    ],
    [
      'a reservation without the identity of the cluster',
      { machine: A100, capacity: Capacity.reservation(GROUP), cluster: { ...CLUSTER, principalId: undefined } },
      ['ValueMissing cluster.principalId'],
    ],
    [
      'an incomplete cluster',
      { cluster: { id: 1, resourceGroup: null } as never },
      ['PropType cluster.id', 'ValueMissing cluster.resourceGroup', 'ValueMissing cluster.nodeSubnetId'],
    ],
    [
      'ids of other resource types',
      { cluster: { ...CLUSTER, id: CLUSTER.nodeSubnetId, nodeSubnetId: CLUSTER.id } },
      ['ResourceIdInvalid cluster.id', 'ResourceIdInvalid cluster.nodeSubnetId'],
    ],
    [
      'props of the wrong types',
      { machine: 'Standard_NC4', nodes: '2' } as never,
      ['PropType nodes', 'PropType machine'],
    ],
  ])('rejects %s', (_, props, problems) => {
    expect(refused(props)).toEqual(problems);
  });

  test('rejects a token as number of nodes', () => {
    const { numberValue: nodes } = new TerraformVariable(newStack(), 'Count', { type: 'number' });
    expect(refused({ nodes })).toEqual(['ValueUnknown nodes']);
  });

  test.each([undefined, null, 1, {}])('rejects %j instead of props', (props) => {
    expect(() => new AcceleratorNodePool(newStack(), 'A', props as never)).toThrow(/AiInfraError|must be/);
  });

  test('checks a custom machine', () => {
    const machine = AzureMachine.of('Standard_ND96isr_MI999X_v9', { ...spec });
    expect(refused({ machine, infinibandFeature: InfinibandFeature.UNREGISTERED })).toEqual([
      'InfinibandFeature infinibandFeature',
    ]);
  });
});

describe('findings', () => {
  test('describe GPU health monitoring for each driver', () => {
    const message = (driver: GpuDriver) =>
      findingsOf(synthPool({ driver }).pool).find(({ id }) => id === 'nodes/health')?.message;
    expect(message(GpuDriver.GPU_OPERATOR)).toContain('does not monitor');
    expect(message(GpuDriver.AKS)).toContain('node conditions');
  });

  test('report machines whose GPUs AKS does not monitor', () => {
    const machine = AzureMachine.ND96ISR_H200_V5;
    const found = findingsOf(synthPool({ machine, driver: GpuDriver.AKS }).pool).find(
      ({ id }) => id === 'nodes/health',
    );
    expect(found?.message).toMatch(/^AKS does not monitor .* supports only .*, not Standard_ND96isr_H200_v5/);
    expect(found?.fix).toContain('DCGM');
  });

  test('advise no repair of faults for AMD GPUs, which it does not cover', () => {
    const fixFor = (machine: AzureMachine) =>
      findingsOf(synthPool({ machine }).pool).find(({ id }) => id === 'nodes/health')?.fix;
    expect(fixFor(AzureMachine.ND96ISR_MI300X_V5)).toContain('amd-smi');
    expect(fixFor(AzureMachine.ND96ISR_MI300X_V5)).not.toMatch(/repairFaults|DCGM/);
    expect(fixFor(AzureMachine.ND96ISR_H100_V5)).toContain('repairFaults');
  });

  test('report more nodes than the default limit of a scale set', () => {
    expect(idsOf(synthPool({ nodes: 101 }))).toContain('fabric/scale-set');
    expect(idsOf(synthPool({ nodes: 100 }))).not.toContain('fabric/scale-set');
    expect(idsOf(synthPool({ machine: T4, nodes: 101 }))).not.toContain('fabric/scale-set');
  });

  test('report scale from zero with resources that the VM size does not show', () => {
    const capacity = Capacity.spot();
    expect(idsOf(synthPool({ capacity }))).toContain('scaling/from-zero');
    expect(idsOf(synthPool({ capacity, machine: T4 }))).not.toContain('scaling/from-zero');
    expect(idsOf(synthPool())).not.toContain('scaling/from-zero');
  });

  test('report that reservations depend on the region', () => {
    expect(idsOf(synthPool({ machine: A100, capacity: Capacity.reservation(GROUP) }))).toContain(
      'capacity/reservation-region',
    );
  });

  test('report a retired Kubernetes version, with which AKS still creates node pools', () => {
    const versions = ['1.28', '1.30.4', '1.31', '1.35.1', undefined];
    const retired = versions.map((kubernetesVersion) =>
      idsOf(synthPool({ cluster: { ...CLUSTER, kubernetesVersion } })).includes('cluster/version'),
    );
    expect(retired).toEqual([true, true, false, false, false]);
    expect(refused({ cluster: { ...CLUSTER, kubernetesVersion: 'latest' } })).toEqual([
      'KubernetesVersion cluster.kubernetesVersion',
    ]);
  });

  test('report unverified machine data', () => {
    expect(idsOf(synthPool({ machine: A100 }))).toContain('machine/unverified');
    expect(idsOf(synthPool({ machine: AzureMachine.ND96ISR_H100_V5 }))).not.toContain('machine/unverified');
  });
});

test('joins a control plane with a reservation', () => {
  const stack = newStack();
  const cluster = new ControlPlane(stack, 'Cluster', { resourceGroup: CLUSTER.resourceGroup });
  new AcceleratorNodePool(stack, 'Nodes', { cluster, machine: A100, nodes: 2, capacity: Capacity.reservation(GROUP) });
  const pool = theOnly(stack, 'azurerm_kubernetes_cluster_node_pool');
  expect(pool.vnet_subnet_id).toMatch(/azurerm_subnet\.Cluster_Network_Nodes/);
  expect(pool.kubernetes_cluster_id).toMatch(/azurerm_kubernetes_cluster\.Cluster/);
});
