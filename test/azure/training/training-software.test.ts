import {
  AzureMachine,
  Capacity,
  ClusterSource,
  GpuDriver,
  Installation,
  type TrainingClusterProps,
  TrainingStorage,
} from 'ai-infra-constructs/azure';
import { at, byName } from '../../kubernetes/at';
import { manifestFaults, schemaTest, valueFaults } from '../../kubernetes/schemas';
import { resourcesOf } from '../support';
import { allOf, objectsIn, objectsOf, ofKind, synthCluster } from './support';

/** Props for every machine with whole accelerators, with each driver that it supports. */
const EVERY: [string, Partial<TrainingClusterProps>][] = AzureMachine.all
  .filter(({ spec }) => spec.accelerators >= 1)
  .flatMap((machine) =>
    machine.spec.gpuDriver.map((driver): [string, Partial<TrainingClusterProps>] => [
      `${machine.name} with the driver ${driver}`,
      { machine, nodeOptions: { driver: driver === 'None' ? GpuDriver.GPU_OPERATOR : GpuDriver.AKS } },
    ]),
  );
const bucket = (name: string) => ({
  accountName: name,
  accountId: `/subscriptions/s/resourceGroups/ml/providers/Microsoft.Storage/storageAccounts/${name}`,
  containerName: 'data',
});

const runtimePod = (objects: Parameters<typeof ofKind>[0]) =>
  at(
    Object.values(ofKind(objects, 'ClusterTrainingRuntime'))[0],
    'spec.template.spec.replicatedJobs.0.template.spec.template',
  );
const chartsOf = ({ cluster }: ReturnType<typeof synthCluster>) => cluster.bundle.releases.map(({ chart }) => chart);

describe.each(EVERY)('the software of %s', (_, props) => {
  const { stack, cluster } = synthCluster({ ...props, datasets: bucket('data'), images: { acceptance: 'image:1' } });
  const machine = props.machine!;
  const resources = allOf(stack);
  const objects = objectsIn(resources);

  schemaTest('consists of valid objects', () => {
    expect(objects.flatMap(manifestFaults)).toEqual([]);
  });

  schemaTest('sets only values that its charts define', () => {
    expect(cluster.bundle.releases.flatMap(valueFaults)).toEqual([]);
  });

  schemaTest('queues a valid job', () => {
    expect(manifestFaults(cluster.trainJob({ name: 'train', command: ['python', 'train.py'] }))).toEqual([]);
  });

  test('gives a job all accelerators and InfiniBand interfaces of its machine', () => {
    const limits = at(runtimePod(objects), 'spec.containers.0.resources.limits') as Record<string, string>;
    const resource = machine.chip.vendor === 'AMD' ? 'amd.com/gpu' : 'nvidia.com/gpu';
    expect(Number(limits[resource])).toBe(machine.spec.accelerators);
    expect(Number(limits['rdma/ib'] ?? 0)).toBe(machine.infiniband?.links ?? 0);
  });

  test('configures InfiniBand only if the machine has it', () => {
    const wired = machine.infiniband !== undefined;
    expect(Object.keys(ofKind(objects, 'NicClusterPolicy'))).toHaveLength(wired ? 1 : 0);
    expect(chartsOf({ stack, cluster }).includes('network-operator')).toBe(wired);
    const pod = runtimePod(objects);
    expect(at(pod, 'spec.containers.0.securityContext.capabilities.add') ?? []).toEqual(wired ? ['IPC_LOCK'] : []);
  });

  test('has exactly one driver installer and one device plugin', () => {
    const charts = chartsOf({ stack, cluster });
    const agents = Object.keys(ofKind(objects, 'DaemonSet'));
    const drivers = [
      charts.includes('gpu-operator'),
      agents.includes('amdgpu-driver'),
      driverOf(resources) === 'Install',
    ];
    expect(drivers.filter(Boolean)).toHaveLength(1);
    const counters = [
      charts.includes('gpu-operator'),
      charts.includes('nvidia-device-plugin'),
      agents.includes('amd-device-plugin'),
    ];
    expect(counters.filter(Boolean)).toHaveLength(1);
  });
});

test.each([
  [AzureMachine.NC4AS_T4_V3, '19Gi'],
  [AzureMachine.NC8AS_T4_V3, '45Gi'],
])('a job on %s requests the memory that AKS and its agents leave', (machine, memory) => {
  const objects = objectsOf(synthCluster({ machine, nodes: 2 }).stack);
  expect(at(runtimePod(objects), 'spec.containers.0.resources.requests.memory')).toBe(memory);
});

