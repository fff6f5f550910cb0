import { findingsOf } from 'ai-infra-constructs';
import {
  Capacity,
  ClusterSource,
  GoogleMachine,
  Installation,
  LustreFileSystem,
  MlNetwork,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
} from 'ai-infra-constructs/google';
import { TerraformVariable, Testing } from 'cdktf';
import { at, byName } from '../../kubernetes/at';
import { manifestFaults, schemaTest, valueFaults } from '../../kubernetes/schemas';
import { newStack, refusalsOf, resourcesOf } from '../support';
import { objectsOf, ofKind, synthCluster } from './support';

const RESERVED = Capacity.reservation('r', { project: 'p', block: 'b', subBlock: 's' });

/** A cluster of every machine with known vCPUs and memory, in a capacity that it supports. */
const EVERY: [string, Partial<TrainingClusterProps>][] = GoogleMachine.all
  .filter(({ spec }) => spec.accelerators >= 1 && spec.vcpus !== undefined && spec.memoryGB !== undefined)
  .map((machine) => [machine.name, { machine, capacity: capacityOf(machine), ...sizeOf(machine) }]);

function capacityOf(machine: GoogleMachine): Capacity {
  if (machine.markets && !machine.markets.includes('on-demand')) {
    return machine.markets.includes('reservation') ? RESERVED : Capacity.spot();
  }
  return Capacity.onDemand();
}

function sizeOf(machine: GoogleMachine): Partial<TrainingClusterProps> {
  const several: Record<string, string> = {
    'ct5lp-hightpu-4t': '4x4',
    'ct6e-standard-4t': '4x4',
    'ct5p-hightpu-4t': '2x2x4',
    'tpu7x-standard-4t': '2x2x4',
  };
  return machine.isTpu ? { topology: several[machine.name] } : { nodes: 2 };
}

const QUEUED: Partial<TrainingClusterProps> = {
  machine: GoogleMachine.CT6E_STANDARD_4T,
  topology: '4x4',
  slices: 3,
  capacity: Capacity.flexStart({ queued: true }),
  groups: { gpus: { machine: GoogleMachine.A4_HIGHGPU_8G, nodes: 2, capacity: Capacity.flexStart({ queued: true }) } },
  cluster: ClusterSource.create({ admins: ['user:ada@example.com'] }),
};

describe.each([...EVERY, ['queued', QUEUED] as [string, Partial<TrainingClusterProps>]])(
  'the software of %s',
  (_, props) => {
    const { stack, cluster } = synthCluster({ ...props, images: { acceptance: 'image:1' } });

    schemaTest('consists of valid Kubernetes objects', () => {
      expect(objectsOf(stack).flatMap(manifestFaults)).toEqual([]);
    });

    schemaTest('sets only values that its charts support', () => {
      expect(cluster.bundle.releases.flatMap(valueFaults)).toEqual([]);
    });

    schemaTest('creates a valid job', () => {
      expect(manifestFaults(cluster.trainJob({ name: 'train', command: ['python', 'train.py'] }))).toEqual([]);
    });
  },
);

test.each([
  [GoogleMachine.G2_STANDARD_4, '11Gi'],
  [GoogleMachine.A2_HIGHGPU_1G, '70Gi'],
])('a job on %s requests the memory that GKE and its agents leave', (machine, memory) => {
  const objects = objectsOf(synthCluster({ machine, nodes: 2 }).stack);
  expect(at(runtimePod(objects), 'spec.containers.0.resources.requests.memory')).toBe(memory);
});

