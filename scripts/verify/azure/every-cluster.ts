/** Training clusters with every fabric, driver, storage, and installation, for `verify:terraform`. */
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { ModelSpec, Prices, TrainingJob } from 'ai-infra-constructs';
import {
  ApiAccess,
  AzapiProvider,
  AzureMachine,
  Capacity,
  ClusterSource,
  ControlPlane,
  DataBucket,
  EncryptionKey,
  GpuDriver,
  InfinibandFeature,
  JobPriority,
  Installation,
  type IResourceGroup,
  LustreFileSystem,
  MlNetwork,
  OutboundType,
  ResourceGroup,
  RootSquashMode,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
  UpgradeChannel,
  BucketVolume,
  JobVolume,
  Weekday,
} from 'ai-infra-constructs/azure';
import { App, TerraformOutput, TerraformStack } from 'cdktf';

const app = new App();
const ADMIN = '22222222-2222-4222-8222-222222222222';
const REGISTERED = { infinibandFeature: InfinibandFeature.REGISTERED };

const CLUSTERS: Readonly<Record<string, Omit<TrainingClusterProps, 'resourceGroup'>>> = {
  a100: {
    machine: AzureMachine.ND96AMSR_A100_V4,
    ...REGISTERED,
    nodes: 4,
    nodeOptions: { driver: GpuDriver.AKS },
    repairFaults: true,
  },
  h100: {
    machine: AzureMachine.ND96ISR_H100_V5,
    infinibandFeature: InfinibandFeature.REGISTER,
    nodes: 2,
    cluster: ClusterSource.create({
      apiAccess: ApiAccess.PUBLIC_BY_ENTRA,
      authorizedCidrs: ['203.0.113.0/24'],
      admins: [ADMIN],
      logs: {
        id: '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/ml/providers/Microsoft.OperationalInsights/workspaces/logs',
      },
    }),
  },
  mi300x: {
    machine: AzureMachine.ND96ISR_MI300X_V5,
    ...REGISTERED,
    nodes: 2,
    cluster: ClusterSource.create({
      upgradeChannel: UpgradeChannel.NODE_IMAGE,
      zones: ['1', '2', '3'],
      maintenance: {
        window: { day: Weekday.SUNDAY, start: '02:00', hours: 6 },
        exclusions: [{ from: new Date('2026-12-01'), until: new Date('2027-01-31') }],
      },
    }),
  },
  rack: {
    machine: AzureMachine.ND128ISR_GB300_V6,
    infinibandFeature: InfinibandFeature.UNREGISTERED,
    nodes: 18,
    cluster: ClusterSource.create({ kubernetesVersion: '1.34' }),
    storage: TrainingStorage.lustre({ sizeGiB: 96 * 1024, throughputMBpsPerTiB: 125 }),
  },
  priced: {
    machine: AzureMachine.ND96ISR_H200_V5,
    ...REGISTERED,
    nodes: 16,
    job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e12 }),
    prices: Prices.of(
      [
        {
          cloud: 'azure',
          machine: 'Standard_ND96isr_H200_v5',
          market: 'on-demand',
          region: 'swedencentral',
          usdPerHour: 80,
          date: '2026-11-20',
        },
      ],
      { asOf: '2026-11-25' },
    ),
  },
  several: {
    machine: AzureMachine.ND96ISR_H200_V5,
    ...REGISTERED,
    nodes: 2,
    capacity: Capacity.spot(),
    storage: TrainingStorage.lustre({
      requiredThroughputMBps: 10_000,
      rootSquash: { mode: RootSquashMode.ALL, noSquashNids: '10.0.0.[4-9]@tcp' },
    }),
    groups: {
      debug: { machine: AzureMachine.NC16AS_T4_V3, nodes: 1 },
      more: { machine: AzureMachine.NC96ADS_A100_V4, nodes: 4, compactPlacement: true },
    },
    cluster: ClusterSource.create({
      systemNodes: { machineType: 'Standard_D16ds_v5', minNodes: 3, maxNodes: 9, encryptionAtHost: true },
      azurePolicy: true,
      upgradeChannel: UpgradeChannel.NONE,
      kubernetesVersion: '1.34.3',
      deletionProtection: false,
    }),
    images: { training: 'image:1', acceptance: 'image:2' },
  },
};

for (const [name, props] of Object.entries(CLUSTERS)) {
  const { stack, resourceGroup } = newStack(name);
  const cluster = new TrainingCluster(stack, 'Cluster', withBuckets(stack, { ...props, resourceGroup }));
  new HelmProvider(stack, 'Helm', { kubernetes: cluster.controlPlane!.connection });
  const job = cluster.trainJob({
    name: 'pretraining',
    group: Object.keys(cluster.groups).at(-1),
    nodes: 1,
    command: ['torchrun', 'train.py'],
    image: 'image:3',
    priority: JobPriority.URGENT,
    env: { LOG_LEVEL: 'debug', TOKEN: { secret: 'hub', key: 'token' } },
    volumes: [
      BucketVolume.mount(
        { accountName: 'mydata', containerName: 'tokens', hierarchical: true },
        { mountPath: '/tokens', readOnly: true, clientId: ADMIN },
      ),
      JobVolume.claim('results', { mountPath: '/results', readOnly: false }),
      JobVolume.configMap('settings', { mountPath: '/settings' }),
      JobVolume.secret('keys', { mountPath: '/keys' }),
      JobVolume.scratch({ mountPath: '/tmp/work', sizeGiB: 200 }),
    ],
  });
  new TerraformOutput(stack, 'Job', { value: JSON.stringify(job) });
}

