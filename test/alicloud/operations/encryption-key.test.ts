import { CurrentAccount, EncryptionKey, type EncryptionKeyProps } from 'ai-infra-constructs/alicloud';
import { Testing } from 'cdktf';
import { codesOf, type Json, refusalsOf, stackIn, theOnly } from '../support';

function key(props?: EncryptionKeyProps): Json {
  const stack = stackIn();
  new EncryptionKey(stack, 'Key', props);
  return theOnly(stack, 'alicloud_kms_key');
}

test('a key rotates every 90 days, and cannot be deleted by accident', () => {
  expect(key()).toMatchObject({
    automatic_rotation: 'Enabled',
    rotation_interval: '90d',
    deletion_protection: 'Enabled',
    pending_window_in_days: 30,
    lifecycle: { prevent_destroy: true },
  });
});

test('a key can be in a KMS instance, or have no rotation', () => {
  expect(key({ kmsInstanceId: 'kst-hzz65f176a0ogplgq0000' }).dkms_instance_id).toBe('kst-hzz65f176a0ogplgq0000');
  const fixed = key({ rotationDays: 0 });
  expect(fixed.automatic_rotation).toBe('Disabled');
  expect(fixed).not.toHaveProperty('rotation_interval');
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
  const { data } = JSON.parse(Testing.synth(stack)) as Json;
  expect(Object.keys(data.alicloud_caller_identity)).toHaveLength(1);
  expect(Object.values(data.alicloud_regions)).toMatchObject([{ current: true }]);
});
