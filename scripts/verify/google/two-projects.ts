/** Two projects in one stack, and a stack whose only provider has an alias, for `verify:terraform`. */
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import {
  Capacity,
  DataBucket,
  EncryptionKey,
  GardenModel,
  GoogleMachine,
  InferenceEndpoint,
  TrainingCluster,
  useProviders,
} from 'ai-infra-constructs/google';
import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

const REGION = 'us-central1';
const app = new App();

const stack = new TerraformStack(app, 'two-projects');
new GoogleProvider(stack, 'Google', { project: 'atlas' });
const sharedKey = new EncryptionKey(stack, 'Key', { region: REGION });
addTo(new Construct(stack, 'First'));
const second = new Construct(stack, 'Second');
useProviders(second, new GoogleProvider(stack, 'SecondProject', { alias: 'second', project: 'atlas-research' }));
addTo(second, 'second');

const only = new TerraformStack(app, 'only-alias');
useProviders(only, new GoogleProvider(only, 'Google', { alias: 'only', project: 'atlas' }));
new DataBucket(only, 'Datasets', { region: REGION });

app.synth();

function addTo(scope: Construct, alias?: string): void {
  const { controlPlane } = new TrainingCluster(scope, 'Pretrain', {
    zone: `${REGION}-b`,
    machine: GoogleMachine.A3_ULTRAGPU_8G,
    nodes: 2,
    capacity: Capacity.spot(),
  });
  useProviders(scope, new HelmProvider(stack, `Helm${alias ?? ''}`, { alias, kubernetes: controlPlane!.connection }));
  new DataBucket(scope, 'Shared', { region: REGION, encryptionKey: sharedKey });
  const endpoint = new InferenceEndpoint(scope, 'Endpoint', {
    region: REGION,
    machine: GoogleMachine.G2_STANDARD_48,
    model: GardenModel.publisher('publishers/google/models/gemma3@gemma-3-12b-it', { acceptEula: true }),
  });
  endpoint.grantInvoke('Caller', 'group:callers@example.com');
}
