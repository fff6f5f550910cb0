import { AiInfraError, DataClass } from 'ai-infra-constructs';
import {
  CostAllocation,
  DataBucket,
  type DataBucketProps,
  DataPurpose,
  EncryptionKey,
  StorageRedundancy,
} from 'ai-infra-constructs/alicloud';
import fc from 'fast-check';
import { codesOf, problemsOf, refusalsOf, resourcesOf, stackIn, theOnly } from '../support';

const KEY_ID = 'key-hzz63d2c8d3dfv8cv0000';

function bucket(props: DataBucketProps = {}) {
  const stack = stackIn();
  const made = new DataBucket(stack, 'Data', props);
  return { stack, bucket: made, of: (setting: string) => theOnly(stack, `alicloud_oss_bucket${setting}`) };
}

describe('a bucket', () => {
  test('is private, encrypted with the key of OSS, versioned, and protected from destruction', () => {
    const { of } = bucket();
    expect(of('')).toMatchObject({
      force_destroy: false,
      redundancy_type: 'ZRS',
      lifecycle: { prevent_destroy: true },
    });
    expect(of('_acl').acl).toBe('private');
    expect(of('_public_access_block').block_public_access).toBe(true);
    expect(of('_versioning').status).toBe('Enabled');
    expect(of('_server_side_encryption')).toMatchObject({ sse_algorithm: 'KMS' });
    expect(of('_server_side_encryption')).not.toHaveProperty('kms_master_key_id');
  });

  test('shows no change for settings that resources of their own have', () => {
    expect(bucket().of('').lifecycle.ignore_changes).toEqual([
      'logging',
      'policy',
      'server_side_encryption_rule',
      'versioning',
    ]);
  });

  test('accepts only HTTPS with TLS 1.2 or later', () => {
    const { of } = bucket();
    expect(of('_https_config')).toMatchObject({ enable: true, tls_versions: ['TLSv1.2', 'TLSv1.3'] });
    expect(of('_policy').policy).toContain('"Condition":{"Bool":{"acs:SecureTransport":["false"]}}');
    expect(of('_policy').policy).toContain('"Effect":"Deny"');
  });

  test('has a globally unique name with the account ID, of at most 63 characters', () => {
    const stack = stackIn();
    new DataBucket(stack, 'ABucketWithAnUnusuallyLongNameThatNobodyWouldEverChoose'.repeat(2));
    const { bucket: name } = theOnly(stack, 'alicloud_oss_bucket');
    expect(name).toMatch(/^test-abucket-[a-z0-9-]+-\${data\.alicloud_caller_identity\.\w+\.account_id}$/);
    expect(name.replace(/\${.*}/, '1234567890123456').length).toBeLessThanOrEqual(63);
  });

  test('moves objects without access to a cheaper class, by purpose', () => {
    const transitions = (purpose: DataPurpose) => bucket({ purpose }).of('').lifecycle_rule[0].transitions;
    expect(transitions(DataPurpose.DATASETS)).toEqual([
      { days: 30, storage_class: 'IA', is_access_time: true, return_to_std_when_visit: true },
    ]);
    expect(transitions(DataPurpose.CHECKPOINTS)).toBeUndefined();
    expect(bucket({ purpose: DataPurpose.MODELS }).of('').access_monitor).toEqual({ status: 'Enabled' });
    expect(bucket({ purpose: DataPurpose.LOGS }).of('').access_monitor).toBeUndefined();
  });

  test('deletes noncurrent versions by purpose, logs after a year, and incomplete uploads after a week', () => {
    const rule = (purpose: DataPurpose) => bucket({ purpose }).of('').lifecycle_rule[0];
    expect(rule(DataPurpose.MODELS)).toMatchObject({
      noncurrent_version_expiration: [{ days: 90 }],
      expiration: [{ expired_object_delete_marker: true }],
      abort_multipart_upload: [{ days: 7 }],
    });
    expect(rule(DataPurpose.LOGS).expiration).toEqual([{ days: 365 }]);
  });

  test('without versioning has no rule for noncurrent versions', () => {
    const { of, stack } = bucket({ versioned: false });
    expect(of('').lifecycle_rule[0]).not.toHaveProperty('noncurrent_version_expiration');
    expect(of('').lifecycle_rule[0]).not.toHaveProperty('expiration');
    expect(resourcesOf(stack, 'alicloud_oss_bucket_versioning')).toEqual({});
  });

  test('uses an existing key, and local copies', () => {
    const stack = stackIn();
    const encryptionKey = EncryptionKey.fromEncryptionKeyId(stack, 'Key', 'key-hzz63d2c8d3dfv8cv0000');
    new DataBucket(stack, 'Data', { encryptionKey, redundancy: StorageRedundancy.LOCAL });
    expect(resourcesOf(stack, 'alicloud_kms_key')).toEqual({});
    expect(theOnly(stack, 'alicloud_oss_bucket').redundancy_type).toBe('LRS');
    expect(theOnly(stack, 'alicloud_oss_bucket_server_side_encryption').kms_master_key_id).toBe(
      'key-hzz63d2c8d3dfv8cv0000',
    );
  });

  test('writes access logs under its own prefix', () => {
    const stack = stackIn();
    const accessLogs = DataBucket.fromBucketName(stack, 'Logs', 'audit-logs');
    new DataBucket(stack, 'Data', { accessLogs });
    expect(theOnly(stack, 'alicloud_oss_bucket_logging')).toMatchObject({
      target_bucket: 'audit-logs',
      target_prefix: expect.stringMatching(/^test-data-[0-9a-f]{8}\/$/),
    });
  });
});

