import { DataClass } from 'ai-infra-constructs';
import {
  CloudRunGpu,
  CloudRunInference,
  CloudRunModel,
  ClusterSource,
  ControlPlane,
  DataBucket,
  EncryptionKey,
  GoogleMachine,
  type IEncryptionKey,
  Installation,
  KubernetesInference,
  PrivateEndpoint,
  ServingModel,
  TrainingCluster,
  TrainingStorage,
} from 'ai-infra-constructs/google';
import { type TerraformStack, TerraformVariable } from 'cdktf';
import { type Json, newStack, problemsOf, resourcesOf, theOnly, ZONE } from '../support';

const REGION = 'us-central1';

/** Constructs that need a key in their region. */
const USERS: readonly (readonly [what: string, use: (stack: TerraformStack, encryptionKey: IEncryptionKey) => void])[] =
  [
    ['a bucket', (stack, encryptionKey) => new DataBucket(stack, 'User', { region: REGION, encryptionKey })],
    ['a control plane', (stack, encryptionKey) => new ControlPlane(stack, 'User', { region: REGION, encryptionKey })],
    [
      'a training cluster',
      (stack, encryptionKey) =>
        new TrainingCluster(stack, 'User', {
          machine: GoogleMachine.G2_STANDARD_48,
          nodes: 1,
          zone: ZONE,
          cluster: ClusterSource.create({ encryptionKey }),
        }),
    ],
    [
      'a model on a cluster',
      (stack, encryptionKey) =>
        new KubernetesInference(stack, 'User', {
          machine: GoogleMachine.G2_STANDARD_24,
          zone: ZONE,
          model: ServingModel.huggingFace('a/b', { revision: '0123456789'.repeat(4), sizeGiB: 15 }),
          cluster: ClusterSource.create({ encryptionKey }),
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

test.each(USERS)('%s rejects a key in another region', (_, use) => {
  const stack = newStack();
  const key = new EncryptionKey(stack, 'Key', { region: 'europe-west4' });
  expect(problemsOf(() => use(stack, key))).toContainEqual(
    expect.objectContaining({
      code: 'LocationInvalid',
      prop: expect.stringMatching(/^(cluster\.)?encryptionKey$/) as string,
      got: 'europe-west4',
    }),
  );
});

test('uses a key in the same region and creates no other key', () => {
  const stack = newStack();
  const encryptionKey = new EncryptionKey(stack, 'Key', { region: REGION });
  new DataBucket(stack, 'Bucket', { region: REGION, dataClass: DataClass.RESTRICTED, encryptionKey });
  expect(theOnly(stack, 'google_storage_bucket').encryption.default_kms_key_name).toMatch(
    /google_kms_crypto_key\.Key_/,
  );
  expect(theOnly(stack, 'google_kms_key_ring').location).toBe(REGION);
});

describe('an existing key', () => {
  const keyId = `projects/security/locations/${REGION}/keyRings/ml/cryptoKeys/data`;

  test('encrypts a bucket after the agent of Cloud Storage can use it', () => {
    const stack = newStack();
    const encryptionKey = EncryptionKey.fromEncryptionKeyId(stack, 'Key', keyId);
    expect(encryptionKey).toMatchObject({ keyId, location: REGION });
    new DataBucket(stack, 'Bucket', { region: REGION, encryptionKey });
    new DataBucket(stack, 'Other', { region: REGION, encryptionKey });
    const [[grant, member]] = Object.entries(resourcesOf(stack, 'google_kms_crypto_key_iam_member')) as [
      [string, Json],
    ];
    expect(member).toMatchObject({ crypto_key_id: keyId, role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter' });
    for (const bucket of Object.values(resourcesOf(stack, 'google_storage_bucket'))) {
      expect(bucket.encryption.default_kms_key_name).toBe(keyId);
      expect(bucket.depends_on).toEqual([`google_kms_crypto_key_iam_member.${grant}`]);
    }
    expect(resourcesOf(stack, 'google_kms_crypto_key')).toEqual({});
  });

  test('encrypts the secrets and boot disks of a training cluster', () => {
    const stack = newStack();
    const encryptionKey = EncryptionKey.fromEncryptionKeyId(stack, 'Key', keyId);
    new TrainingCluster(stack, 'Training', {
      machine: GoogleMachine.G2_STANDARD_48,
      nodes: 1,
      zone: ZONE,
      cluster: ClusterSource.create({ encryptionKey }),
      storage: TrainingStorage.none(),
      installation: Installation.gitOps(),
    });
    expect(theOnly(stack, 'google_container_cluster').database_encryption.key_name).toBe(keyId);
    for (const pool of Object.values(resourcesOf(stack, 'google_container_node_pool'))) {
      expect(pool.node_config.boot_disk_kms_key).toBe(keyId);
      expect(pool.depends_on).toContainEqual(expect.stringMatching(/Key_Grant-compute/));
    }
    const members = Object.values(resourcesOf(stack, 'google_kms_crypto_key_iam_member'));
    expect(members.map(({ crypto_key_id }) => crypto_key_id as string)).toEqual([keyId, keyId]);
  });

  test('gets no grants if its owner manages them', () => {
    const stack = newStack();
    const encryptionKey = EncryptionKey.fromEncryptionKeyId(stack, 'Key', keyId, { grants: false });
    new DataBucket(stack, 'Bucket', { region: REGION, encryptionKey });
    expect(resourcesOf(stack, 'google_kms_crypto_key_iam_member')).toEqual({});
    expect(theOnly(stack, 'google_storage_bucket').depends_on).toEqual([]);
  });

  test('can have an ID that is unknown at synthesis', () => {
    const stack = newStack();
    const { stringValue } = new TerraformVariable(stack, 'KeyId', { type: 'string' });
    const encryptionKey = EncryptionKey.fromEncryptionKeyId(stack, 'Key', stringValue);
    new DataBucket(stack, 'Bucket', { region: REGION, encryptionKey });
    expect(theOnly(stack, 'google_storage_bucket').encryption.default_kms_key_name).toBe('${var.KeyId}');
  });

  test.each([
    ['key', 'ResourceIdInvalid'],
    [`${keyId}/cryptoKeyVersions/1`, 'ResourceIdInvalid'],
    [`//cloudkms.googleapis.com/${keyId}`, 'ResourceIdInvalid'],
    ['', 'PropType'],
    [undefined, 'ValueMissing'],
  ])('is rejected with the ID %j', (id, code) => {
    expect(problemsOf(() => EncryptionKey.fromEncryptionKeyId(newStack(), 'Key', id as never))).toEqual([
      expect.objectContaining({ code, prop: 'keyId' }),
    ]);
  });
});