describe('RDMA', () => {
  const { stack } = synthCluster({ machine: GoogleMachine.A3_ULTRAGPU_8G, capacity: RESERVED });
  const objects = objectsOf(stack);

  test('has a Kubernetes network with parameters for each interface', () => {
    const names = ['gvnic-1', ...Array.from({ length: 8 }, (_, index) => `rdma-${index}`)];
    expect(Object.keys(ofKind(objects, 'Network'))).toEqual(names);
    const parameters = ofKind(objects, 'GKENetworkParamSet');
    expect(Object.keys(parameters)).toEqual(names);
    expect(at(parameters['gvnic-1'], 'spec.deviceMode')).toBe('NetDevice');
    expect(at(parameters['rdma-7'], 'spec')).toEqual({
      vpc: expect.stringMatching(/Rdma_Network/) as string,
      vpcSubnet: expect.stringMatching(/Rdma_Subnet7/) as string,
      deviceMode: 'RDMA',
    });
  });

  test('is requested by jobs in the order of the interfaces of a node', () => {
    const annotations = at(runtimePod(objects), 'metadata.annotations') as Record<string, string>;
    expect(annotations['networking.gke.io/default-interface']).toBe('eth0');
    const interfaces = JSON.parse(annotations['networking.gke.io/interfaces']!) as unknown[];
    expect(interfaces).toHaveLength(10);
    expect(interfaces.slice(0, 3)).toEqual([
      { interfaceName: 'eth0', network: 'default' },
      { interfaceName: 'eth1', network: 'gvnic-1' },
      { interfaceName: 'eth2', network: 'rdma-0' },
    ]);
  });

  test('has its libraries installed on the nodes and mounted in jobs', () => {
    const installer = ofKind(objects, 'DaemonSet')['gib-installer'];
    expect(at(installer, 'spec.template.spec.initContainers.0.image')).toBe(
      'us-docker.pkg.dev/gce-ai-infra/gpudirect-gib/nccl-plugin-gib:v1.1.0',
    );
    const mounts = byName(at(runtimePod(objects), 'spec.containers.0.volumeMounts'));
    expect(mounts.gib).toEqual({ name: 'gib', mountPath: '/usr/local/gib' });
    expect(Object.keys(ofKind(objects, 'DaemonSet'))).toEqual(['gib-installer']);
  });

  test('schedules jobs by block, sub-block and host', () => {
    expect(at(Object.values(ofKind(objects, 'Topology'))[0], 'spec.levels')).toEqual([
      { nodeLabel: 'cloud.google.com/gce-topology-block' },
      { nodeLabel: 'cloud.google.com/gce-topology-subblock' },
      { nodeLabel: 'cloud.google.com/gce-topology-host' },
      { nodeLabel: 'kubernetes.io/hostname' },
    ]);
  });
});

describe('GPUDirect over TCP', () => {
  test.each([
    [GoogleMachine.A3_HIGHGPU_8G, 'tcpx', 4],
    [GoogleMachine.A3_MEGAGPU_8G, 'tcpxo', 8],
  ])('on %s has its plugin, its daemon and the device injector', (machine, transport, interfaces) => {
    const objects = objectsOf(synthCluster({ machine }).stack);
    expect(Object.keys(ofKind(objects, 'DaemonSet')).sort()).toEqual(['device-injector', `${transport}-installer`]);
    const pod = runtimePod(objects);
    expect(at(pod, 'spec.initContainers.0')).toMatchObject({ name: `${transport}-daemon`, restartPolicy: 'Always' });
    const annotations = at(pod, 'metadata.annotations') as Record<string, string>;
    expect(annotations[`devices.gke.io/container.${transport}-daemon`]).toContain('- path: /dev/nvidia7\n');
    expect(JSON.parse(annotations['networking.gke.io/interfaces']!)).toHaveLength(1 + interfaces);
  });

  test('pins every image', () => {
    const text = JSON.stringify(objectsOf(synthCluster().stack));
    const images = [...text.matchAll(/"image":"([^"]+)"/g)].map(([, image]) => image!);
    expect(images.length).toBeGreaterThan(4);
    expect(images.filter((image) => !/(:v?\d|@sha256:)/.test(image))).toEqual([]);
  });
});

describe('an NVL72 domain', () => {
  const machine = GoogleMachine.A4X_HIGHGPU_4G;
  const { stack, cluster } = synthCluster({ machine, nodes: 18, capacity: RESERVED });
  const objects = objectsOf(stack);

  test('has a compute domain of all its nodes and the driver for it', () => {
    expect(at(ofKind(objects, 'ComputeDomain').nodes, 'spec.numNodes')).toBe(18);
    const driver = cluster.bundle.releases.find(({ chart }) => chart === 'dra-driver-nvidia-gpu');
    expect(driver).toMatchObject({
      namespace: 'kube-system',
      values: { nvidiaDriverRoot: '/home/kubernetes/bin/nvidia' },
    });
  });

  test('installs the libraries for its architecture, and jobs tolerate its taint', () => {
    expect(
      at(ofKind(objects, 'DaemonSet')['gib-installer-arm64'], 'spec.template.spec.initContainers.0.image'),
    ).toMatch(/gib-arm64:v1\.1\.0$/);
    expect(at(runtimePod(objects), 'spec.tolerations')).toContainEqual({
      key: 'kubernetes.io/arch',
      operator: 'Equal',
      value: 'arm64',
      effect: 'NoSchedule',
    });
  });
});

