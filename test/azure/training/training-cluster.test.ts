import { type TerraformStack, TerraformVariable } from 'cdktf';
import { findingsOf } from 'ai-infra-constructs';
import {
  acknowledge,
  ApiAccess,
  AzureMachine,
  Capacity,
  ControlPlane,
  EncryptionKey,
  GpuDriver,
  InfinibandFeature,
  Installation,
  MlNetwork,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
} from 'ai-infra-constructs/azure';
import { filesBeside } from '../../terraform/support';
import { at } from '../../kubernetes/at';
import { CLUSTER } from '../nodes/support';
import { codesOf, newStack, refusalsOf, resourcesOf, theOnly } from '../support';
import { clusterProps, GROUP, synthCluster } from './support';

const T4 = AzureMachine.NC16AS_T4_V3;
const bucket = (name: string) => ({
  accountName: name,
  accountId: `/subscriptions/s/resourceGroups/ml/providers/Microsoft.Storage/storageAccounts/${name}`,
  containerName: 'data',
});
const idsOf = (cluster: TrainingCluster) => findingsOf(cluster).map(({ id }) => id);
const refused = (props: Partial<TrainingClusterProps>) => refusalsOf(() => synthCluster(props));
const releaseOf = (stack: TerraformStack, chart: string) =>
  Object.values(resourcesOf(stack, 'helm_release')).find((release) => release.chart === chart);

