/** Networks, keys, buckets, file systems, tags, and budgets with every option, for `verify:terraform`. */
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { DataClass } from 'ai-infra-constructs';
import {
  AlertGroup,
  AzapiProvider,
  ControlPlane,
  CostAllocation,
  CostAnomalyAlert,
  CostBudget,
  DataBucket,
  type DataBucketProps,
  DataPurpose,
  EncryptionKey,
  LogWorkspace,
  LustreFileSystem,
  type LustreFileSystemProps,
  MlNetwork,
  ResourceGroup,
  RootSquashMode,
  StorageRedundancy,
  TagPolicy,
  TagPolicyEffect,
  Weekday,
} from 'ai-infra-constructs/azure';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const ID = '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/mine/providers';
const GUID = '22222222-2222-4222-8222-222222222222';

const stack = newStack('every-foundation');
const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
const network = new MlNetwork(stack, 'Network', { resourceGroup, zone: '1' });
const encryptionKey = new EncryptionKey(stack, 'Key', { resourceGroup });

const BUCKETS: Readonly<Record<string, Partial<DataBucketProps>>> = {
  Datasets: {
    restoreDays: 10,
    accessLogs: LogWorkspace.fromLogWorkspaceId(
      stack,
      'AccessLogs',
      `${ID}/Microsoft.OperationalInsights/workspaces/logs`,
    ),
  },
  Checkpoints: { purpose: DataPurpose.CHECKPOINTS, redundancy: StorageRedundancy.LOCAL, softDeleteDays: 3 },
  Models: { purpose: DataPurpose.MODELS, dataClass: DataClass.RESTRICTED, redundancy: StorageRedundancy.GEO_ZONES },
  Logs: { purpose: DataPurpose.LOGS, expirationDays: 30 },
  Versions: { noncurrentVersionExpirationDays: 14 },
  Folders: { hierarchical: true },
  Locked: { retention: { days: 30, permanent: true } },
  Mounted: { nfs: true, premium: true },
};
for (const [name, props] of Object.entries(BUCKETS))
  new DataBucket(stack, name, { resourceGroup, network, encryptionKey, ...props });

const bucket = new DataBucket(stack, 'Staging', { resourceGroup, network, accountKeys: true, versioned: false });
const FILE_SYSTEMS: Readonly<Record<string, Partial<LustreFileSystemProps>>> = {
  Sized: { sizeGiB: 8 * 1024 },
  Fast: {
    requiredThroughputMBps: 10_000,
    subnetCidr: '10.0.129.0/24',
    clientCidrs: ['10.0.0.0/20', '10.1.0.0/20'],
    blobIntegration: { bucket, resourceProviderId: GUID, importPrefix: '/shards' },
    rootSquash: { mode: RootSquashMode.ALL, noSquashNids: '10.0.0.[4-9]@tcp', uid: 1000, gid: 1000 },
    maintenance: { day: Weekday.MONDAY, time: '23:30' },
  },
  Brought: {
    sizeGiB: 48 * 1024,
    throughputMBpsPerTiB: 40,
    subnetId: `${ID}/Microsoft.Network/virtualNetworks/v/subnets/s`,
    encryptionKey,
    blobIntegration: {
      bucket: DataBucket.fromDataBucketAttributes(stack, 'Shards', {
        hierarchical: false,
        accountName: 'shards',
        accountId: `${ID}/Microsoft.Storage/storageAccounts/shards`,
        containerName: 'data',
      }),
      resourceProviderId: GUID,
      loggingContainerName: 'imports',
    },
  },
};
for (const [name, props] of Object.entries(FILE_SYSTEMS))
  new LustreFileSystem(stack, name, { resourceGroup, network, zone: '1', ...props });

const group = { name: 'mine', location: 'swedencentral' };
CostAllocation.apply(stack, {
  project: 'atlas',
  team: 'research',
  environment: 'prod',
  costCenter: 'r-17',
  owner: 'ml-platform',
  dataClass: DataClass.RESTRICTED,
  workload: 'pretraining',
  endDate: '2027-06-30',
  additionalTags: { experiment: 'moe' },
});
new CostBudget(stack, 'Budget', { monthlyUsd: 800_000, tags: { project: 'atlas' }, alertEmails: ['ml@example.com'] });
new CostBudget(stack, 'GroupBudget', {
  monthlyUsd: 1000,
  resourceGroup: group,
  startMonth: '2027-01',
  actualPercent: [90],
  forecastPercent: [100, 120],
  alertActionGroups: [AlertGroup.fromAlertGroupId(stack, 'Ops', `${ID}/Microsoft.Insights/actionGroups/ops`)],
});
new CostAnomalyAlert(stack, 'Anomalies', { alertEmails: ['ml@example.com'], message: 'Ask ${owner} of #ml-platform.' });
new TagPolicy(stack, 'Tags');
new TagPolicy(stack, 'GroupTags', { resourceGroup: group, requiredTags: ['project'], effect: TagPolicyEffect.DENY });

const placed = newStack('placed-foundation');
const named = new ResourceGroup(placed, 'Group', { location: 'westeurope', name: 'atlas-foundation' });
const wide = new MlNetwork(placed, 'Network', {
  resourceGroup: named,
  cidr: '10.64.0.0/14',
  nodeCidr: '10.64.0.0/16',
  endpointCidr: '10.65.0.0/24',
  podCidr: '10.128.0.0/12',
  serviceCidr: '10.144.0.0/18',
});
wide.addSubnet('Storage', { cidr: '10.66.0.0/24', egress: false });
new ControlPlane(placed, 'Cluster', { resourceGroup: named, network: wide });
new LogWorkspace(placed, 'Logs', { resourceGroup: named, logRetentionDays: 90 });
const shared = `${ID}/Microsoft.Network/virtualNetworks/shared`;
new DataBucket(placed, 'Datasets', {
  resourceGroup: named,
  encryptionKey: new EncryptionKey(placed, 'Key', { resourceGroup: named, trustedServicesOnly: false }),
  network: MlNetwork.fromMlNetworkAttributes(placed, 'Shared', {
    virtualNetworkId: shared,
    nodeSubnetId: `${shared}/subnets/nodes`,
    endpointSubnetId: `${shared}/subnets/endpoints`,
    location: 'northeurope',
    privateDnsZones: {
      'privatelink.blob.core.windows.net': `${ID}/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net`,
    },
  }),
});
app.synth();

function newStack(id: string): TerraformStack {
  const created = new TerraformStack(app, id);
  new AzurermProvider(created, 'Azurerm', {
    subscriptionId: '00000000-0000-4000-8000-000000000000',
    storageUseAzuread: true,
    features: [{ storage: [{ dataPlaneAvailable: false }] }],
  });
  new AzapiProvider(created, 'Azapi');
  return created;
}
