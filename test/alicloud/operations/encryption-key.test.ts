import { CurrentAccount, EncryptionKey, type EncryptionKeyProps, useProviders } from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { Testing } from 'cdktf';
import { Construct } from 'constructs';
import { codesOf, type Json, problemsOf, refusalsOf, stackIn, theOnly } from '../support';

const INSTANCE = 'kst-hzz65f176a0ogplgq0000';

function key(props?: EncryptionKeyProps): Json {
  const stack = stackIn();
  new EncryptionKey(stack, 'Key', props);
  return theOnly(stack, 'alicloud_kms_key');
}

test('a key in a KMS instance rotates every 90 days, and cannot be deleted by accident', () => {
  expect(key({ kmsInstanceId: INSTANCE })).toMatchObject({
    dkms_instance_id: INSTANCE,
    automatic_rotation: 'Enabled',
    rotation_interval: '7776000s',
    deletion_protection: 'Enabled',
    pending_window_in_days: 30,
    lifecycle: { prevent_destroy: true },
  });
});

test('the default key of a region does not rotate, unless the account has the paid option', () => {
  expect(key()).toMatchObject({ automatic_rotation: 'Disabled' });
  expect(key()).not.toHaveProperty('rotation_interval');
  expect(key({ rotationDays: 30 })).toMatchObject({ automatic_rotation: 'Enabled', rotation_interval: '2592000s' });
  expect(key({ kmsInstanceId: INSTANCE, rotationDays: 0 }).automatic_rotation).toBe('Disabled');
});

test('a stack has one key without a KMS instance for each provider', () => {
  const stack = stackIn();
  new EncryptionKey(stack, 'First');
  new EncryptionKey(stack, 'InInstance', { kmsInstanceId: INSTANCE });
  expect(problemsOf(() => new EncryptionKey(stack, 'Second'))).toMatchObject([
    { code: 'KeyWithoutInstance', prop: 'kmsInstanceId', allowed: expect.stringContaining('Test/First') },
  ]);
  const singapore = new Construct(stack, 'Singapore');
  useProviders(singapore, new AlicloudProvider(stack, 'Other', { alias: 'other', region: 'ap-southeast-1' }));
  expect(() => new EncryptionKey(singapore, 'Key')).not.toThrow();
});

test('EncryptionKey.of creates one key for each provider of a stack', () => {
  const stack = stackIn();
  const made = EncryptionKey.of(stack);
  expect(EncryptionKey.of(new Construct(stack, 'Below'))).toBe(made);
  expect(made.node.path).toBe('Test/AiInfraAlicloudKey');
  const singapore = new Construct(stack, 'Singapore');
  useProviders(singapore, new AlicloudProvider(stack, 'Other', { alias: 'other', region: 'ap-southeast-1' }));
  const other = EncryptionKey.of(singapore);
  expect(other).not.toBe(made);
  Testing.synth(stack);
  expect(other.resource.provider?.alias).toBe('other');
});

test.each([6, 366, 7.5, -1])('rejects a rotation after %d days', (rotationDays) => {
  expect(refusalsOf(() => key({ rotationDays }))).toEqual(['KeyRotation rotationDays']);
});

test('has an alias', () => {
  const stack = stackIn();
  new EncryptionKey(stack, 'Key');
  expect(theOnly(stack, 'alicloud_kms_alias').alias_name).toMatch(/^alias\/test-key-[0-9a-f]{8}$/);
});

test.each(['acs:kms:cn-hangzhou:1234567890123456:key/key-hzz63d2c8d3dfv8cv0000', 'alias/data', ''])(
  'rejects the key ID %j',
  (id) => {
    expect(codesOf(() => EncryptionKey.fromEncryptionKeyId(stackIn(), 'Key', id))).toHaveLength(1);
  },
);

test.each(['key-hzz63d2c8d3dfv8cv0000', '1234abcd-12ab-34cd-56ef-1234567890ab'])('accepts the key ID %j', (id) => {
  expect(EncryptionKey.fromEncryptionKeyId(stackIn(), 'Key', id).keyId).toBe(id);
});

test('the account of a stack is looked up once', () => {
  const stack = stackIn();
  expect(CurrentAccount.of(stack)).toBe(CurrentAccount.of(new EncryptionKey(stack, 'Key')));
  expect(CurrentAccount.of(stack).region).not.toBe('');
  const { data } = JSON.parse(Testing.synth(stack));
  expect(Object.keys(data.alicloud_caller_identity)).toHaveLength(1);
  expect(Object.values(data.alicloud_regions)).toMatchObject([{ current: true }]);
});