/** The driver setting of AKS, from either provider. */
function driverOf(resources: ReturnType<typeof allOf>): unknown {
  const [pool] = Object.values(resources.azurerm_kubernetes_cluster_node_pool ?? {});
  const made = Object.values(resources.azapi_resource ?? {}).find(({ type }) =>
    (type as string).includes('agentPools'),
  );
  return at(pool, 'gpu_driver') ?? at(made, 'body.properties.gpuProfile.driver');
}

describe('InfiniBand', () => {
  const synthesized = synthCluster({ groups: { debug: { machine: AzureMachine.NC16AS_T4_V3, nodes: 1 } } });
  const objects = objectsOf(synthesized.stack);

  test('is configured only on nodes that have it', () => {
    const terms = at(
      ofKind(objects, 'NicClusterPolicy')['nic-cluster-policy'],
      'spec.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0',
    );
    expect(terms).toMatchObject({ key: 'ai-infra/pool', values: ['nodes'] });
  });

  test('is part of the queue quota', () => {
    const flavors = at(ofKind(objects, 'ClusterQueue').training, 'spec.resourceGroups.0.flavors') as {
      name: string;
      resources: { name: string; nominalQuota: string }[];
    }[];
    const quota = Object.fromEntries(flavors.map(({ name, resources }) => [name, byName(resources)['rdma/ib']]));
    expect(quota).toEqual({
      'nodes-standard-nd96isr-h100-v5': { name: 'rdma/ib', nominalQuota: '16' },
      'debug-standard-nc16as-t4-v3': { name: 'rdma/ib', nominalQuota: '0' },
    });
  });

  test('has node feature discovery that tolerates the taints of all groups, because the GPU operator uses its labels', () => {
    const spot = { machine: AzureMachine.NC24ADS_A100_V4, nodes: 1, capacity: Capacity.spot() };
    const values = byChart(synthCluster({ groups: { spot } }))['network-operator'];
    const keys = at(values, 'node-feature-discovery.worker.tolerations') as { key: string }[];
    expect(keys.map(({ key }) => key)).toContain('kubernetes.azure.com/scalesetpriority');
  });

  test('has the NCCL topology of the machine in the namespace of jobs', () => {
    expect(ofKind(objects, 'ConfigMap')['nccl-topology-ndv5']).toMatchObject({ metadata: { namespace: 'training' } });
    expect(at(runtimePod(objects), 'spec.volumes')).toContainEqual({
      name: 'nccl-topology-ndv5',
      configMap: { name: 'nccl-topology-ndv5' },
    });
  });

  test('disables node feature discovery in the GPU operator, because the network operator installs it', () => {
    const values = byChart(synthesized)['gpu-operator'];
    expect(values).toMatchObject({ nfd: { enabled: false }, driver: { rdma: { enabled: true } } });
  });

  test('loads nvidia-peermem with the AKS driver', () => {
    const { stack } = synthCluster({ nodeOptions: { driver: GpuDriver.AKS } });
    const agent = ofKind(objectsOf(stack), 'DaemonSet')['nvidia-peermem'];
    expect(at(agent, 'spec.template.spec.containers.0.command.11')).toContain('modprobe nvidia-peermem');
    expect(ofKind(objects, 'DaemonSet')['nvidia-peermem']).toBeUndefined();
  });
});

function byChart({ cluster }: ReturnType<typeof synthCluster>): Record<string, object> {
  return Object.fromEntries(cluster.bundle.releases.map(({ chart, values }) => [chart, values]));
}

describe('an NVL72 domain', () => {
  const machine = AzureMachine.ND128ISR_GB300_V6;

  test.each([
    [GpuDriver.GPU_OPERATOR, '/run/nvidia/driver'],
    [GpuDriver.AKS, '/'],
  ])('has a compute domain of all its nodes with the driver %s', (driver, root) => {
    const synthesized = synthCluster({ machine, nodes: 18, nodeOptions: { driver } });
    expect(at(ofKind(objectsOf(synthesized.stack), 'ComputeDomain').nodes, 'spec.numNodes')).toBe(18);
    expect(byChart(synthesized)['dra-driver-nvidia-gpu']).toMatchObject({
      nvidiaDriverRoot: root,
      kubeletPlugin: { nodeSelector: { 'nvidia.com/dra-kubelet-plugin': 'true' } },
    });
    const [release] = Object.values(resourcesOf(synthesized.stack, 'helm_release')).filter(
      ({ chart }) => chart === 'dra-driver-nvidia-gpu',
    );
    // Its agents need drivers that are installed after it.
    expect(release).toMatchObject({ wait: false, atomic: false });
    expect(at(runtimePod(objectsOf(synthesized.stack)), 'spec.resourceClaims.0.resourceClaimTemplateName')).toBe(
      'nodes-channel',
    );
  });
});

