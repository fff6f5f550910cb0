import { type TerraformStack, TerraformVariable } from 'cdktf';
import { findingsOf } from 'ai-infra-constructs';
import {
  acknowledge,
  ApiAccess,
  AzureMachine,
  Capacity,
  ClusterSource,
  ControlPlane,
  EncryptionKey,
  GpuDriver,
  InfinibandFeature,
  Installation,
  LustreFileSystem,
  MlNetwork,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
} from 'ai-infra-constructs/azure';
import { filesBeside } from '../../terraform/support';
import { at } from '../../kubernetes/at';
import { CLUSTER } from '../nodes/support';
import { codesOf, keyOfDisks, newStack, refusalsOf, resourcesOf, theOnly } from '../support';
import { clusterProps, GROUP, synthCluster } from './support';

const T4 = AzureMachine.NC16AS_T4_V3;
const bucket = (name: string) => ({
  accountName: name,
  accountId: `/subscriptions/s/resourceGroups/ml/providers/Microsoft.Storage/storageAccounts/${name}`,
  containerName: 'data',
});
const idsOf = (cluster: TrainingCluster) => findingsOf(cluster).map(({ id }) => id);
const existingCluster = (options = {}) => ClusterSource.fromCluster(CLUSTER, options);
const refused = (props: Partial<TrainingClusterProps>) => refusalsOf(() => synthCluster(props));
const releaseOf = (stack: TerraformStack, chart: string) =>
  Object.values(resourcesOf(stack, 'helm_release')).find((release) => release.chart === chart);

describe('a training cluster', () => {
  const { stack, cluster } = synthCluster({ datasets: bucket('data'), checkpoints: bucket('runs') });

  test('creates a control plane, whose nodes are in the node subnet of its network', () => {
    const pool = theOnly(stack, 'azurerm_kubernetes_cluster_node_pool');
    expect(pool).toMatchObject({ name: 'nodes', node_count: 2, zones: ['1'] });
    expect(pool.kubernetes_cluster_id).toMatch(/ControlPlane/);
    expect(pool.vnet_subnet_id).toMatch(/ControlPlane_Network_Nodes/);
    expect(cluster.nodeGroup).toBe(cluster.groups.nodes);
  });

  test('encrypts disks and file system with one key', () => {
    expect(theOnly(stack, 'azurerm_managed_lustre_file_system').encryption_key.key_url).toMatch(/ControlPlane_Key/);
    expect(keyOfDisks(stack)).toMatch(/ControlPlane_Key/);
  });

  test('sizes the file system for its nodes, in their zone', () => {
    expect(theOnly(stack, 'azurerm_managed_lustre_file_system')).toMatchObject({
      zones: ['1'],
      storage_capacity_in_tb: 8,
      sku_name: 'AMLFS-Durable-Premium-250',
    });
  });

  test('grants jobs access to datasets and checkpoints through workload identity', () => {
    expect(theOnly(stack, 'azurerm_federated_identity_credential')).toMatchObject({
      subject: 'system:serviceaccount:training:training-jobs',
      audience: ['api://AzureADTokenExchange'],
      issuer: expect.stringMatching(/oidc_issuer_url/) as string,
    });
    const grants = Object.values(resourcesOf(stack, 'azurerm_role_assignment'))
      .filter(({ role_definition_name }) => (role_definition_name as string).includes('Blob'))
      .map(({ role_definition_name, scope }) => `${role_definition_name as string} ${scope as string}`);
    expect(grants.sort()).toEqual([
      expect.stringMatching(
        /^Storage Blob Data Contributor .*storageAccounts\/runs\/blobServices\/default\/containers\/data$/,
      ),
      expect.stringMatching(
        /^Storage Blob Data Reader .*storageAccounts\/data\/blobServices\/default\/containers\/data$/,
      ),
    ]);
  });

  test('installs charts after the role assignment, and objects after the charts', () => {
    const releases = Object.values(resourcesOf(stack, 'helm_release'));
    const objects = releases.find(({ chart }) => (chart as string).includes('-objects-'));
    expect(objects.depends_on).toEqual(
      ['jobset', 'kubeflow-trainer', 'kueue', 'network-operator', 'gpu-operator'].map((chart) =>
        expect.stringContaining(`_${chart}_`),
      ),
    );
    for (const release of releases.filter((one) => one !== objects))
      expect(release.depends_on[0]).toMatch(/role_assignment\..*ControlPlane_Deployer/);
  });

  test('makes the principal that runs Terraform a cluster administrator', () => {
    const deployer = Object.values(resourcesOf(stack, 'azurerm_role_assignment')).find(({ principal_id }) =>
      (principal_id as string).includes('object_id'),
    );
    expect(deployer.role_definition_name).toBe('Azure Kubernetes Service RBAC Cluster Admin');
    expect(deployer.count).toBeUndefined();
  });

  test('skips that role assignment if the principal is one of the admins', () => {
    const admin = '11111111-1111-4111-8111-111111111111';
    const { stack: administered } = synthCluster({ cluster: ClusterSource.create({ admins: [admin] }) });
    const roles = resourcesOf(administered, 'azurerm_role_assignment');
    const deployer = Object.values(roles).find(({ principal_id }) => (principal_id as string).includes('object_id'));
    expect(deployer.count).toMatch(
      new RegExp(
        `^\\$\\{contains\\(\\["${admin}"\\], data\\.azurerm_client_config\\.\\w+\\.object_id\\) \\? 0 : 1\\}$`,
      ),
    );
    const [release] = Object.values(resourcesOf(administered, 'helm_release'));
    expect(release.depends_on.slice(0, 2)).toEqual([
      expect.stringMatching(/ControlPlane_Deployer/),
      expect.stringMatching(/ControlPlane_Admin0/),
    ]);
  });
});

