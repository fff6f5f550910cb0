import { TerraformVariable } from 'cdktf';
import { findingsOf } from 'ai-infra-constructs';
import {
  acknowledge,
  ApiAccess,
  Capacity,
  ClusterSource,
  ControlPlane,
  DataBucket,
  GoogleMachine,
  Installation,
  LustreFileSystem,
  MlNetwork,
  TrainingCluster,
  TrainingStorage,
} from 'ai-infra-constructs/google';
import { filesBeside } from '../../terraform/support';
import { at } from '../../kubernetes/at';
import { codesOf, newStack, problemsOf, refusalsOf, resourcesOf, theOnly, waitsForSystemNodes, ZONE } from '../support';
import { objectsOf, synthCluster } from './support';

const idsOf = (cluster: TrainingCluster) => findingsOf(cluster).map(({ id }) => id);
const refused = (props: Parameters<typeof synthCluster>[0]) => refusalsOf(() => synthCluster(props));

describe('a training cluster', () => {
  const { stack, cluster } = synthCluster({ datasets: { name: 'data' }, checkpoints: { name: 'runs' } });

  test('creates a control plane in the region of its zone, with system nodes', () => {
    expect(theOnly(stack, 'google_container_cluster').location).toBe('us-central1');
    const pools = Object.values(resourcesOf(stack, 'google_container_node_pool'));
    expect(pools.map(({ name }) => name as string).sort()).toEqual(['nodes', 'system']);
    expect(cluster.systemNodes?.name).toBe('system');
  });

  test('creates the networks of its machine once and attaches the nodes to them', () => {
    const pool = Object.values(resourcesOf(stack, 'google_container_node_pool')).find(({ name }) => name === 'nodes');
    const attached = (pool.network_config.additional_node_network_configs as { network: string }[]).map(
      ({ network }) => /^\$\{google_compute_network\.(.*)\.name\}$/.exec(network)?.[1],
    );
    expect(new Set(attached).size).toBe(8);
    const created = Object.keys(resourcesOf(stack, 'google_compute_network'));
    expect(created.filter((address) => !attached.includes(address))).toEqual([
      expect.stringMatching(/^Pretrain_ControlPlane_Network_/),
    ]);
  });

  test('encrypts secrets and all boot disks with one key, and grants its use before it creates nodes', () => {
    for (const pool of Object.values(resourcesOf(stack, 'google_container_node_pool'))) {
      expect(pool.node_config.boot_disk_kms_key).toMatch(/ControlPlane_Key/);
      expect(pool.depends_on).toContainEqual(expect.stringMatching(/ControlPlane_Key_Grant-compute/));
    }
  });

  test('runs the default nodes with its own service account', () => {
    const { node_config: first } = theOnly(stack, 'google_container_cluster');
    const pools = Object.values(resourcesOf(stack, 'google_container_node_pool'));
    expect(first.service_account).toMatch(/google_service_account\..*_NodeAccount_.*\.email/);
    expect(pools.map((pool) => pool.node_config.service_account)).toEqual(pools.map(() => first.service_account));
  });

  test('creates GPU nodes after the system nodes, so that GKE taints them', () => {
    expect(waitsForSystemNodes(stack, 'nodes')).toBe(true);
  });

  test('lets jobs read datasets and write checkpoints with Workload Identity Federation', () => {
    const grants = Object.values(resourcesOf(stack, 'google_storage_bucket_iam_member'));
    expect(grants.map(({ bucket, role }) => `${bucket} ${role}`).sort()).toEqual([
      'data roles/storage.objectViewer',
      'runs roles/storage.objectUser',
    ]);
    for (const { member, depends_on } of grants) {
      expect(member).toMatch(
        /^principal:\/\/iam\.googleapis\.com\/.*\.svc\.id\.goog\/subject\/ns\/training\/sa\/default$/,
      );
      expect(depends_on).toEqual([expect.stringMatching(/ControlPlane/)]);
    }
  });

  test('sizes the file system for the nodes, in their zone', () => {
    expect(theOnly(stack, 'google_lustre_instance')).toMatchObject({
      location: ZONE,
      capacity_gib: '18000',
      per_unit_storage_throughput: '500',
    });
  });

  test('installs charts after the system nodes, and objects after the charts', () => {
    const releases = Object.values(resourcesOf(stack, 'helm_release'));
    const objects = releases.find(({ chart }) => /-objects-/.test(chart));
    expect(objects.depends_on).toEqual(
      ['jobset', 'kubeflow-trainer', 'kueue'].map((chart) => expect.stringContaining(`_${chart}_`)),
    );
    for (const release of releases.filter((one) => one !== objects)) {
      expect(release.depends_on[0]).toMatch(/node_pool\..*_System_/);
    }
  });

  test('connects Helm to the private address with the certificate of the cluster', () => {
    const { host, clusterCaCertificate } = cluster.controlPlane!.connection;
    expect(host).toMatch(/^https:\/\//);
    expect(clusterCaCertificate).toBeDefined();
  });
});

test('connects to the DNS-based endpoint without a cluster certificate', () => {
  const source = ClusterSource.create({ apiAccess: ApiAccess.DNS_BY_IAM });
  const { connection } = synthCluster({ cluster: source }).cluster.controlPlane!;
  expect(connection).toEqual({ host: expect.stringMatching(/^https:\/\//) as string, token: connection.token });
});

test('creates a node pool for each TPU slice in one group', () => {
  const { stack, cluster } = synthCluster({ machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4', slices: 2 });
  expect(cluster.nodeGroup).toMatchObject({ nodes: 8, name: 'nodes' });
  const pools = Object.values(resourcesOf(stack, 'google_container_node_pool')).filter(({ name }) => name !== 'system');
  expect(pools.map(({ name }) => name as string).sort()).toEqual(['nodes-0', 'nodes-1']);
  for (const { node_config } of pools) expect(node_config.labels['ai-infra/pool']).toBe('nodes');
});

test('shares networks between groups of one machine type', () => {
  const machine = GoogleMachine.A3_MEGAGPU_8G;
  const { stack, cluster } = synthCluster({ groups: { more: { machine, nodes: 4 } } });
  expect(cluster.groups.more!.networks).toBe(cluster.nodeGroup.networks);
  const pools = Object.values(resourcesOf(stack, 'google_container_node_pool'));
  const [nodes, more] = ['nodes', 'more'].map((group) => pools.find(({ name }) => name === group));
  expect(more.network_config).toEqual(nodes.network_config);
});

describe('an existing resource', () => {
  function onExistingCluster() {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { region: 'us-central1' });
    const cluster = new ControlPlane(stack, 'ControlPlane', { region: 'us-central1', network });
    const training = new TrainingCluster(stack, 'Pretrain', {
      machine: GoogleMachine.G2_STANDARD_48,
      nodes: 1,
      zone: ZONE,
      cluster: ClusterSource.fromCluster(cluster, { systemLabels: { role: 'system' } }),
    });
    return { stack, training };
  }

  test('can be a cluster, whose network the new file system uses', () => {
    const { stack, training } = onExistingCluster();
    expect(training.controlPlane).toBeUndefined();
    expect(Object.keys(resourcesOf(stack, 'google_container_cluster'))).toEqual([
      expect.stringMatching(/^ControlPlane_/),
    ]);
    expect(theOnly(stack, 'google_lustre_instance').network).toMatch(/google_compute_network\.Network_/);
  });

  test('can be a cluster with system node labels, which controllers select', () => {
    const [jobset] = Object.values(resourcesOf(onExistingCluster().stack, 'helm_release')).filter(
      ({ chart }) => chart === 'jobset',
    );
    expect(at(JSON.parse(jobset.values[0]), 'controller.nodeSelector')).toEqual({ role: 'system' });
  });

  test('can be a file system', () => {
    const attributes = { volumeHandle: 'p/z/i', serverIp: '10.0.0.2', fsName: 'lustre', zone: ZONE };
    const existing = LustreFileSystem.fromLustreFileSystemAttributes(newStack(), 'FileSystem', attributes);
    const { stack, cluster } = synthCluster({ storage: TrainingStorage.fromFileSystem(existing) });
    expect(cluster.fileSystem).toBe(existing);
    expect(cluster.fileSystem).toMatchObject(attributes);
    expect(resourcesOf(stack, 'google_lustre_instance')).toEqual({});
  });

  test('can be a cluster and buckets by name', () => {
    const stack = newStack();
    const research = { name: 'research', location: 'us-central1', kubernetesVersion: '1.34' };
    const cluster = ControlPlane.fromControlPlaneAttributes(stack, 'Research', research);
    expect(cluster).toMatchObject(research);
    new TrainingCluster(stack, 'Pretrain', {
      machine: GoogleMachine.G2_STANDARD_48,
      nodes: 1,
      zone: ZONE,
      cluster: ClusterSource.fromCluster(cluster),
      storage: TrainingStorage.none(),
      datasets: DataBucket.fromBucketName(stack, 'Datasets', 'data'),
    });
    expect(theOnly(stack, 'google_container_node_pool').cluster).toBe('research');
    expect(theOnly(stack, 'google_storage_bucket_iam_member').bucket).toBe('data');
  });
});

describe('rejects', () => {
  test('props with neither nodes nor a job', () => {
    expect(refused({ nodes: undefined })).toEqual(['ValueMissing nodes']);
  });

  test.each([{ volumeHandle: 5 }, { volumeHandle: '' }, { serverIp: null }, { fsName: {} }, { zone: undefined }])(
    'an invalid description of a file system: %p',
    (wrong) => {
      const described = { volumeHandle: 'p/z/i', serverIp: '10.0.0.2', fsName: 'lustre', zone: ZONE, ...wrong };
      expect(codesOf(() => TrainingStorage.fromFileSystem(described as never))).toEqual(['PropType']);
    },
  );

  test('an invalid description of a cluster or a bucket', () => {
    expect(refused({ cluster: { name: 'a', location: ZONE }, datasets: { name: '' } } as never).sort()).toEqual([
      'PropType cluster',
      'PropType datasets',
    ]);
    expect(codesOf(() => ClusterSource.fromCluster({ name: 5, location: ZONE } as never))).toEqual(['PropType']);
  });

  test('a zone that is invalid or unknown at synthesis', () => {
    expect(refused({ zone: 'us-central1' })).toEqual(['LocationInvalid zone']);
    const stack = newStack();
    const { stringValue } = new TerraformVariable(stack, 'Zone', { type: 'string' });
    expect(
      codesOf(
        () => new TrainingCluster(stack, 'A', { machine: GoogleMachine.G2_STANDARD_48, nodes: 1, zone: stringValue }),
      ),
    ).toEqual(['ValueUnknown']);
  });

  test('each problem of a group, with the name of the group', () => {
    const machine = GoogleMachine.G2_STANDARD_48;
    expect(refused({ groups: { More: { machine, nodes: 0 } } })).toEqual([
      'PoolName groups.More.name',
      'NodesOutOfRange groups.More.nodes',
    ]);
  });

  test('a group with the name of the main group', () => {
    expect(refused({ groups: { nodes: { machine: GoogleMachine.G2_STANDARD_48, nodes: 1 } } })).toEqual([
      'GroupDuplicate groups.nodes',
    ]);
  });

  test('more groups than a queue supports', () => {
    const group = { machine: GoogleMachine.G2_STANDARD_48, nodes: 1 };
    const groups = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`g${index}`, group]));
    expect(refused({ groups })).toEqual(['QueueTooLarge groups']);
  });

  test('two machine types with the same network names', () => {
    expect(refused({ groups: { more: { machine: GoogleMachine.A3_HIGHGPU_8G, nodes: 1 } } })).toEqual([
      'ClusterOption groups.more.machine',
    ]);
  });

  test('slices of GPUs, and 0 slices of TPUs', () => {
    expect(refused({ slices: 2 })).toEqual(['TpuTopology slices']);
    expect(refused({ machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4', slices: 0 })).toEqual([
      'TpuTopology slices',
    ]);
  });

  test('a machine with an unknown number of vCPUs', () => {
    expect(refused({ machine: GoogleMachine.CT4P_HIGHTPU_4T, topology: '2x2x1' })).toEqual(['MachineSize machine']);
  });

  test('an NVL72 domain on a GKE version without dynamic resource allocation', () => {
    const capacity = Capacity.reservation('r');
    const cluster = ClusterSource.create({ kubernetesVersion: '1.33' });
    expect(refused({ machine: GoogleMachine.A4X_HIGHGPU_4G, capacity, cluster })).toEqual([
      'GkeVersion cluster.kubernetesVersion',
    ]);
  });

  test('one bucket for datasets and checkpoints', () => {
    const bucket = { name: 'both' };
    expect(refused({ datasets: bucket, checkpoints: bucket })).toEqual(['DataPath checkpoints']);
  });

  test('an administrator that is a group', () => {
    expect(refused({ cluster: ClusterSource.create({ admins: ['group:ml@example.com'] }) })).toEqual([
      'AdminInvalid cluster.admins[0]',
    ]);
  });

  test('an administrator whose type is unknown at synthesis', () => {
    const email = new TerraformVariable(newStack(), 'Ada', {}).stringValue;
    const cluster = ClusterSource.create({ admins: [`user:${email}`, email] });
    expect(refused({ cluster })).toEqual(['AdminInvalid cluster.admins[1]']);
  });

  test('an acceptance image that is unknown at synthesis', () => {
    const image = new TerraformVariable(newStack(), 'Image', {}).stringValue;
    expect(refused({ images: { training: image, acceptance: image } })).toEqual(['ValueUnknown images.acceptance']);
  });

  test('a file system size between two steps', () => {
    expect(refused({ storage: TrainingStorage.lustre({ sizeGiB: 12_000 }) })).toEqual(['LustreSize storage.sizeGiB']);
  });

  test('a network in another region', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { region: 'us-east1' });
    expect(
      problemsOf(
        () => new TrainingCluster(stack, 'A', { machine: GoogleMachine.G2_STANDARD_48, nodes: 1, zone: ZONE, network }),
      ),
    ).toMatchObject([{ code: 'LocationInvalid', prop: 'network' }]);
  });

  test('an existing cluster with a new file system but without a network, and labels that select nothing', () => {
    const cluster = ClusterSource.fromCluster({ name: 'research', location: 'us-central1' }, { systemLabels: {} });
    expect(refused({ cluster })).toEqual(['ValueMissing network', 'ClusterOption cluster.systemLabels']);
  });

  test('invalid options of a new cluster', () => {
    expect(codesOf(() => ClusterSource.create({ kubernetesVersion: 'latest', zones: ZONE } as never))).toEqual([
      'GkeVersion',
      'PropType',
    ]);
    const systemNodes = { minNodesPerZone: 4, maxNodesPerZone: 3 };
    expect(refused({ cluster: ClusterSource.create({ zones: ['us-east1-b'], systemNodes }) })).toEqual([
      'LocationInvalid cluster.zones[0]',
      'NodesOutOfRange cluster.systemNodes.minNodesPerZone and maxNodesPerZone',
    ]);
  });

  test('invalid node options, with their path', () => {
    expect(refused({ nodeOptions: { bootDiskGiB: 10, labels: { 'cloud.google.com/gke-spot': 'true' } } })).toEqual([
      'NodeLabel nodeOptions.labels.cloud.google.com/gke-spot',
      'VolumeOutOfRange nodeOptions.bootDiskGiB',
    ]);
  });

  test('props of the wrong type, all in one error', () => {
    expect(refused({ storage: 'lustre', installation: true, zone: 1 } as never).sort()).toEqual([
      'PropType installation',
      'PropType storage',
      'PropType zone',
    ]);
  });

  test('a job on an unknown group, with nodes on TPUs, or with slices on GPUs', () => {
    const { cluster } = synthCluster();
    expect(codesOf(() => cluster.trainJob({ name: 'a', group: 'nods' }))).toEqual(['GroupUnknown']);
    expect(codesOf(() => cluster.trainJob({ name: 'a', slices: 1 }))).toEqual(['TpuTopology']);
    const tpus = synthCluster({ machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4' }).cluster;
    expect(codesOf(() => tpus.trainJob({ name: 'a', nodes: 1 }))).toEqual(['TpuTopology']);
  });
});

describe('findings', () => {
  test('report a file system that grows with the nodes', () => {
    const { cluster } = synthCluster();
    expect(idsOf(cluster)).toContain('storage/grows-only');
    expect(idsOf(synthCluster({ storage: TrainingStorage.lustre({ sizeGiB: 18_000 }) }).cluster)).not.toContain(
      'storage/grows-only',
    );
  });

  test('report preemptible nodes without checkpoints', () => {
    const capacity = Capacity.flexStart();
    expect(idsOf(synthCluster({ capacity }).cluster)).toContain('spot/no-checkpoints');
    expect(idsOf(synthCluster({ capacity, checkpoints: { name: 'runs' } }).cluster)).not.toContain(
      'spot/no-checkpoints',
    );
  });

  test('report a fabric that pods must claim', () => {
    const capacity = Capacity.reservation('r', { project: 'p', block: 'b', subBlock: 's' });
    const { cluster } = synthCluster({ machine: GoogleMachine.A4X_MAXGPU_4G_METAL, nodes: 18, capacity });
    expect(idsOf(cluster)).toContain('fabric/claimed');
    acknowledge(cluster, 'fabric/claimed', 'Our image holds gIB and DOCA.');
    expect(findingsOf(cluster).find(({ id }) => id === 'fabric/claimed')?.acknowledged).toBeDefined();
  });

  test('report a fabric without an acceptance image', () => {
    expect(idsOf(synthCluster().cluster)).toContain('fabric/no-proof');
    expect(idsOf(synthCluster({ images: { acceptance: 'image:1' } }).cluster)).not.toContain('fabric/no-proof');
  });

  test('report a file system in another zone', () => {
    const attributes = { volumeHandle: 'h', serverIp: 'i', fsName: 'f', zone: 'us-central1-c' };
    const storage = TrainingStorage.fromFileSystem(attributes);
    expect(idsOf(synthCluster({ storage }).cluster)).toContain('storage/other-zone');
  });
});

describe('files next to the stack', () => {
  function filesOf(props: Parameters<typeof synthCluster>[0]) {
    const given = { machine: GoogleMachine.A3_MEGAGPU_8G, nodes: 2, zone: ZONE, ...props };
    return filesBeside((stack) => new TrainingCluster(stack, 'Pretrain', given).software);
  }

  test('contain the acceptance job with the required bandwidth', () => {
    const { names, text } = filesOf({ images: { acceptance: 'image:1' } });
    expect(names()).toEqual(['acceptance-nodes.yaml']);
    expect(text('acceptance-nodes.yaml')).toContain('"value": "250"');
  });

  test('contain charts and manifests for GitOps, with variables and without tokens', () => {
    const { names, text } = filesOf({ installation: Installation.gitOps() });
    expect(names()).toEqual(['helmfile.yaml', 'manifests.yaml']);
    expect(text('manifests.yaml')).toContain('volumeHandle: ${FILE_SYSTEM_HANDLE}');
    expect(text('manifests.yaml')).not.toContain('TfToken');
  });
});

test('installs no agent on machines without a fabric', () => {
  expect(
    objectsOf(synthCluster({ machine: GoogleMachine.G2_STANDARD_48 }).stack).map(({ kind }) => kind),
  ).not.toContain('DaemonSet');
});

test.each([
  ['system', { groups: { system: { machine: GoogleMachine.G2_STANDARD_48, nodes: 1 } } }],
  [
    'nodes-0',
    {
      machine: GoogleMachine.CT6E_STANDARD_4T,
      topology: '4x4',
      slices: 2,
      groups: { 'nodes-0': { machine: GoogleMachine.G2_STANDARD_48, nodes: 1 } },
    },
  ],
])('rejects a group with the name %s of another node pool', (name, props) => {
  expect(refusalsOf(() => synthCluster(props))).toEqual([`GroupDuplicate groups.${name}`]);
});