const gitOps = newStack('git-ops');
new TrainingCluster(
  gitOps.stack,
  'Cluster',
  withBuckets(gitOps.stack, {
    ...CLUSTERS.h100!,
    resourceGroup: gitOps.resourceGroup,
    installation: Installation.gitOps(),
  }),
);

const existing = newStack('brought');
const vnet =
  '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/mine/providers/Microsoft.Network/virtualNetworks/v';
const network = MlNetwork.fromMlNetworkAttributes(existing.stack, 'Network', {
  virtualNetworkId: vnet,
  nodeSubnetId: `${vnet}/subnets/nodes`,
  endpointSubnetId: `${vnet}/subnets/endpoints`,
  podCidr: '10.128.0.0/12',
  serviceCidr: '10.144.0.0/18',
});
const cluster = new ControlPlane(existing.stack, 'ControlPlane', {
  resourceGroup: existing.resourceGroup,
  network,
  outboundType: OutboundType.USER_DEFINED_ROUTING,
});
new TrainingCluster(existing.stack, 'Cluster', {
  resourceGroup: existing.resourceGroup,
  network,
  encryptionKey: cluster.encryptionKey,
  cluster: ClusterSource.fromCluster(cluster, { systemLabels: { role: 'system' } }),
  machine: AzureMachine.NC40ADS_H100_V5,
  nodes: 2,
  storage: TrainingStorage.fromFileSystem(
    LustreFileSystem.fromLustreFileSystemAttributes(existing.stack, 'FileSystem', {
      name: 'fs',
      mgsAddress: '10.1.2.3',
      zone: '1',
      sizeGiB: 8192,
      throughputMBps: 2000,
    }),
  ),
});
new HelmProvider(existing.stack, 'Helm', { kubernetes: cluster.connection });

// A cluster, resource group, and key that another app created.
const imported = newStack('imported');
const SUBSCRIPTION = '/subscriptions/00000000-0000-4000-8000-000000000000';
const group = ResourceGroup.fromResourceGroupAttributes(imported.stack, 'Imported', {
  name: 'mine',
  location: 'swedencentral',
  resourceGroupId: `${SUBSCRIPTION}/resourceGroups/mine`,
});
new TrainingCluster(imported.stack, 'Cluster', {
  resourceGroup: group,
  zone: '1',
  network: new MlNetwork(imported.stack, 'Network', { resourceGroup: group }),
  encryptionKey: EncryptionKey.fromEncryptionKeyAttributes(imported.stack, 'Key', {
    keyId: 'https://mine.vault.azure.net/keys/data',
    versionedKeyId: 'https://mine.vault.azure.net/keys/data/0123456789abcdef0123456789abcdef',
    vaultId: `${SUBSCRIPTION}/resourceGroups/mine/providers/Microsoft.KeyVault/vaults/mine`,
    identity: {
      id: `${SUBSCRIPTION}/resourceGroups/mine/providers/Microsoft.ManagedIdentity/userAssignedIdentities/key`,
      principalId: ADMIN,
      clientId: ADMIN,
    },
    behindFirewall: true,
  }),
  cluster: ClusterSource.fromCluster(
    ControlPlane.fromControlPlaneAttributes(imported.stack, 'ControlPlane', {
      clusterId: `${SUBSCRIPTION}/resourceGroups/mine/providers/Microsoft.ContainerService/managedClusters/mine`,
      resourceGroup: group,
      nodeSubnetId: `${vnet}/subnets/nodes`,
      kubernetesVersion: '1.34',
      principalId: ADMIN,
      oidcIssuerUrl: 'https://swedencentral.oic.prod-aks.azure.com/tenant/cluster/',
    }),
  ),
  datasets: DataBucket.fromDataBucketAttributes(imported.stack, 'Datasets', {
    accountName: 'shards',
    accountId: `${SUBSCRIPTION}/resourceGroups/mine/providers/Microsoft.Storage/storageAccounts/shards`,
    containerName: 'data',
    acceptsKeys: false,
  }),
  machine: AzureMachine.NC40ADS_H100_V5,
  nodes: 2,
  installation: Installation.gitOps(),
});
app.synth();

function newStack(name: string): { stack: TerraformStack; resourceGroup: IResourceGroup } {
  const stack = new TerraformStack(app, name);
  new AzurermProvider(stack, 'Azurerm', { features: [{ storage: [{ dataPlaneAvailable: false }] }] });
  new AzapiProvider(stack, 'Azapi');
  return { stack, resourceGroup: new ResourceGroup(stack, 'Group', { location: 'swedencentral' }) };
}

function withBuckets(stack: TerraformStack, props: TrainingClusterProps): TrainingClusterProps {
  const { resourceGroup } = props;
  const datasets = new DataBucket(stack, 'Datasets', { resourceGroup });
  const checkpoints = new DataBucket(stack, 'Checkpoints', { resourceGroup });
  return { zone: '1', ...props, datasets, checkpoints };
}