test('creates a node pool for each group', () => {
  const { stack, cluster } = synthCluster({ groups: { debug: { machine: T4, nodes: 1, capacity: Capacity.spot() } } });
  const pools = Object.values(resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool'));
  expect(pools.map(({ name }) => name as string).sort()).toEqual(['debug', 'nodes']);
  expect(cluster.groups.debug!.machine).toBe(T4);
});

describe('existing resources', () => {
  test('creates the file system in the network of an existing cluster', () => {
    const stack = newStack();
    const cluster = new ControlPlane(stack, 'ControlPlane', { resourceGroup: GROUP });
    const made = new TrainingCluster(stack, 'Pretrain', {
      ...clusterProps({ machine: T4 }),
      cluster: ClusterSource.fromCluster(cluster, { systemLabels: { role: 'system' } }),
    });
    expect(made.controlPlane).toBeUndefined();
    const pool = theOnly(stack, 'azurerm_kubernetes_cluster_node_pool');
    expect(pool.kubernetes_cluster_id).toMatch(/azurerm_kubernetes_cluster\.ControlPlane_/);
    expect(theOnly(stack, 'azurerm_managed_lustre_file_system').subnet_id).toMatch(/subnet\.ControlPlane_Network_/);
    expect(at(JSON.parse(releaseOf(stack, 'jobset').values[0]), 'controller.nodeSelector')).toEqual({ role: 'system' });
  });

  test('does not reserve the names of pools that only a new cluster has', () => {
    const groups = { system: { machine: T4, nodes: 1 } };
    expect(() =>
      synthCluster({ machine: T4, cluster: existingCluster(), storage: TrainingStorage.none(), groups }),
    ).not.toThrow();
  });

  test('uses an existing file system', () => {
    const attrs = { name: 'fs', mgsAddress: '10.0.130.4', zone: '1' };
    const existing = LustreFileSystem.fromLustreFileSystemAttributes(newStack(), 'FileSystem', attrs);
    const { stack, cluster } = synthCluster({ storage: TrainingStorage.fromFileSystem(existing) });
    expect(cluster.fileSystem).toBe(existing);
    expect(resourcesOf(stack, 'azurerm_managed_lustre_file_system')).toEqual({});
  });

  test('uses an existing key and network', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { resourceGroup: GROUP });
    const encryptionKey = new EncryptionKey(stack, 'Key', { resourceGroup: GROUP });
    new TrainingCluster(stack, 'Pretrain', { ...clusterProps(), network, encryptionKey });
    const fileSystem = theOnly(stack, 'azurerm_managed_lustre_file_system');
    expect(fileSystem.subnet_id).toMatch(/azurerm_subnet\.Network_/);
    expect(fileSystem.encryption_key.key_url).toMatch(/azapi_resource\.Key_/);
    const pool = theOnly(stack, 'azurerm_kubernetes_cluster_node_pool');
    expect(pool.vnet_subnet_id).toMatch(/azurerm_subnet\.Network_/);
    expect(keyOfDisks(stack)).toMatch(/azapi_resource\.Key_/);
  });

  test('requires a subnet for the file system in an existing network', () => {
    const vnet = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v';
    const network = MlNetwork.fromMlNetworkAttributes(newStack(), 'Network', {
      virtualNetworkId: vnet,
      nodeSubnetId: `${vnet}/subnets/nodes`,
      endpointSubnetId: `${vnet}/subnets/endpoints`,
    });
    expect(refused({ network })).toEqual(['ValueMissing storage.subnetId']);
    const storage = TrainingStorage.lustre({ subnetId: `${vnet}/subnets/lustre` });
    const { stack } = synthCluster({ network, storage });
    expect(theOnly(stack, 'azurerm_managed_lustre_file_system').subnet_id).toBe(`${vnet}/subnets/lustre`);
  });
});

