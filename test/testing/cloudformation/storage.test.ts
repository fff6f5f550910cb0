import { exposed, ofResource, ofTemplate } from '../support';

describe('a bucket', () => {
  const kms = {
    ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } },
  };
  const bucket = (props = {}, more = {}) =>
    ofTemplate({
      Data: { Type: 'AWS::S3::Bucket', Properties: props, ...more },
      Key: { Type: 'AWS::KMS::Key' },
    });

  test('shows its customer key, or the key of the service', () => {
    expect(bucket({ BucketEncryption: { ServerSideEncryptionConfiguration: [kms] } }).storage[0]!.encryption).toEqual({
      key: 'customer',
      name: 'Key',
    });
    expect(bucket().storage[0]!.encryption).toEqual({ key: 'managed' });
  });

  test.each([
    [undefined, 'blocked by default'],
    [
      { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      'blocked',
    ],
    [{ BlockPublicAcls: true, IgnorePublicAcls: true }, 'not blocked: BlockPublicPolicy, RestrictPublicBuckets'],
    [{}, 'not blocked'],
  ])('with the block %j is %s', (PublicAccessBlockConfiguration, text) => {
    expect(bucket({ PublicAccessBlockConfiguration }).storage[0]!.details).toMatchObject({ 'public access': text });
  });

  test('shows its lock, its expiration and its deletion policy', () => {
    const { storage } = bucket(
      {
        ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 30 } } },
        LifecycleConfiguration: {
          Rules: [
            { Status: 'Enabled', ExpirationInDays: 365 },
            { Status: 'Disabled', ExpirationInDays: 1 },
          ],
        },
      },
      { DeletionPolicy: 'RetainExceptOnCreate' },
    );
    expect(storage[0]).toMatchObject({
      retention: 'locked for 30 days (compliance), objects expire after 365 days',
      onDelete: 'kept',
    });
  });

  const policy = (statement: object) =>
    ofTemplate({
      Data: { Type: 'AWS::S3::Bucket' },
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: { Bucket: { Ref: 'Data' }, PolicyDocument: { Statement: [statement] } },
      },
    });

  test('is exposed if a policy opens it to everyone', () => {
    expect(exposed(policy({ Effect: 'Allow', Principal: { AWS: '*' }, Action: ['s3:GetObject'] }))).toEqual([
      'Data: policy allows everyone s3:GetObject',
    ]);
  });

  test.each([
    ['denies', { Effect: 'Deny', Principal: '*', Action: 's3:*' }],
    [
      'has a condition',
      { Effect: 'Allow', Principal: '*', Action: 's3:*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o' } } },
    ],
    ['names who', { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam::1:root'] }, Action: 's3:*' }],
  ])('with a policy that %s is not, and the policy is counted', (_, statement) => {
    expect(exposed(policy(statement))).toEqual([]);
    expect(policy(statement).other).toEqual({ 'AWS::S3::BucketPolicy': 1 });
  });

  test('is exposed if it hosts a website, or if its ACL allows everyone to read', () => {
    expect(
      exposed(bucket({ WebsiteConfiguration: { IndexDocument: 'index.html' }, AccessControl: 'PublicRead' })),
    ).toEqual(['Data: its ACL allows everyone to read', 'Data: website hosting is on']);
  });
});

test('a Lustre file system shows its size, throughput and encryption', () => {
  const { storage } = ofResource('AWS::FSx::FileSystem', {
    FileSystemType: 'LUSTRE',
    StorageType: 'SSD',
    StorageCapacity: 4800,
    LustreConfiguration: {
      DeploymentType: 'PERSISTENT_2',
      PerUnitStorageThroughput: 250,
      EfaEnabled: true,
      AutomaticBackupRetentionDays: 7,
    },
  });
  expect(storage[0]).toEqual({
    name: 'Subject',
    kind: 'FSx LUSTRE PERSISTENT_2 SSD',
    sizeGiB: 4800,
    throughput: '250 MB/s per TiB',
    encryption: { key: 'managed' },
    retention: '7 days of backups',
    details: { efa: 'on' },
    onDelete: 'deleted',
  });
});

test.each([
  [
    'AWS::FSx::FileSystem',
    { FileSystemType: 'OPENZFS', OpenZFSConfiguration: { ThroughputCapacity: 160 } },
    { throughput: '160 MB/s' },
  ],
  [
    'AWS::EFS::FileSystem',
    { Encrypted: true, ThroughputMode: 'elastic' },
    { encryption: { key: 'managed' }, throughput: 'elastic' },
  ],
  ['AWS::EFS::FileSystem', {}, { encryption: { key: 'none' } }],
  [
    'AWS::EC2::Volume',
    { Size: 500, VolumeType: 'gp3', Throughput: 250 },
    { kind: 'EBS gp3', sizeGiB: 500, encryption: { key: 'none' } },
  ],
  [
    'AWS::DynamoDB::Table',
    { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
    { retention: 'restorable to any point' },
  ],
  [
    'AWS::DynamoDB::GlobalTable',
    { BillingMode: 'PAY_PER_REQUEST', Replicas: [{}] },
    { details: { billing: 'pay per request' } },
  ],
  ['AWS::Logs::LogGroup', { RetentionInDays: 30 }, { retention: '30 days' }],
  ['AWS::Logs::LogGroup', {}, { retention: 'forever' }],
  ['AWS::ECR::Repository', { ImageTagMutability: 'IMMUTABLE' }, { details: { tags: 'immutable' } }],
  ['AWS::SecretsManager::Secret', { KmsKeyId: 'alias/aws/secretsmanager' }, { encryption: { key: 'managed' } }],
  [
    'AWS::RDS::DBInstance',
    { Engine: 'postgres', AllocatedStorage: '100' },
    { kind: 'RDS instance (postgres)', sizeGiB: 100, encryption: { key: 'none' } },
  ],
])('%s with %j', (type, props, expected) => {
  expect(ofResource(type, props).storage[0]).toMatchObject(expected);
});

test('a publicly accessible database is exposed, and has a snapshot on deletion', () => {
  const database = ofResource('AWS::RDS::DBInstance', { PubliclyAccessible: true }, { DeletionPolicy: 'Snapshot' });
  expect(exposed(database)).toEqual(['Subject: publicly accessible']);
  expect(database.storage[0]).toMatchObject({ onDelete: 'snapshot' });
});

describe('an OpenSearch domain', () => {
  const domain = (props: object) =>
    ofTemplate({ Search: { Type: 'AWS::OpenSearchService::Domain', Properties: props } });
  const everyone = { Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'es:*', Resource: '*' }] };

  test('is exposed without a VPC, and shows a policy for everyone', () => {
    expect(exposed(domain({}))).toEqual(['Search: endpoint outside a VPC']);
    expect(exposed(domain({ AccessPolicies: everyone }))).toEqual(['Search: policy allows everyone es:*']);
    expect(domain({}).endpoints[0]).toMatchObject({ kind: 'OpenSearch domain', access: 'public' });
  });

  test('is private in a VPC, and shows its encryption', () => {
    const inside = domain({ VPCOptions: { SubnetIds: ['subnet-1'] }, EncryptionAtRestOptions: { Enabled: true } });
    expect(exposed(inside)).toEqual([]);
    expect(inside.storage[0]!.encryption).toEqual({ key: 'managed' });
  });
});