describe('bare metal', () => {
  const { stack } = synthCluster({ machine: GoogleMachine.A4X_MAXGPU_4G_METAL, nodes: 18, capacity: RESERVED });
  const objects = objectsOf(stack);

  test('has the agent for its interfaces, with the huge pages that the nodes reserve', () => {
    const agents = ofKind(objects, 'DaemonSet');
    expect(Object.keys(agents)).toEqual(['asapd-lite']);
    expect(at(agents['asapd-lite'], 'spec.template.spec.containers.0.resources.limits')).toEqual({
      'hugepages-2Mi': '8192Mi',
      memory: '1024Mi',
    });
    const [pool] = Object.values(resourcesOf(stack, 'google_container_node_pool')).filter(
      ({ node_config }) => node_config.machine_type === 'a4x-maxgpu-4g-metal',
    );
    expect(pool.node_config.linux_node_config.hugepages_config.hugepage_size_2m * 2).toBe(8192);
    expect(pool.node_config.labels).toMatchObject({ 'cloud.google.com/gke-networking-dra-driver': 'true' });
  });

  test('lets jobs claim all eight interfaces and the channel of their domain', () => {
    expect(at(ofKind(objects, 'ResourceClaimTemplate').rdma, 'metadata.namespace')).toBe('training');
    expect(at(ofKind(objects, 'ResourceClaimTemplate').rdma, 'spec.spec.devices.requests.0.exactly.count')).toBe(8);
    expect(at(runtimePod(objects), 'spec.containers.0.resources.claims')).toEqual([
      { name: 'compute-domain-channel' },
      { name: 'rdma' },
    ]);
  });
});