describe('validation', () => {
  test.each<[string, Partial<TrainingClusterProps>, string[]]>([
    ['a cluster without nodes and job', { nodes: undefined }, ['ValueMissing nodes']],
    ['a new file system without a zone', { zone: undefined }, ['ValueMissing zone']],
    [
      'an invalid group name and number of nodes',
      { groups: { 'More-nodes': { machine: T4, nodes: 0 } } },
      ['PoolName groups.More-nodes.name', 'NodesOutOfRange groups.More-nodes.nodes'],
    ],
    [
      'a group with the name of the main group',
      { groups: { nodes: { machine: T4, nodes: 1 } } },
      ['GroupDuplicate groups.nodes'],
    ],
    [
      'groups with the names of pools of a new cluster',
      { groups: { system: { machine: T4, nodes: 1 }, systemnext: { machine: T4, nodes: 1 } } },
      ['GroupDuplicate groups.system', 'GroupDuplicate groups.systemnext'],
    ],
    [
      'more groups than a queue supports',
      {
        groups: Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`g${index}`, { machine: T4, nodes: 1 }])),
      },
      ['QueueTooLarge groups'],
    ],
    [
      'two generations of InfiniBand in one subscription',
      {
        cluster: ClusterSource.create({ kubernetesVersion: '1.34' }),
        groups: {
          racks: {
            machine: AzureMachine.ND128ISR_GB300_V6,
            nodes: 18,
            infinibandFeature: InfinibandFeature.UNREGISTERED,
          },
        },
      },
      ['InfinibandFeature machine', 'ClusterOption groups.racks.nodeOptions.driver'],
    ],
    [
      'two Ubuntu releases with the GPU operator',
      {
        machine: AzureMachine.ND128ISR_GB300_V6,
        nodes: 18,
        groups: { debug: { machine: T4, nodes: 1 } },
      },
      ['ClusterOption groups.debug.nodeOptions.driver'],
    ],
    [
      'an invalid region, once',
      { resourceGroup: { name: 'ml', location: 'Middle Earth' } },
      ['LocationInvalid resourceGroup.location'],
    ],
    [
      'a version that AKS retired, once',
      { machine: AzureMachine.ND128ISR_GB300_V6, cluster: ClusterSource.create({ kubernetesVersion: '1.20' }) },
      ['KubernetesVersion cluster.kubernetesVersion'],
    ],
    [
      'an existing file system with an invalid address',
      { storage: TrainingStorage.fromFileSystem({ name: 'fs', mgsAddress: 'not an ip', zone: '1' }) },
      ['LustreOption storage.mgsAddress'],
    ],
    [
      'a repair of faults without NVIDIA GPUs',
      { machine: AzureMachine.ND96ISR_MI300X_V5, repairFaults: true },
      ['ClusterOption repairFaults'],
    ],
    [
      'a Kubernetes version that is too old for the machine',
      { machine: AzureMachine.ND128ISR_GB300_V6, cluster: ClusterSource.create({ kubernetesVersion: '1.33' }) },
      ['KubernetesVersion cluster.kubernetesVersion'],
    ],
    [
      'an unsupported file system size',
      { storage: TrainingStorage.lustre({ sizeGiB: 9000 }) },
      ['LustreSize storage.sizeGiB'],
    ],
    [
      'invalid options of a new cluster',
      { cluster: ClusterSource.create({ admins: ['ada'], kubernetesVersion: 'new' }) },
      ['KubernetesVersion cluster.kubernetesVersion', 'AdminInvalid cluster.admins[0]'],
    ],
    [
      'a new file system without a network, existing charts, and empty labels for an existing cluster',
      { cluster: existingCluster({ systemLabels: {} }) },
      ['ValueMissing network', 'ClusterOption cluster.systemLabels'],
    ],
    [
      'labels of an existing cluster that select accelerator nodes',
      {
        cluster: existingCluster({ systemLabels: { role: 'gpu' } }),
        nodeOptions: { labels: { role: 'gpu' } },
        storage: TrainingStorage.none(),
      },
      ['ClusterOption cluster.systemLabels'],
    ],
    [
      'invalid node options, with their path',
      { nodeOptions: { bootDiskGiB: 1, labels: { 'ai-infra/pool': 'x' } } },
      ['NodeLabel nodeOptions.labels.ai-infra/pool', 'VolumeOutOfRange nodeOptions.bootDiskGiB'],
    ],
    [
      'data for jobs on a cluster without a token issuer',
      { cluster: existingCluster(), storage: TrainingStorage.none(), datasets: bucket('data') },
      ['ValueMissing cluster.oidcIssuerUrl'],
    ],
    [
      'props of the wrong types',
      { storage: 'lustre', installation: true, resourceGroup: 1, cluster: CLUSTER } as never,
      ['PropType resourceGroup', 'PropType cluster', 'PropType storage', 'PropType installation'],
    ],
  ])('rejects %s', (_, props, problems) => {
    expect(refused(props)).toEqual(problems);
  });

  test('groups use the state of the InfiniBand feature of the main group, if their machine needs the same', () => {
    const groups = { h200: { machine: AzureMachine.ND96ISR_H200_V5, nodes: 1 }, debug: { machine: T4, nodes: 1 } };
    const { stack } = synthCluster({ groups, infinibandFeature: InfinibandFeature.REGISTER });
    const pools = Object.values(resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool'));
    const waits = pools.map(({ name, depends_on: on = [] }) => [
      name,
      (on as string[]).some((id) => id.includes('Infiniband')),
    ]);
    expect(Object.fromEntries(waits)).toMatchObject({ nodes: true, h200: true, debug: false });
    const racks = { racks: { machine: AzureMachine.ND128ISR_GB300_V6, nodes: 18 } };
    expect(refused({ groups: racks, cluster: ClusterSource.create({ kubernetesVersion: '1.35' }) })).toContain(
      'ValueMissing groups.racks.infinibandFeature',
    );
  });

  test('rejects one bucket for datasets and checkpoints', () => {
    const both = bucket('both');
    expect(refused({ datasets: both, checkpoints: both })).toEqual(['DataPath checkpoints']);
  });

  test('rejects a job on an unknown group, or with too many nodes', () => {
    const { cluster } = synthCluster();
    expect(codesOf(() => cluster.trainJob({ name: 'a', group: 'nods' }))).toEqual(['GroupUnknown']);
    expect(codesOf(() => cluster.trainJob({ name: 'a', nodes: 3 }))).toEqual(['NodesOutOfRange']);
  });
});