describe('a training cluster', () => {
  const { stack, cluster } = synthCluster({ datasets: bucket('data'), checkpoints: bucket('runs') });

  test('makes a control plane, and its nodes join it in the subnet of its network', () => {
    const pool = theOnly(stack, 'azurerm_kubernetes_cluster_node_pool');
    expect(pool).toMatchObject({ name: 'nodes', node_count: 2, zones: ['1'] });
    expect(pool.kubernetes_cluster_id).toMatch(/ControlPlane/);
    expect(pool.vnet_subnet_id).toMatch(/ControlPlane_Network_Nodes/);
    expect(cluster.nodeGroup).toBe(cluster.groups.nodes);
  });

  test('encrypts its disks and its file system under one key', () => {
    expect(Object.keys(resourcesOf(stack, 'azurerm_key_vault'))).toHaveLength(1);
    expect(theOnly(stack, 'azurerm_managed_lustre_file_system').encryption_key.key_url).toMatch(/ControlPlane_Key/);
  });

  test('sizes the file system for its nodes, on the grid of the service, in their zone', () => {
    expect(theOnly(stack, 'azurerm_managed_lustre_file_system')).toMatchObject({
      zones: ['1'],
      storage_capacity_in_tb: 8,
      sku_name: 'AMLFS-Durable-Premium-250',
    });
  });

  test('lets jobs read datasets and write checkpoints, by tokens of the cluster and without a key', () => {
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

  test('installs only once whoever applies may, charts before the objects that need them', () => {
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

  test('gives whoever applies the right to administer', () => {
    const deployer = Object.values(resourcesOf(stack, 'azurerm_role_assignment')).find(({ principal_id }) =>
      (principal_id as string).includes('object_id'),
    );
    expect(deployer.role_definition_name).toBe('Azure Kubernetes Service RBAC Cluster Admin');
    expect(deployer.count).toBeUndefined();
  });

  test('gives it once where whoever applies is one of the admins: Azure refuses a right that someone has', () => {
    const admin = '11111111-1111-4111-8111-111111111111';
    const { stack: administered } = synthCluster({ admins: [admin] });
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

test('groups are pools of their own', () => {
  const { stack, cluster } = synthCluster({ groups: { debug: { machine: T4, nodes: 1, capacity: Capacity.spot() } } });
  const pools = Object.values(resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool'));
  expect(pools.map(({ name }) => name as string).sort()).toEqual(['debug', 'nodes']);
  expect(cluster.groups.debug!.machine).toBe(T4);
});

describe('what exists may be brought', () => {
  test('a cluster, whose network its file system stands in', () => {
    const stack = newStack();
    const cluster = new ControlPlane(stack, 'ControlPlane', { resourceGroup: GROUP });
    const made = new TrainingCluster(stack, 'Pretrain', {
      ...clusterProps({ machine: T4 }),
      cluster,
      systemLabels: { role: 'system' },
    });
    expect(made.controlPlane).toBeUndefined();
    expect(Object.keys(resourcesOf(stack, 'azurerm_kubernetes_cluster'))).toHaveLength(1);
    expect(Object.keys(resourcesOf(stack, 'azurerm_virtual_network'))).toHaveLength(1);
    expect(at(JSON.parse(releaseOf(stack, 'jobset').values[0]), 'controller.nodeSelector')).toEqual({ role: 'system' });
  });

  test('a file system', () => {
    const existing = { name: 'fs', mgsAddress: '10.0.130.4', zone: '1' };
    const { stack, cluster } = synthCluster({ storage: TrainingStorage.existing(existing) });
    expect(cluster.fileSystem).toBe(existing);
    expect(resourcesOf(stack, 'azurerm_managed_lustre_file_system')).toEqual({});
  });

  test('a key and a network', () => {
    const stack = newStack();
    const network = new MlNetwork(stack, 'Network', { resourceGroup: GROUP });
    const encryptionKey = new EncryptionKey(stack, 'Key', { resourceGroup: GROUP });
    new TrainingCluster(stack, 'Pretrain', { ...clusterProps(), network, encryptionKey });
    expect(Object.keys(resourcesOf(stack, 'azurerm_virtual_network'))).toHaveLength(1);
    expect(Object.keys(resourcesOf(stack, 'azurerm_key_vault'))).toHaveLength(1);
  });

  test('a subnet of the file system, in a network that stands', () => {
    const vnet = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v';
    const network = MlNetwork.existing({
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

describe('refuses', () => {
  test.each<[string, Partial<TrainingClusterProps>, string[]]>([
    ['neither nodes nor a job', { nodes: undefined }, ['ValueMissing nodes']],
    ['a new file system without a zone', { zone: undefined }, ['ValueMissing zone']],
    [
      'what is wrong in each group, by its name',
      { groups: { 'More-nodes': { machine: T4, nodes: 0 } } },
      ['PoolName groups.More-nodes.name', 'NodesOutOfRange groups.More-nodes.nodes'],
    ],
    [
      'a group with the name of the first one',
      { groups: { nodes: { machine: T4, nodes: 1 } } },
      ['GroupDuplicate groups.nodes'],
    ],
    [
      'more groups than a queue takes',
      {
        groups: Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`g${index}`, { machine: T4, nodes: 1 }])),
      },
      ['QueueTooLarge groups'],
    ],
    [
      'two generations of InfiniBand',
      {
        version: '1.34',
        groups: {
          racks: {
            machine: AzureMachine.ND128ISR_GB300_V6,
            nodes: 18,
            infinibandFeature: InfinibandFeature.UNREGISTERED,
          },
        },
      },
      ['InfinibandFeature machine', 'ClusterOption groups.racks.driver'],
    ],
    [
      'two systems below the GPU operator',
      {
        machine: AzureMachine.ND128ISR_GB300_V6,
        nodes: 18,
        groups: { debug: { machine: T4, nodes: 1 } },
      },
      ['ClusterOption groups.debug.driver'],
    ],
    [
      'a machine on a Kubernetes that is too old',
      { machine: AzureMachine.ND128ISR_GB300_V6, version: '1.33' },
      ['KubernetesVersion version'],
    ],
    ['a size off the grid', { storage: TrainingStorage.lustre({ sizeGiB: 9000 }) }, ['LustreSize storage.sizeGiB']],
    [
      'what a control plane refuses',
      { admins: ['ada'], version: 'new' },
      ['KubernetesVersion version', 'AdminInvalid admins[0]'],
    ],
    ['labels for new system nodes', { systemLabels: { role: 'system' } }, ['ClusterOption systemLabels']],
    [
      'options of a new cluster for one that exists, a file system without its network, and labels that select nothing',
      { cluster: CLUSTER, version: '1.34', systemLabels: {} },
      ['ClusterOption version', 'ValueMissing network', 'ClusterOption systemLabels'],
    ],
    [
      'data for jobs whose tokens nobody issues',
      { cluster: CLUSTER, storage: TrainingStorage.none(), datasets: bucket('data') },
      ['ValueMissing cluster.oidcIssuerUrl'],
    ],
    [
      'props of another type, all together',
      { storage: 'lustre', installation: true, resourceGroup: 1 } as never,
      ['PropType resourceGroup', 'PropType storage', 'PropType installation'],
    ],
  ])('%s', (_, props, problems) => {
    expect(refused(props)).toEqual(problems);
  });

  test('one bucket for both ends', () => {
    const both = bucket('both');
    expect(refused({ datasets: both, checkpoints: both })).toEqual(['DataPath checkpoints']);
  });

  test('a job on a group that there is not', () => {
    const { cluster } = synthCluster();
    expect(codesOf(() => cluster.trainJob({ name: 'a', group: 'nods' }))).toEqual(['GroupUnknown']);
    expect(codesOf(() => cluster.trainJob({ name: 'a', nodes: 3 }))).toEqual(['NodesOutOfRange']);
  });
});

describe('doubts', () => {
  test('a file system that follows the nodes', () => {
    expect(idsOf(synthCluster().cluster)).toContain('storage/grows-only');
    const storage = TrainingStorage.lustre({ sizeGiB: 8192 });
    expect(idsOf(synthCluster({ storage }).cluster)).not.toContain('storage/grows-only');
  });

  test('nodes that are taken back, without checkpoints', () => {
    const capacity = Capacity.spot();
    const { cluster } = synthCluster({ capacity });
    expect(idsOf(cluster)).toContain('spot/no-checkpoints');
    acknowledge(cluster, 'spot/no-checkpoints', 'Runs are short.');
    expect(findingsOf(cluster).find(({ id }) => id === 'spot/no-checkpoints')?.acknowledged).toBe('Runs are short.');
    expect(idsOf(synthCluster({ capacity, checkpoints: bucket('runs') }).cluster)).not.toContain('spot/no-checkpoints');
  });

  test('a fabric that nothing proves, until an image is named, and an image whose tag moves', () => {
    const machine = AzureMachine.ND96AMSR_A100_V4;
    expect(idsOf(synthCluster({ machine }).cluster)).toContain('fabric/no-proof');
    expect(idsOf(synthCluster({ machine, images: { acceptance: 'image:1' } }).cluster)).not.toContain(
      'fabric/no-proof',
    );
    expect(idsOf(synthCluster().cluster)).toContain('image/mutable');
    expect(idsOf(synthCluster({ images: { acceptance: 'image:1' } }).cluster)).not.toContain('image/mutable');
  });

  test('a file system in another zone', () => {
    const storage = TrainingStorage.existing({ name: 'fs', mgsAddress: '10.0.0.4', zone: '2' });
    expect(idsOf(synthCluster({ storage }).cluster)).toContain('storage/other-zone');
    expect(idsOf(synthCluster({ storage, zone: '2' }).cluster)).not.toContain('storage/other-zone');
  });

  test('a cluster that nobody reaches', () => {
    const installation = Installation.gitOps();
    expect(idsOf(synthCluster({ installation }).cluster)).toContain('access/no-admins');
    const admins = ['0f4a2a64-6a5b-4a47-8a8d-2d4a1e5d8a10'];
    expect(idsOf(synthCluster({ installation, admins }).cluster)).not.toContain('access/no-admins');
    expect(idsOf(synthCluster().cluster)).not.toContain('access/no-admins');
  });

  test('a public API', () => {
    expect(idsOf(synthCluster({ apiAccess: ApiAccess.PUBLIC_BY_ENTRA }).cluster)).toContain('network/public-api');
  });
});

describe('files beside the stack', () => {
  function filesOf(props: Partial<TrainingClusterProps>) {
    return filesBeside((stack) => new TrainingCluster(stack, 'Pretrain', clusterProps(props)).software);
  }

  test('hold the acceptance job, with the bandwidth that passes', () => {
    const { names, text } = filesOf({});
    expect(names()).toEqual(['acceptance-nodes.yaml']);
    expect(text('acceptance-nodes.yaml')).toContain('"value": "300"');
    expect(text('acceptance-nodes.yaml')).toContain('ghcr.io/azure/aks-rdma-infiniband/nccl-tests');
  });

  test('hold charts and manifests for GitOps, with variables and no token', () => {
    const { names, text } = filesOf({ installation: Installation.gitOps(), datasets: bucket('data'), machine: T4 });
    expect(names()).toEqual(['helmfile.yaml', 'manifests.yaml']);
    expect(text('manifests.yaml')).toContain('mgs-ip-address: ${FILE_SYSTEM_ADDRESS}');
    expect(text('manifests.yaml')).toContain('azure.workload.identity/client-id: ${JOBS_CLIENT_ID}');
    expect(text('manifests.yaml')).not.toContain('TfToken');
  });
});

test('the driver of AKS wants the device plugin and the exporter, and no operator', () => {
  const { stack } = synthCluster({ driver: GpuDriver.AKS });
  expect(releaseOf(stack, 'gpu-operator')).toBeUndefined();
  expect(releaseOf(stack, 'nvidia-device-plugin')).toBeDefined();
  expect(releaseOf(stack, 'dcgm-exporter')).toBeDefined();
});

test('an image of the acceptance job is known now: a file beside the stack is filled in by no deployment', () => {
  const stack = newStack();
  const { stringValue } = new TerraformVariable(stack, 'Registry', { type: 'string' });
  const props = clusterProps({ images: { acceptance: `${stringValue}/nccl:1` } });
  expect(refusalsOf(() => new TrainingCluster(stack, 'Cluster', props))).toEqual(['ValueUnknown images.acceptance']);
});