describe('a grant', () => {
  const policyOf = (write: boolean) => {
    const stack = stackIn();
    const encryptionKey = EncryptionKey.fromEncryptionKeyId(stack, 'Key', KEY_ID);
    const made = new DataBucket(stack, 'Data', { encryptionKey });
    if (write) made.grantReadWrite('Trainer', 'trainer');
    else made.grantRead('Trainer', 'trainer');
    return { stack, policy: theOnly(stack, 'alicloud_ram_policy') };
  };

  test('attaches a policy with the permissions of the bucket and its key', () => {
    const { stack, policy } = policyOf(false);
    expect(policy.policy_name).toMatch(/^test-data-[0-9a-f]{8}-trainer-[0-9a-f]{8}$/);
    expect(policy.policy_document).toContain('"Action":["oss:GetObject","oss:GetObjectVersion"]');
    expect(policy.policy_document).toContain('"Action":["kms:Decrypt"]');
    expect(theOnly(stack, 'alicloud_ram_role_policy_attachment')).toMatchObject({
      role_name: 'trainer',
      policy_type: 'Custom',
    });
  });

  test('has its own policy, also if IDs differ only in case, and needs the name of a role', () => {
    const { stack, bucket: data } = bucket();
    data.grantRead('Reader', 'trainer');
    data.grantRead('reader', 'trainer');
    const names = Object.values(resourcesOf(stack, 'alicloud_ram_policy')).map(
      ({ policy_name: name }) => name as string,
    );
    expect(new Set(names).size).toBe(2);
    for (const role of [undefined, '', 'acs:ram::123:role/trainer', 'x'.repeat(65)])
      expect(codesOf(() => data.grantRead('Bad', role as never))).toEqual(['ResourceIdInvalid']);
  });

  test('to write includes uploads and data keys', () => {
    const { policy_document: text } = policyOf(true).policy;
    for (const action of ['oss:PutObject', 'oss:DeleteObject', 'oss:AbortMultipartUpload', 'kms:GenerateDataKey'])
      expect(text).toContain(`"${action}"`);
    expect(policyOf(false).policy.policy_document).not.toContain('oss:PutObject');
  });
});

test('an object that expires first does not move to Infrequent Access', () => {
  const ruleOf = (expirationDays: number) => bucket({ expirationDays }).of('').lifecycle_rule[0] as object;
  expect(ruleOf(30)).not.toHaveProperty('transitions');
  expect(ruleOf(31)).toHaveProperty('transitions');
});

test('restricted data without versions needs a lock of 90 days', () => {
  const restricted = (days: number) => () =>
    bucket({ dataClass: DataClass.RESTRICTED, versioned: false, retention: { days, permanent: true } });
  expect(problemsOf(restricted(89)).map(({ code }) => code)).toEqual(['DataClassFloor']);
  expect(restricted(90)).not.toThrow();
});