describe('findings', () => {
  test('reports a file system whose size follows the nodes', () => {
    expect(idsOf(synthCluster().cluster)).toContain('storage/grows-only');
    const storage = TrainingStorage.lustre({ sizeGiB: 8192 });
    expect(idsOf(synthCluster({ storage }).cluster)).not.toContain('storage/grows-only');
  });

  test('reports spot nodes without a bucket for checkpoints', () => {
    const capacity = Capacity.spot();
    const { cluster } = synthCluster({ capacity });
    expect(idsOf(cluster)).toContain('spot/no-checkpoints');
    acknowledge(cluster, 'spot/no-checkpoints', 'Runs are short.');
    expect(findingsOf(cluster).find(({ id }) => id === 'spot/no-checkpoints')?.acknowledged).toBe('Runs are short.');
    expect(idsOf(synthCluster({ capacity, checkpoints: bucket('runs') }).cluster)).not.toContain('spot/no-checkpoints');
  });

  test('reports a fabric without an acceptance image, and an image with a mutable tag', () => {
    const machine = AzureMachine.ND96AMSR_A100_V4;
    expect(idsOf(synthCluster({ machine }).cluster)).toContain('fabric/no-proof');
    expect(idsOf(synthCluster({ machine, images: { acceptance: 'image:1' } }).cluster)).not.toContain(
      'fabric/no-proof',
    );
    expect(idsOf(synthCluster().cluster)).toContain('image/mutable');
    expect(idsOf(synthCluster({ images: { acceptance: 'image:1' } }).cluster)).not.toContain('image/mutable');
  });

  test('reports a file system in another zone', () => {
    const storage = TrainingStorage.fromFileSystem({ name: 'fs', mgsAddress: '10.0.0.4', zone: '2' });
    expect(idsOf(synthCluster({ storage }).cluster)).toContain('storage/other-zone');
    expect(idsOf(synthCluster({ storage, zone: '2' }).cluster)).not.toContain('storage/other-zone');
  });

  test('reports a cluster without administrators', () => {
    const installation = Installation.gitOps();
    expect(idsOf(synthCluster({ installation }).cluster)).toContain('access/no-admins');
    const admins = ['0f4a2a64-6a5b-4a47-8a8d-2d4a1e5d8a10'];
    expect(idsOf(synthCluster({ installation, cluster: ClusterSource.create({ admins }) }).cluster)).not.toContain(
      'access/no-admins',
    );
    expect(idsOf(synthCluster().cluster)).not.toContain('access/no-admins');
  });

  test('reports a public API', () => {
    expect(
      idsOf(synthCluster({ cluster: ClusterSource.create({ apiAccess: ApiAccess.PUBLIC_BY_ENTRA }) }).cluster),
    ).toContain('network/public-api');
  });
});

