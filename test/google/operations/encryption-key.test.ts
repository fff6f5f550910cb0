import { DataClass } from 'ai-infra-constructs';
import {
  CloudRunGpu,
  CloudRunInference,
  CloudRunModel,
  ControlPlane,
  DataBucket,
  EncryptionKey,
  GoogleMachine,
  KubernetesInference,
  PrivateEndpoint,
  ServingModel,
  TrainingCluster,
} from 'ai-infra-constructs/google';
import type { TerraformStack } from 'cdktf';
import { newStack, problemsOf, theOnly, ZONE } from '../support';

const REGION = 'us-central1';

/** What a key of another region must not encrypt. */
const USERS: readonly (readonly [what: string, use: (stack: TerraformStack, encryptionKey: EncryptionKey) => void])[] =
  [
    ['a bucket', (stack, encryptionKey) => new DataBucket(stack, 'User', { location: REGION, encryptionKey })],
    ['a control plane', (stack, encryptionKey) => new ControlPlane(stack, 'User', { region: REGION, encryptionKey })],
    [
      'a training cluster',
      (stack, encryptionKey) =>
        new TrainingCluster(stack, 'User', {
          machine: GoogleMachine.G2_STANDARD_48,
          nodes: 1,
          zone: ZONE,
          encryptionKey,
        }),
    ],
    [
      'a model on a cluster',
      (stack, encryptionKey) =>
        new KubernetesInference(stack, 'User', {
          machine: GoogleMachine.G2_STANDARD_24,
          zone: ZONE,
          model: ServingModel.huggingFace('a/b', { revision: '0123456789'.repeat(4), sizeGiB: 15 }),
          encryptionKey,
        }),
    ],
    [
      'a model on Cloud Run',
      (stack, encryptionKey) =>
        new CloudRunInference(stack, 'User', {
          region: REGION,
          gpu: CloudRunGpu.L4,
          model: CloudRunModel.bucket({ name: 'models' }, { prefix: 'v1/', sizeGiB: 15 }),
          encryptionKey,
        }),
    ],
    ['an endpoint', (stack, encryptionKey) => new PrivateEndpoint(stack, 'User', { region: REGION, encryptionKey })],
  ];

test.each(USERS)('%s refuses a key of another region', (_, use) => {
  const stack = newStack();
  const key = new EncryptionKey(stack, 'Key', { location: 'europe-west4' });
  expect(problemsOf(() => use(stack, key))).toContainEqual(
    expect.objectContaining({ code: 'LocationInvalid', prop: 'encryptionKey', got: 'europe-west4' }),
  );
});

test('a key of the same region is taken, and no other is made', () => {
  const stack = newStack();
  const encryptionKey = new EncryptionKey(stack, 'Key', { location: REGION });
  new DataBucket(stack, 'Bucket', { location: REGION, dataClass: DataClass.RESTRICTED, encryptionKey });
  expect(theOnly(stack, 'google_storage_bucket').encryption.default_kms_key_name).toMatch(
    /google_kms_crypto_key\.Key_/,
  );
  expect(theOnly(stack, 'google_kms_key_ring').location).toBe(REGION);
});