describe('a retention lock', () => {
  test('is locked at once, after versioning', () => {
    const { of } = bucket({ retention: { days: 365, permanent: true } });
    expect(of('_worm')).toMatchObject({
      retention_period_in_days: 365,
      status: 'Locked',
      lifecycle: { prevent_destroy: true },
    });
    expect(of('_worm').depends_on).toEqual([expect.stringMatching(/^alicloud_oss_bucket_versioning\./)]);
  });

  test.each([{ days: 30 }, { days: 30, permanent: false }])('that OSS would cancel is rejected: %j', (retention) => {
    expect(problemsOf(() => bucket({ retention }))).toMatchObject([
      { code: 'BucketRetention', prop: 'retention.permanent', fix: expect.stringContaining('permanent: true') },
    ]);
  });

  test('is accepted exactly up to 70 years', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10, max: 30_000 }), (days) => {
        const accepted = days >= 1 && days <= 25_550;
        const run = () => bucket({ retention: { days, permanent: true } });
        expect(accepted ? run().of('_worm').retention_period_in_days : codesOf(run)).toEqual(
          accepted ? days : ['BucketRetention'],
        );
      }),
      { numRuns: 25 },
    );
  });
});

test('buckets with confidential data share the key of the stack', () => {
  const stack = stackIn();
  const shared = new EncryptionKey(stack, 'Key');
  const dataClass = DataClass.CONFIDENTIAL;
  const buckets = ['One', 'Two'].map((id) => new DataBucket(stack, id, { dataClass }));
  expect(buckets.map(({ encryptionKey }) => encryptionKey)).toEqual([shared, shared]);
  expect(Object.keys(resourcesOf(stack, 'alicloud_kms_key'))).toHaveLength(1);
});

test('restricted data needs versioning and 90 days of noncurrent versions', () => {
  const encryptionKey = { keyId: KEY_ID };
  const dataClass = DataClass.RESTRICTED;
  expect(refusalsOf(() => bucket({ dataClass, encryptionKey, versioned: false }))).toEqual([
    'DataClassFloor versioned',
  ]);
  expect(refusalsOf(() => bucket({ dataClass, encryptionKey, noncurrentVersionExpirationDays: 30 }))).toEqual([
    'DataClassFloor noncurrentVersionExpirationDays',
  ]);
  const { of } = bucket({ dataClass, encryptionKey });
  expect(of('').tags).toEqual({ 'data-class': 'restricted' });
  expect(of('').lifecycle_rule[0].noncurrent_version_expiration).toEqual([{ days: 90 }]);
});

test.each(['oss://data', 'Data', 'a', 'data_bucket', '-data'])('rejects the bucket name %s', (name) => {
  expect(codesOf(() => DataBucket.fromBucketName(stackIn(), 'Data', name))).toEqual(['ResourceIdInvalid']);
});

test('reports all problems at once', () => {
  const props = { purpose: 'data', versions: true, expirationDays: '3' } as unknown as DataBucketProps;
  expect(refusalsOf(() => bucket(props))).toEqual([
    'ChoiceUnknown purpose',
    'PropType expirationDays',
    'PropUnknown versions',
  ]);
});

describe('cost tags', () => {
  const OWNER = { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' };

  test('are on every resource that supports them, next to its own', () => {
    const stack = stackIn();
    CostAllocation.apply(stack, OWNER);
    const encryptionKey = new EncryptionKey(stack, 'Key');
    new DataBucket(stack, 'Data', { dataClass: DataClass.CONFIDENTIAL, encryptionKey });
    expect(theOnly(stack, 'alicloud_oss_bucket').tags).toMatchObject({
      'cost-center': 'R-17',
      'data-class': 'confidential',
    });
    expect(theOnly(stack, 'alicloud_kms_key').tags).toMatchObject({ team: 'research' });
    expect(theOnly(stack, 'alicloud_oss_bucket_acl')).not.toHaveProperty('tags');
  });

  test('of a bucket are at most 10', () => {
    const stack = stackIn();
    CostAllocation.apply(stack, {
      ...OWNER,
      additionalTags: Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`tag-${index}`, 'x'])),
    });
    new DataBucket(stack, 'Data');
    expect(() => resourcesOf(stack, 'alicloud_oss_bucket')).toThrow(AiInfraError);
    expect(problemsOf(() => resourcesOf(stack, 'alicloud_oss_bucket'))).toMatchObject([
      { code: 'TagsTooMany', got: 11 },
    ]);
  });
});
