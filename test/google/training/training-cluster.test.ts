import { TerraformVariable } from 'cdktf';
import { findingsOf } from 'ai-infra-constructs';
import {
  acknowledge,
  ApiAccess,
  Capacity,
  ControlPlane,
  GoogleMachine,
  Installation,
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

  test('makes a control plane in the region of its zone, with system nodes', () => {
    expect(theOnly(stack, 'google_container_cluster').location).toBe('us-central1');
    expect(Object.keys(resourcesOf(stack, 'google_container_node_pool'))).toHaveLength(2);
    expect(cluster.systemNodes?.name).toBe('system');
  });

  test('makes the networks of its machine once, and its nodes stand in them', () => {
    const pool = Object.values(resourcesOf(stack, 'google_container_node_pool')).find(({ name }) => name === 'nodes');
    expect(pool.network_config.additional_node_network_configs).toHaveLength(8);
    expect(Object.keys(resourcesOf(stack, 'google_compute_network'))).toHaveLength(9);
  });

  test('encrypts secrets and all boot disks under one key, whose use is granted before nodes come', () => {
    for (const pool of Object.values(resourcesOf(stack, 'google_container_node_pool'))) {
      expect(pool.node_config.boot_disk_kms_key).toMatch(/ControlPlane_Key/);
      expect(pool.depends_on).toContainEqual(expect.stringMatching(/ControlPlane_Key_Grant-compute/));
    }
  });

  test('begins with nodes of its own account, which no policy of an organisation refuses', () => {
    const { node_config: first } = theOnly(stack, 'google_container_cluster');
    const pools = Object.values(resourcesOf(stack, 'google_container_node_pool'));
    expect(first.service_account).toMatch(/google_service_account\..*_NodeAccount_.*\.email/);
    expect(pools.map((pool) => pool.node_config.service_account)).toEqual(pools.map(() => first.service_account));
  });

  test('makes GPU nodes where the cluster has others, without which GKE would not taint them', () => {
    expect(waitsForSystemNodes(stack, 'nodes')).toBe(true);
  });

  test('lets jobs read datasets and write checkpoints, as their Kubernetes account and without a key', () => {
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

  test('sizes the file system for its nodes, on the grid of the service, in their zone', () => {
    expect(theOnly(stack, 'google_lustre_instance')).toMatchObject({
      location: ZONE,
      capacity_gib: '18000',
      per_unit_storage_throughput: '500',
    });
  });

  test('installs only once the system nodes stand, charts before the objects that need them', () => {
    const releases = Object.values(resourcesOf(stack, 'helm_release'));
    const objects = releases.find(({ chart }) => /-objects-/.test(chart));
    expect(objects.depends_on).toEqual(
      ['jobset', 'kubeflow-trainer', 'kueue'].map((chart) => expect.stringContaining(`_${chart}_`)),
    );
    for (const release of releases.filter((one) => one !== objects)) {
      expect(release.depends_on[0]).toMatch(/node_pool\..*_System_/);
    }
  });

  test('tells Helm how to reach the cluster: by its private address, with its certificate', () => {
    const { host, clusterCaCertificate } = cluster.controlPlane!.connection;
    expect(host).toMatch(/^https:\/\//);
    expect(clusterCaCertificate).toBeDefined();
  });
});

test('by DNS name the connection needs no certificate of the cluster', () => {
  const { connection } = synthCluster({ apiAccess: ApiAccess.DNS_BY_IAM }).cluster.controlPlane!;
  expect(connection).toEqual({ host: expect.stringMatching(/^https:\/\//) as string, token: connection.token });
});

test('slices of TPUs are a pool each, and one group', () => {
  const { stack, cluster } = synthCluster({ machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4', slices: 2 });
  expect(cluster.nodeGroup).toMatchObject({ nodes: 8, name: 'nodes' });
  const pools = Object.values(resourcesOf(stack, 'google_container_node_pool')).filter(({ name }) => name !== 'system');
  expect(pools.map(({ name }) => name as string).sort()).toEqual(['nodes-0', 'nodes-1']);
  for (const { node_config } of pools) expect(node_config.labels['ai-infra/pool']).toBe('nodes');
});

test('groups of one machine share its networks', () => {
  const machine = GoogleMachine.A3_MEGAGPU_8G;
  const { stack, cluster } = synthCluster({ groups: { more: { machine, nodes: 4 } } });
  expect(Object.keys(resourcesOf(stack, 'google_compute_network'))).toHaveLength(9);
  expect(cluster.groups.more!.networks).toBe(cluster.nodeGroup.networks);
});

describe('what exists may be brought', () => {
  function brought() {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { region: 'us-central1' });
    const cluster = new ControlPlane(stack, 'ControlPlane', { region: 'us-central1', network });
    const made = new TrainingCluster(stack, 'Pretrain', {
      machine: GoogleMachine.G2_STANDARD_48,
      nodes: 1,
      zone: ZONE,
      cluster,
      systemLabels: { role: 'system' },
    });
    return { stack, made };
  }

  test('a cluster, whose network its file system stands beside', () => {
    const { stack, made } = brought();
    expect(made.controlPlane).toBeUndefined();
    expect(Object.keys(resourcesOf(stack, 'google_container_cluster'))).toHaveLength(1);
    expect(theOnly(stack, 'google_lustre_instance').network).toMatch(/google_compute_network\.Network_/);
  });

  test('with the labels of its system nodes, which controllers then select', () => {
    const [jobset] = Object.values(resourcesOf(brought().stack, 'helm_release')).filter(
      ({ chart }) => chart === 'jobset',
    );
    expect(at(JSON.parse(jobset.values[0]), 'controller.nodeSelector')).toEqual({ role: 'system' });
  });

  test('a file system', () => {
    const existing = { volumeHandle: 'p/z/i', serverIp: '10.0.0.2', fsName: 'lustre', zone: ZONE };
    const { stack, cluster } = synthCluster({ storage: TrainingStorage.existing(existing) });
    expect(cluster.fileSystem).toBe(existing);
    expect(resourcesOf(stack, 'google_lustre_instance')).toEqual({});
  });
});

describe('refuses', () => {
  test('neither nodes nor a job', () => {
    expect(refused({ nodes: undefined })).toEqual(['ValueMissing nodes']);
  });

  test.each([{ volumeHandle: 5 }, { volumeHandle: '' }, { serverIp: null }, { fsName: {} }, { zone: undefined }])(
    'a file system that is described wrongly: %p',
    (wrong) => {
      const described = { volumeHandle: 'p/z/i', serverIp: '10.0.0.2', fsName: 'lustre', zone: ZONE, ...wrong };
      expect(codesOf(() => TrainingStorage.existing(described as never))).toEqual(['PropType']);
    },
  );

  test('a cluster or a bucket that is described wrongly', () => {
    expect(refused({ cluster: { name: 5, location: ZONE }, datasets: { name: '' } } as never).sort()).toEqual([
      'PropType cluster',
      'PropType datasets',
    ]);
  });

  test('a zone that is none, or known only later', () => {
    expect(refused({ zone: 'us-central1' })).toEqual(['LocationInvalid zone']);
    const stack = newStack();
    const { stringValue } = new TerraformVariable(stack, 'Zone', { type: 'string' });
    expect(
      codesOf(
        () => new TrainingCluster(stack, 'A', { machine: GoogleMachine.G2_STANDARD_48, nodes: 1, zone: stringValue }),
      ),
    ).toEqual(['ValueUnknown']);
  });

  test('what is wrong in each group, by its name', () => {
    const machine = GoogleMachine.G2_STANDARD_48;
    expect(refused({ groups: { More: { machine, nodes: 0 } } })).toEqual([
      'PoolName groups.More.name',
      'NodesOutOfRange groups.More.nodes',
    ]);
  });

  test('a group with the name of the first one', () => {
    expect(refused({ groups: { nodes: { machine: GoogleMachine.G2_STANDARD_48, nodes: 1 } } })).toEqual([
      'GroupDuplicate groups.nodes',
    ]);
  });

  test('more groups than a queue takes', () => {
    const group = { machine: GoogleMachine.G2_STANDARD_48, nodes: 1 };
    const groups = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`g${index}`, group]));
    expect(refused({ groups })).toEqual(['QueueTooLarge groups']);
  });

  test('two machines whose networks have the same names', () => {
    expect(refused({ groups: { more: { machine: GoogleMachine.A3_HIGHGPU_8G, nodes: 1 } } })).toEqual([
      'ClusterOption groups.more.machine',
    ]);
  });

  test('slices of GPUs, and none of TPUs', () => {
    expect(refused({ slices: 2 })).toEqual(['TpuTopology slices']);
    expect(refused({ machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4', slices: 0 })).toEqual([
      'TpuTopology slices',
    ]);
  });

  test('a machine whose cores nobody knows', () => {
    expect(refused({ machine: GoogleMachine.CT4P_HIGHTPU_4T, topology: '2x2x1' })).toEqual(['MachineSize machine']);
  });

  test('an NVL72 domain on a GKE without dynamic resource allocation', () => {
    const capacity = Capacity.reservation('r');
    expect(refused({ machine: GoogleMachine.A4X_HIGHGPU_4G, capacity, version: '1.33' })).toEqual([
      'GkeVersion version',
    ]);
  });

  test('one bucket for both ends', () => {
    const bucket = { name: 'both' };
    expect(refused({ datasets: bucket, checkpoints: bucket })).toEqual(['DataPath checkpoints']);
  });

  test('admins that are no member by name', () => {
    expect(refused({ admins: ['group:ml@example.com'] })).toEqual(['AdminInvalid admins[0]']);
  });

  test('admins of whom only the deployment knows what they are: Kubernetes has them by their address', () => {
    const email = new TerraformVariable(newStack(), 'Ada', {}).stringValue;
    expect(refused({ admins: [`user:${email}`, email] })).toEqual(['AdminInvalid admins[1]']);
  });

  test('an image of the acceptance job that only the deployment knows: its file is written before', () => {
    const image = new TerraformVariable(newStack(), 'Image', {}).stringValue;
    expect(refused({ images: { training: image, acceptance: image } })).toEqual(['ValueUnknown images.acceptance']);
  });

  test('a size off the grid', () => {
    expect(refused({ storage: TrainingStorage.lustre({ sizeGiB: 12_000 }) })).toEqual(['LustreSize storage.sizeGiB']);
  });

  test('a network of another region', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { region: 'us-east1' });
    expect(
      problemsOf(
        () => new TrainingCluster(stack, 'A', { machine: GoogleMachine.G2_STANDARD_48, nodes: 1, zone: ZONE, network }),
      ),
    ).toMatchObject([{ code: 'LocationInvalid', prop: 'network' }]);
  });

  test('options of a new cluster for one that exists, a file system without its network, and labels that select nothing', () => {
    const cluster = { name: 'research', location: 'us-central1' };
    expect(refused({ cluster, version: '1.34', systemLabels: {} })).toEqual([
      'ClusterOption version',
      'ValueMissing network',
      'ClusterOption systemLabels',
    ]);
  });

  test('props of another type, all together', () => {
    expect(refused({ storage: 'lustre', installation: true, zone: 1 } as never).sort()).toEqual([
      'PropType installation',
      'PropType storage',
      'PropType zone',
    ]);
  });

  test('a job on a group that there is not, nodes of TPUs, and slices of GPUs', () => {
    const { cluster } = synthCluster();
    expect(codesOf(() => cluster.trainJob({ name: 'a', group: 'nods' }))).toEqual(['GroupUnknown']);
    expect(codesOf(() => cluster.trainJob({ name: 'a', slices: 1 }))).toEqual(['TpuTopology']);
    const tpus = synthCluster({ machine: GoogleMachine.CT6E_STANDARD_4T, topology: '4x4' }).cluster;
    expect(codesOf(() => tpus.trainJob({ name: 'a', nodes: 1 }))).toEqual(['TpuTopology']);
  });
});

describe('doubts', () => {
  test('a file system that follows the nodes', () => {
    const { cluster } = synthCluster();
    expect(idsOf(cluster)).toContain('storage/grows-only');
    expect(idsOf(synthCluster({ storage: TrainingStorage.lustre({ sizeGiB: 18_000 }) }).cluster)).not.toContain(
      'storage/grows-only',
    );
  });

  test('nodes that are taken back, without checkpoints', () => {
    const capacity = Capacity.flexStart();
    expect(idsOf(synthCluster({ capacity }).cluster)).toContain('spot/no-checkpoints');
    expect(idsOf(synthCluster({ capacity, checkpoints: { name: 'runs' } }).cluster)).not.toContain(
      'spot/no-checkpoints',
    );
  });

  test('a fabric that pods do not get', () => {
    const capacity = Capacity.reservation('r', { project: 'p', block: 'b', subBlock: 's' });
    const { cluster } = synthCluster({ machine: GoogleMachine.A4X_MAXGPU_4G_METAL, nodes: 18, capacity });
    expect(idsOf(cluster)).toContain('fabric/claimed');
    acknowledge(cluster, 'fabric/claimed', 'Our image holds gIB and DOCA.');
    expect(findingsOf(cluster).find(({ id }) => id === 'fabric/claimed')?.acknowledged).toBeDefined();
  });

  test('a fabric that nothing proves, until an image is named', () => {
    expect(idsOf(synthCluster().cluster)).toContain('fabric/no-proof');
    expect(idsOf(synthCluster({ images: { acceptance: 'image:1' } }).cluster)).not.toContain('fabric/no-proof');
  });

  test('a file system in another zone', () => {
    const storage = TrainingStorage.existing({ volumeHandle: 'h', serverIp: 'i', fsName: 'f', zone: 'us-central1-c' });
    expect(idsOf(synthCluster({ storage }).cluster)).toContain('storage/other-zone');
  });
});

describe('files beside the stack', () => {
  function filesOf(props: Parameters<typeof synthCluster>[0]) {
    const made = { machine: GoogleMachine.A3_MEGAGPU_8G, nodes: 2, zone: ZONE, ...props };
    return filesBeside((stack) => new TrainingCluster(stack, 'Pretrain', made).software);
  }

  test('hold the acceptance job, with the bandwidth that passes', () => {
    const { names, text } = filesOf({ images: { acceptance: 'image:1' } });
    expect(names()).toEqual(['acceptance-nodes.yaml']);
    expect(text('acceptance-nodes.yaml')).toContain('"value": "250"');
  });

  test('hold charts and manifests for GitOps, with variables and no token', () => {
    const { names, text } = filesOf({ installation: Installation.gitOps() });
    expect(names()).toEqual(['helmfile.yaml', 'manifests.yaml']);
    expect(text('manifests.yaml')).toContain('volumeHandle: ${FILE_SYSTEM_HANDLE}');
    expect(text('manifests.yaml')).not.toContain('TfToken');
  });
});

test('everything that it installs stands in one of three releases beside the charts', () => {
  expect(
    objectsOf(synthCluster({ machine: GoogleMachine.G2_STANDARD_48 }).stack).map(({ kind }) => kind),
  ).not.toContain('DaemonSet');
});