describe('GPUs of AMD', () => {
  const { stack } = synthCluster({ machine: AzureMachine.ND96ISR_MI300X_V5 });
  const agents = ofKind(objectsOf(stack), 'DaemonSet');

  test('get the driver from AMD packages for the Ubuntu release of the node', () => {
    const script = at(agents['amdgpu-driver'], 'spec.template.spec.containers.0.command.11') as string;
    expect(script).toContain('https://repo.radeon.com/amdgpu/30.20.1/ubuntu $VERSION_CODENAME main');
    expect(script).toContain('modprobe amdgpu');
  });

  test('run an AMD image with one process per GPU', () => {
    expect(at(runtimePod(objectsOf(stack)), 'spec.containers.0.image')).toMatch(/rocm\/pytorch/);
    const { cluster } = synthCluster({ machine: AzureMachine.ND96ISR_MI300X_V5 });
    expect(at(cluster.trainJob({ name: 'a' }), 'spec.trainer.numProcPerNode')).toBe(8);
  });

  test('have no NVIDIA exporter', () => {
    expect(ofKind(objectsOf(stack), 'ConfigMap')['ama-metrics-prometheus-config']).toBeUndefined();
  });
});

describe('the file system', () => {
  test('is mounted by one agent for each Ubuntu release, on accelerator nodes', () => {
    const objects = objectsOf(synthCluster().stack);
    const agents = ofKind(objects, 'DaemonSet');
    const releases = ['jammy', 'noble'].map((flavor) =>
      at(
        agents[`csi-azurelustre-node-${flavor}`],
        'spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions',
      ),
    );
    expect(releases).toEqual([
      [expect.objectContaining({ key: 'ai-infra/pool' }), expect.objectContaining({ values: ['Ubuntu2204'] })],
      [expect.objectContaining({ key: 'ai-infra/pool' }), expect.objectContaining({ values: ['Ubuntu2404'] })],
    ]);
  });

  test('is a shared volume with the address of its management server', () => {
    const objects = objectsOf(synthCluster().stack);
    expect(at(ofKind(objects, 'PersistentVolume')['training-shared'], 'spec')).toMatchObject({
      csi: {
        driver: 'azurelustre.csi.azure.com',
        volumeAttributes: { 'mgs-ip-address': expect.stringMatching(/mgs_address/) as string },
      },
      mountOptions: ['noatime', 'flock'],
      persistentVolumeReclaimPolicy: 'Retain',
    });
    expect(at(runtimePod(objects), 'spec.containers.0.volumeMounts')).toContainEqual({
      name: 'file-system',
      mountPath: '/shared',
    });
  });

  test('creates no driver and no volume without a file system', () => {
    const objects = objectsOf(synthCluster({ storage: TrainingStorage.none() }).stack);
    expect(ofKind(objects, 'CSIDriver')).toEqual({});
    expect(ofKind(objects, 'PersistentVolume')).toEqual({});
  });
});

describe('jobs', () => {
  const { stack } = synthCluster({ checkpoints: bucket('runs') });
  const objects = objectsOf(stack);

  test('use an Azure identity through a service account', () => {
    expect(ofKind(objects, 'ServiceAccount')['training-jobs']!.metadata.annotations).toEqual({
      'azure.workload.identity/client-id': expect.stringMatching(/Pretrain_Jobs/) as string,
    });
    expect(at(runtimePod(objects), 'spec.serviceAccountName')).toBe('training-jobs');
    expect(at(runtimePod(objects), 'metadata.labels')).toEqual({ 'azure.workload.identity/use': 'true' });
  });

  test('have no identity without data', () => {
    const none = objectsOf(synthCluster().stack);
    expect(ofKind(none, 'ServiceAccount')['training-jobs']).toBeUndefined();
    expect(at(runtimePod(none), 'spec.serviceAccountName')).toBeUndefined();
  });
});

