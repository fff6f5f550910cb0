import { join } from 'node:path';
import {
  AzureMachine,
  ControlPlane,
  DataBucket,
  EncryptionKey,
  FoundryDeployment,
  GatewayAuthorization,
  GatewayExposure,
  InferenceGateway,
  InferenceTarget,
  LustreFileSystem,
  MachineLearningCluster,
  MachineLearningWorkspace,
  MlNetwork,
  ModelCapacity,
  ResourceGroup,
} from 'ai-infra-constructs/azure';
import { Testing, TerraformStack } from 'cdktf';
import { JobIdentity } from '../../../lib/azure/cluster/job-identity';
import type { Json } from '../support';

const CALLER = '11111111-1111-1111-1111-111111111111';

/** Dependencies of the resources of a stack, by address. */
function waitedFor(stack: TerraformStack): [string, string[]][] {
  const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, Record<string, Json>> };
  return Object.entries(resource).flatMap(([type, all]) =>
    Object.entries(all).map(([name, one]): [string, string[]] => [
      `${type}.${name}`,
      (one.depends_on ?? []) as string[],
    ]),
  );
}

test('does not depend on resources of another stack by address', () => {
  const app = Testing.app({ outdir: join(Testing.app().outdir, 'stacks') });
  const base = new TerraformStack(app, 'base');
  const resourceGroup = new ResourceGroup(base, 'Group', { location: 'swedencentral' });
  const network = new MlNetwork(base, 'Network', { resourceGroup });
  const encryptionKey = new EncryptionKey(base, 'Key', { resourceGroup });
  const datasets = new DataBucket(base, 'Datasets', { resourceGroup, network, encryptionKey });
  const workspace = new MachineLearningWorkspace(base, 'Workspace', { resourceGroup, network, encryptionKey });
  const subnet = network.addSubnet('Gateway', { cidr: '10.0.192.0/27', delegation: 'Microsoft.Web/serverFarms' });

  const work = new TerraformStack(app, 'work');
  const place = { resourceGroup, network, encryptionKey };
  const { oidcIssuerUrl } = new ControlPlane(work, 'Cluster', place);
  new JobIdentity(work, 'Jobs', { resourceGroup, oidcIssuerUrl, namespace: 'training', datasets });
  new DataBucket(work, 'Checkpoints', place);
  const servers = `/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s`;
  new LustreFileSystem(work, 'FileSystem', { ...place, zone: '1', sizeGiB: 8192, subnetId: servers });
  new MachineLearningCluster(work, 'Machines', { workspace, machine: AzureMachine.NC48ADS_A100_V4, maxNodes: 2 });
  const capacity = ModelCapacity.standard({ tokensPerMinute: 1000 });
  const chat = { model: 'gpt-4.1-mini', version: '2025-04-14', capacity };
  new FoundryDeployment(work, 'Models', { ...place, models: { chat } });
  new InferenceGateway(work, 'Gateway', {
    resourceGroup,
    endpoint: InferenceTarget.fromUrl('https://models.example.com/v1'),
    exposure: GatewayExposure.public({ subnetId: subnet.id, after: network.readyOf(subnet) }),
    authorization: GatewayAuthorization.entra({ audiences: ['api://gateway'], applicationIds: [CALLER] }),
    publisherEmail: 'ml@example.com',
  });

  const waiting = waitedFor(work);
  expect(waiting.filter(([, names]) => names.some((name) => name.includes('terraform_remote_state')))).toEqual([]);
  const addresses = new Set(waiting.map(([address]) => address));
  for (const [, names] of waiting) expect(names.filter((name) => !addresses.has(name))).toEqual([]);
});