describe('files in the stack folder', () => {
  function filesOf(props: Partial<TrainingClusterProps>) {
    return filesBeside((stack) => new TrainingCluster(stack, 'Pretrain', clusterProps(props)).software);
  }

  test('contain the acceptance job with the expected bandwidth', () => {
    const { names, text } = filesOf({});
    expect(names()).toEqual(['acceptance-nodes.yaml']);
    expect(text('acceptance-nodes.yaml')).toContain('"value": "300"');
    expect(text('acceptance-nodes.yaml')).toContain('ghcr.io/azure/aks-rdma-infiniband/nccl-tests');
    expect(text('acceptance-nodes.yaml')).toContain('NCCL_IB_QPS_PER_CONNECTION');
  });

  test('contain charts and manifests for GitOps, with variables instead of tokens', () => {
    const { names, text } = filesOf({ installation: Installation.gitOps(), datasets: bucket('data'), machine: T4 });
    expect(names()).toEqual(['helmfile.yaml', 'manifests.yaml']);
    expect(text('manifests.yaml')).toContain('mgs-ip-address: ${FILE_SYSTEM_ADDRESS}');
    expect(text('manifests.yaml')).toContain('azure.workload.identity/client-id: ${JOBS_CLIENT_ID}');
    expect(text('manifests.yaml')).not.toContain('TfToken');
  });
});

test('installs device plugin and exporter instead of the GPU operator with the AKS driver', () => {
  const { stack } = synthCluster({ nodeOptions: { driver: GpuDriver.AKS } });
  expect(releaseOf(stack, 'gpu-operator')).toBeUndefined();
  expect(releaseOf(stack, 'nvidia-device-plugin')).toBeDefined();
  expect(releaseOf(stack, 'dcgm-exporter')).toBeDefined();
});

test('rejects a token as image of the acceptance job', () => {
  const stack = newStack();
  const { stringValue } = new TerraformVariable(stack, 'Registry', { type: 'string' });
  const props = clusterProps({ images: { acceptance: `${stringValue}/nccl:1` } });
  expect(refusalsOf(() => new TrainingCluster(stack, 'Cluster', props))).toEqual(['ValueUnknown images.acceptance']);
});