describe('node options', () => {
  test('with more taints are tolerated by jobs and agents, and fewer pods leave more memory', () => {
    const taints = [{ key: 'team', value: 'vision', effect: 'NoSchedule' }] as const;
    const { cluster } = synthCluster({ nodeOptions: { taints, maxPodsPerNode: 30 } });
    const job = cluster.trainJob({ name: 'a' });
    expect(JSON.stringify(cluster.bundle.manifests)).toContain('"key":"team","operator":"Equal","value":"vision"');
    const memory = (nodeOptions?: TrainingClusterProps['nodeOptions']) =>
      /"memory","nominalQuota":"?(\d+)/.exec(
        JSON.stringify(synthCluster({ nodeOptions }).cluster.bundle.manifests),
      )?.[1];
    expect(Number(memory({ maxPodsPerNode: 30 }))).toBeGreaterThan(Number(memory()));
    expect(job).toBeDefined();
  });
});

describe('repair of faults', () => {
  const agentOf = (props: Partial<TrainingClusterProps>) =>
    ofKind(objectsOf(synthCluster(props).stack), 'DaemonSet')['gpu-fault-repair'];
  const script = at(agentOf({ repairFaults: true }), 'spec.template.spec.containers.0.command.11') as string;
  const [, pattern = ''] = /grep -E -m 1 '([^']+)'/.exec(script)!;
  const isFault = (line: string) => new RegExp(pattern).test(line);

  test('stops the kubelet of a node with a permanent GPU fault', () => {
    expect(script).toContain('systemctl stop kubelet');
    expect(isFault('kernel: NVRM: Xid (PCI:0001:00:00): 79, pid=1, GPU has fallen off the bus.')).toBe(true);
    expect(isFault('kernel: NVRM: Xid (PCI:0001:00:00): 48, pid=1, An uncorrectable double bit error')).toBe(true);
  });

  test('ignores application errors and codes with the same prefix', () => {
    expect(isFault('kernel: NVRM: Xid (PCI:0001:00:00): 31, pid=1, MMU Fault')).toBe(false);
    expect(isFault('kernel: NVRM: Xid (PCI:0001:00:00): 13, pid=1, Graphics Exception')).toBe(false);
    expect(isFault('kernel: NVRM: Xid (PCI:0001:00:00): 7, pid=1')).toBe(false);
    expect(isFault('kernel: NVRM: Xid (PCI:0001:00:00): 94, pid=1, Contained error')).toBe(false);
  });

  test('is installed only on request, and only on NVIDIA nodes', () => {
    expect(agentOf({})).toBeUndefined();
    const groups = { amd: { machine: AzureMachine.ND96ISR_MI300X_V5, nodes: 1 } };
    const affinity = JSON.stringify(at(agentOf({ repairFaults: true, groups }), 'spec.template.spec.affinity'));
    expect(affinity).toContain('"nodes"');
    expect(affinity).not.toContain('"amd"');
  });

  schemaTest('is a valid object', () => {
    expect(manifestFaults(agentOf({ repairFaults: true })!)).toEqual([]);
  });
});

describe('GPU metrics', () => {
  const configOf = (props: Partial<TrainingClusterProps>) =>
    ofKind(objectsOf(synthCluster(props).stack), 'ConfigMap')['ama-metrics-prometheus-config'];

  test('are scraped from both exporters', () => {
    const config = JSON.parse(at(configOf({}), 'data.prometheus-config') as string) as object;
    const [pods] = at(config, 'scrape_configs.0.relabel_configs') as { regex: string; separator: string }[];
    const matches = (app: string, name: string) =>
      new RegExp(`^(?:${pods!.regex})$`).test(app + pods!.separator + name);
    expect(matches('nvidia-dcgm-exporter', '')).toBe(true);
    expect(matches('', 'dcgm-exporter')).toBe(true);
    expect(matches('web', 'server')).toBe(false);
  });

  test('are not configured on an existing cluster', () => {
    const cluster = {
      id: '/subscriptions/s/resourceGroups/ml/providers/Microsoft.ContainerService/managedClusters/c',
      resourceGroup: { name: 'ml', location: 'swedencentral' },
      nodeSubnetId: '/subscriptions/s/resourceGroups/ml/providers/Microsoft.Network/virtualNetworks/v/subnets/n',
    };
    expect(configOf({ cluster: ClusterSource.fromCluster(cluster), storage: TrainingStorage.none() })).toBeUndefined();
  });
});

test('pins all images except the acceptance image, which has a single tag', () => {
  const { cluster } = synthCluster({ installation: Installation.gitOps() });
  const text = JSON.stringify(cluster.bundle.manifests);
  const images = [...text.matchAll(/"image":"([^"]+)"/g)]
    .map(([, image]) => image!)
    .filter((image) => image.includes('/'));
  expect(images.length).toBeGreaterThan(4);
  expect(images.filter((image) => !/(:[a-z]*\d|:v\d|@sha256:)/.test(image))).toEqual([]);
});