describe('TPUs', () => {
  const { stack, cluster } = synthCluster({ machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4', slices: 2 });
  const objects = objectsOf(stack);

  test('are one flavor for all slices, selected by machine and topology', () => {
    expect(at(Object.values(ofKind(objects, 'ResourceFlavor'))[0], 'spec.nodeLabels')).toEqual({
      'ai-infra/pool': 'nodes',
      'cloud.google.com/gke-tpu-accelerator': 'tpu-v6e-slice',
      'cloud.google.com/gke-tpu-topology': '4x4',
    });
    const flavor = at(ofKind(objects, 'ClusterQueue').training, 'spec.resourceGroups.0.flavors.0.resources');
    expect(byName(flavor)['google.com/tpu']).toEqual({ name: 'google.com/tpu', nominalQuota: '32' });
  });

  test('need neither the Trainer nor a runtime', () => {
    expect(cluster.bundle.releases.map(({ chart }) => chart)).toEqual(['jobset', 'kueue']);
    expect(ofKind(objects, 'ClusterTrainingRuntime')).toEqual({});
  });

  test('run jobs on all slices or on some', () => {
    const parts = (slices?: number) =>
      at(cluster.trainJob({ name: 'train', slices }), 'spec.replicatedJobs.0') as Record<string, unknown>;
    expect(parts()).toMatchObject({ replicas: 2 });
    expect(at(parts(1), 'replicas')).toBe(1);
    expect(at(parts(), 'template.spec.template.spec.containers.0')).toMatchObject({
      image: expect.stringMatching(/jax/) as string,
      resources: { limits: { 'google.com/tpu': '4' } },
    });
  });
});

describe('queued nodes', () => {
  const { stack } = synthCluster(QUEUED);
  const objects = objectsOf(stack);

  test('are requested with the provisioning class of GKE, and TPUs with their topology', () => {
    const configs = ofKind(objects, 'ProvisioningRequestConfig');
    expect(at(configs['nodes-ct6e-standard-4t'], 'spec')).toEqual({
      provisioningClassName: 'queued-provisioning.gke.io',
      managedResources: ['google.com/tpu'],
      parameters: { 'tpu-topology': '4x4' },
    });
    expect(at(configs['gpus-a4-highgpu-8g'], 'spec.parameters')).toBeUndefined();
  });

  test('have the toleration for queued nodes, and other nodes do not', () => {
    const mark = { key: 'cloud.google.com/gke-queued', operator: 'Equal', value: 'true', effect: 'NoSchedule' };
    const tolerationsOf = (one: typeof objects) =>
      at(Object.values(ofKind(one, 'ResourceFlavor'))[0], 'spec.tolerations');
    expect(tolerationsOf(objects)).toContainEqual(mark);
    const plain = synthCluster({ machine: GoogleMachine.A4_HIGHGPU_8G, capacity: Capacity.flexStart() }).stack;
    expect(tolerationsOf(objectsOf(plain))).not.toContainEqual(mark);
    expect(ofKind(objectsOf(plain), 'AdmissionCheck')).toEqual({});
  });

  test('have no topology, because it is unknown before the nodes exist', () => {
    expect(ofKind(objects, 'Topology')).toEqual({});
  });
});

describe('spot capacity with a fallback', () => {
  const capacity = Capacity.spot({ fallback: Capacity.onDemand() });
  const { stack, cluster } = synthCluster({ machine: GoogleMachine.A2_ULTRAGPU_8G, capacity });
  const { manifests } = cluster.bundle;

  test('has a second node pool, which scales from zero', () => {
    const pools = Object.values(resourcesOf(stack, 'google_container_node_pool')).filter(({ name }) =>
      (name as string).startsWith('nodes'),
    );
    const [spot, other] = pools.sort((a, b) => String(a.name).localeCompare(String(b.name)));
    expect(spot).toMatchObject({ name: 'nodes', node_config: { spot: true } });
    expect(other).toMatchObject({
      name: 'nodes-fallback',
      autoscaling: { total_min_node_count: 0, total_max_node_count: 2 },
    });
    expect(other.node_config).not.toHaveProperty('spot');
    for (const { node_config: node } of [spot, other]) {
      expect(node.labels).toMatchObject({ 'ai-infra/pool': 'nodes', 'cloud.google.com/compute-class': 'nodes' });
      expect(node.taint).toEqual([{ key: 'cloud.google.com/compute-class', value: 'nodes', effect: 'NO_SCHEDULE' }]);
    }
    expect(cluster.nodeGroup.nodes).toBe(2);
  });

  test('has a ComputeClass that fills spot machines first, and one flavor of the queue that selects it', () => {
    expect(at(ofKind(manifests, 'ComputeClass').nodes, 'spec.priorities')).toEqual([
      { nodepools: ['nodes'] },
      { nodepools: ['nodes-fallback'] },
    ]);
    const flavors = manifests.filter(({ kind }) => kind === 'ResourceFlavor');
    expect(flavors.map(({ spec }) => spec)).toEqual([
      expect.objectContaining({
        nodeLabels: { 'ai-infra/pool': 'nodes', 'cloud.google.com/compute-class': 'nodes' },
        tolerations: expect.arrayContaining([
          { key: 'cloud.google.com/compute-class', operator: 'Equal', value: 'nodes', effect: 'NoSchedule' },
        ]) as unknown,
      }),
    ]);
  });

  test('is a finding if it is missing', () => {
    const without = synthCluster({ machine: GoogleMachine.A2_ULTRAGPU_8G, capacity: Capacity.spot() }).cluster;
    const idsOf = (of: typeof cluster) => findingsOf(of).map(({ id }) => id);
    expect(idsOf(without)).toContain('spot/no-fallback');
    expect(idsOf(cluster)).not.toContain('spot/no-fallback');
  });

  test.each<[string, Parameters<typeof synthCluster>[0], string[]]>([
    ['TPUs', { machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4' }, ['CapacityFallback capacity.fallback']],
    [
      'a machine that Google sells only in advance',
      { machine: GoogleMachine.A3_ULTRAGPU_8G },
      ['CapacityFallback capacity.fallback'],
    ],
    [
      'a group with the name of the second pool',
      {
        machine: GoogleMachine.A2_ULTRAGPU_8G,
        groups: { 'nodes-fallback': { machine: GoogleMachine.G2_STANDARD_48, nodes: 1 } },
      },
      ['GroupDuplicate groups.nodes-fallback'],
    ],
  ])('is rejected for %s', (_, props, problems) => {
    expect(refusalsOf(() => synthCluster({ capacity, ...props }))).toEqual(problems);
  });
});

describe('the file system', () => {
  test('is a volume that jobs mount', () => {
    const objects = objectsOf(synthCluster().stack);
    expect(at(ofKind(objects, 'PersistentVolume')['training-shared'], 'spec.csi')).toEqual({
      driver: 'lustre.csi.storage.gke.io',
      volumeHandle: expect.stringMatching(/^<.*>\/us-central1-b\/<.*instance_id.*>$/) as string,
      volumeAttributes: { ip: expect.stringMatching(/mount_point/) as string, filesystem: 'lustre' },
    });
    expect(byName(at(runtimePod(objects), 'spec.containers.0.volumeMounts'))['file-system']).toEqual({
      name: 'file-system',
      mountPath: '/shared',
    });
  });

  test('is left out with TrainingStorage.none()', () => {
    const objects = objectsOf(synthCluster({ storage: TrainingStorage.none() }).stack);
    expect(ofKind(objects, 'PersistentVolume')).toEqual({});
  });
});

describe('GitOps', () => {
  const { stack, cluster } = synthCluster({ installation: Installation.gitOps() });

  test('installs nothing during the deployment', () => {
    expect(objectsOf(stack)).toEqual([]);
    expect(cluster.software.charts).toBeUndefined();
  });

  test('has variables for values of the deployment, and literal names of networks', () => {
    expect(Object.keys(cluster.bundle.variables!)).toEqual(['FILE_SYSTEM_HANDLE', 'FILE_SYSTEM_IP']);
    const parameters = ofKind(cluster.bundle.manifests, 'GKENetworkParamSet');
    expect(at(parameters.vpc1, 'spec.vpc')).toMatch(/^test-pretrain-networks-a3-megagpu-8g-gpu0-[0-9a-f]{8}$/);
  });

  test('has variables and outputs for tokens of administrators, system labels, and file systems', () => {
    const existing = newStack();
    const variable = (name: string) => new TerraformVariable(existing, name, {}).stringValue;
    const attributes = { volumeHandle: 'p/z/fs', serverIp: '10.1.2.3', fsName: variable('fs'), zone: 'us-central1-b' };
    const fileSystem = LustreFileSystem.fromLustreFileSystemAttributes(existing, 'FileSystem', attributes);
    const made = new TrainingCluster(existing, 'Pretrain', {
      machine: GoogleMachine.G2_STANDARD_48,
      zone: 'us-central1-b',
      nodes: 1,
      network: new MlNetwork(existing, 'Network', { region: 'us-central1' }),
      installation: Installation.gitOps(),
      storage: TrainingStorage.fromFileSystem(fileSystem),
      cluster: ClusterSource.fromCluster(
        { name: 'research', location: 'us-central1' },
        { admins: [`serviceAccount:${variable('ci')}`], systemLabels: { role: variable('role') } },
      ),
    });
    expect(Object.keys(made.bundle.variables!).sort()).toEqual([
      'ADMIN_1',
      'FILE_SYSTEM_HANDLE',
      'FILE_SYSTEM_IP',
      'FILE_SYSTEM_NAME',
      'SYSTEM_LABEL_1',
    ]);
    expect(JSON.stringify(made.bundle)).not.toContain('TfToken');
    const { output } = JSON.parse(Testing.synth(existing)) as { output: Record<string, { value: string }> };
    expect(Object.values(output).map(({ value }) => value)).toEqual(
      expect.arrayContaining(['${var.ci}', '${var.role}', '${var.fs}']),
    );
  });
});

test('binds administrators to the cluster-admin role', () => {
  const cluster = ClusterSource.create({ admins: ['user:ada@example.com', 'serviceAccount:ci@p.iam'] });
  const objects = objectsOf(synthCluster({ cluster }).stack);
  const { subjects } = ofKind(objects, 'ClusterRoleBinding')['training-admins'] as unknown as { subjects: unknown[] };
  expect(subjects).toEqual(
    ['ada@example.com', 'ci@p.iam'].map((name) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name })),
  );
});

test('binds groups of a cluster with Google Groups for RBAC, and uses the name of a cluster', () => {
  const cluster = ClusterSource.create({
    name: 'research',
    securityGroup: 'gke-security-groups@example.com',
    admins: ['group:ml@example.com'],
  });
  const { stack } = synthCluster({ cluster });
  expect(Object.values(resourcesOf(stack, 'google_container_cluster'))[0]).toMatchObject({
    name: 'research',
    authenticator_groups_config: { security_group: 'gke-security-groups@example.com' },
  });
  const binding = ofKind(objectsOf(stack), 'ClusterRoleBinding')['training-admins'];
  expect(at(binding, 'subjects.0')).toMatchObject({ kind: 'Group', name: 'ml@example.com' });
  const wrong = ClusterSource.create({ name: 'Research', securityGroup: 'ml@example.com' });
  expect(refusalsOf(() => synthCluster({ cluster: wrong }))).toEqual([
    'ResourceIdInvalid cluster.name',
    'ResourceIdInvalid cluster.securityGroup',
  ]);
});

function runtimePod(objects: ReturnType<typeof objectsOf>): unknown {
  const [runtime] = Object.values(ofKind(objects, 'ClusterTrainingRuntime'));
  return at(runtime, 'spec.template.spec.replicatedJobs.0.template.spec.template');
}
