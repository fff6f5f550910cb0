import {
  CloudRunGpu,
  CloudRunInference,
  CloudRunModel,
  ClusterSource,
  ControlPlane,
  DataBucket,
  EncryptionKey,
  GoogleMachine,
  KubernetesInference,
  LustreFileSystem,
  MlNetwork,
  PrivateEndpoint,
  ServiceAgent,
  ServingIngress,
  ServingModel,
  SystemNodePool,
} from 'ai-infra-constructs/google';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { textIn } from '../../terraform/support';
import { type Json, ZONE } from '../support';

const region = 'us-central1';

/** A base stack with a network and a key, and a stack that uses them. */
function twoStacks() {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'terraform-')), skipValidation: true });
  const base = new TerraformStack(app, 'base');
  const network = new MlNetwork(base, 'Network', { region });
  const encryptionKey = new EncryptionKey(base, 'Key', { region });
  return { app, base, network, encryptionKey, stack: new TerraformStack(app, 'user') };
}

/** The dependencies of each resource of a type in the user stack. cdktf writes references to other stacks only when it synthesizes the whole app. */
function before(app: App, type: string): (readonly string[])[] {
  app.synth();
  const { resource } = JSON.parse(textIn(join(app.outdir, 'stacks/user'), 'cdk.tf.json'));
  return Object.values(resource[type] as Record<string, Json>).map(({ depends_on: after = [] }) => after as string[]);
}

type Use = (given: ReturnType<typeof twoStacks>) => unknown;

const USES: readonly (readonly [type: string, use: Use])[] = [
  ['google_storage_bucket', ({ stack, encryptionKey }) => new DataBucket(stack, 'It', { region, encryptionKey })],
  [
    'google_container_cluster',
    ({ stack, encryptionKey, network }) => new ControlPlane(stack, 'It', { region, network, encryptionKey }),
  ],
  [
    'google_container_node_pool',
    ({ stack, encryptionKey }) =>
      new SystemNodePool(stack, 'It', {
        cluster: { name: 'research', location: region },
        bootDiskKey: encryptionKey,
      }),
  ],
  [
    'google_lustre_instance',
    ({ stack, network }) => new LustreFileSystem(stack, 'It', { network, zone: ZONE, sizeGiB: 18_000 }),
  ],
  [
    'google_vertex_ai_endpoint',
    ({ stack, encryptionKey }) => new PrivateEndpoint(stack, 'It', { region, encryptionKey }),
  ],
  [
    'google_cloud_run_v2_service',
    ({ stack, encryptionKey, network }) =>
      new CloudRunInference(stack, 'It', {
        region,
        gpu: CloudRunGpu.L4,
        model: CloudRunModel.bucket({ name: 'models' }, { prefix: 'gemma/v1', sizeGiB: 8 }),
        encryptionKey,
        network,
      }),
  ],
  [
    'helm_release',
    ({ stack, network }) =>
      new KubernetesInference(stack, 'It', {
        cluster: ClusterSource.fromCluster(
          { name: 'research', location: region },
          { systemLabels: { role: 'system' } },
        ),
        network,
        zone: ZONE,
        machine: GoogleMachine.G2_STANDARD_12,
        model: ServingModel.volume('models', { sizeGiB: 8 }),
        ingress: ServingIngress.inferenceGateway(),
      }),
  ],
];

describe('a resource in another stack', () => {
  test.each(USES)('is not a dependency of %s, because Terraform orders resources only within a stack', (type, use) => {
    const given = twoStacks();
    use(given);
    const found = before(given.app, type);
    expect(found).not.toHaveLength(0);
    for (const address of found.flat()) expect(address).toMatch(/^\w+\.[\w-]+$/);
    expect(given.stack.dependencies).toEqual([given.base]);
  });

  test('makes its stack a dependency even if nothing else refers to it', () => {
    const { app, base, stack, encryptionKey } = twoStacks();
    new SystemNodePool(stack, 'It', {
      cluster: { name: 'research', location: region },
      after: encryptionKey.grantTo(ServiceAgent.COMPUTE),
    });
    expect(before(app, 'google_container_node_pool')).toEqual([[]]);
    expect(stack.dependencies).toEqual([base]);
  });
});
