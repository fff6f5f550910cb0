import { App, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { DataClass } from 'ai-infra-constructs';
import { DataBucket, type DataBucketProps, DataPurpose } from 'ai-infra-constructs/aws';
import { errorOf, type Json } from '../support';

const ENDPOINT = 'vpce-0123456789abcdef0';

function synth(props: DataBucketProps = {}) {
  const stack = new Stack(new App(), 'Stack');
  const data = new DataBucket(stack, 'Data', props);
  const template = Template.fromStack(stack);
  return { stack, data, template, bucket: resource(stack, template, data.bucket as Bucket) };
}

function resource(stack: Stack, template: Template, construct: Bucket | Key): Json {
  const id = stack.getLogicalId(construct.node.defaultChild as never);
  return template.toJSON().Resources[id];
}

/** The policy statements for a bucket or its objects. */
function statementsOf(template: Template, stack: Stack, bucket: IBucket): Json[] {
  const arn = JSON.stringify(stack.resolve(bucket.bucketArn));
  const policies: Json[] = Object.values(template.findResources('AWS::S3::BucketPolicy'));
  return policies
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Resource }) => JSON.stringify(Resource).includes(arn));
}

function denialIn(template: Template): Json {
  const policies: Json[] = Object.values(template.findResources('AWS::S3::BucketPolicy'));
  return policies
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .find(({ Sid }) => Sid === 'OnlyThroughVpcEndpoints');
}

describe('protection', () => {
  test('encrypts the bucket under its own rotated key, with a bucket key', () => {
    const { bucket, template } = synth();
    expect(bucket.Properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([
      expect.objectContaining({
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: expect.objectContaining({ SSEAlgorithm: 'aws:kms' }),
      }),
    ]);
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  test('uses a given key and creates none', () => {
    const stack = new Stack(new App(), 'Stack');
    const key = Key.fromKeyArn(stack, 'Mine', 'arn:aws:kms:us-east-1:111111111111:key/mine');
    const data = new DataBucket(stack, 'Data', { encryptionKey: key });
    const template = Template.fromStack(stack);
    expect(data.encryptionKey).toBe(key);
    expect(template.findResources('AWS::KMS::Key')).toEqual({});
  });

  test('blocks public access and ACLs', () => {
    const { bucket } = synth();
    expect(bucket.Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(bucket.Properties.OwnershipControls.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
    expect(bucket.Properties.AccessControl).toBeUndefined();
  });

  test.each(['bucket', 'accessLogs'] as const)('denies HTTP and TLS below 1.2 for %s', (part) => {
    const { template, stack, data } = synth();
    const conditions = statementsOf(template, stack, data[part]).map(({ Effect, Condition }) => ({
      Effect,
      Condition,
    }));
    expect(conditions).toContainEqual({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(conditions).toContainEqual({ Effect: 'Deny', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } });
  });

  test('retains everything when the stack is deleted', () => {
    const { template } = synth();
    for (const type of ['AWS::S3::Bucket', 'AWS::KMS::Key']) {
      template.allResources(type, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('deletes everything with the stack for RemovalPolicy.DESTROY', () => {
    const { template } = synth({ removalPolicy: RemovalPolicy.DESTROY });
    for (const type of ['AWS::S3::Bucket', 'AWS::KMS::Key']) template.allResources(type, { DeletionPolicy: 'Delete' });
  });
});

describe('access logs', () => {
  test('go to a bucket with SSE-S3 that only log delivery for this bucket can write to', () => {
    const { bucket, template, stack, data } = synth();
    const logs = resource(stack, template, data.accessLogs as Bucket);
    expect(bucket.Properties.LoggingConfiguration.DestinationBucketName).toEqual(
      stack.resolve(data.accessLogs.bucketName),
    );
    expect(JSON.stringify(logs.Properties.BucketEncryption)).toContain('AES256');
    expect(logs.Properties.AccessControl).toBeUndefined();
    const prefix: string = bucket.Properties.LoggingConfiguration.LogFilePrefix;
    const delivery = statementsOf(template, stack, data.accessLogs).find(({ Effect }) => Effect === 'Allow');
    expect(delivery).toMatchObject({
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Condition: {
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        ArnLike: { 'aws:SourceArn': expect.anything() },
      },
    });
    expect(JSON.stringify(delivery!.Resource)).toContain(`/${prefix}*`);
  });

  test('go to a given bucket, also in another stack, without a dependency cycle', () => {
    const app = new App();
    const central = new Bucket(new Stack(app, 'Central'), 'Logs');
    const stack = new Stack(app, 'Stack');
    new DataBucket(stack, 'Data', { accessLogs: central });
    expect(() => app.synth()).not.toThrow();
    const [delivery] = statementsOf(Template.fromStack(Stack.of(central)), Stack.of(central), central);
    expect(delivery!.Condition).toEqual({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } });
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
      LoggingConfiguration: { DestinationBucketName: Match.anyValue() },
    });
  });
});

describe('lifecycle', () => {
  const rulesOf = (props: DataBucketProps) => synth(props).bucket.Properties.LifecycleConfiguration.Rules as Json[];

  test.each([
    [DataPurpose.DATASETS, 30],
    [DataPurpose.CHECKPOINTS, 7],
    [DataPurpose.MODELS, 90],
    [DataPurpose.LOGS, 30],
  ])('keeps old versions of %s for %d days, and parts of incomplete uploads for a week', (purpose, days) => {
    expect(rulesOf({ purpose })[0]).toMatchObject({
      NoncurrentVersionExpiration: { NoncurrentDays: days },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    });
  });

  test.each([
    [DataPurpose.DATASETS, true],
    [DataPurpose.MODELS, true],
    [DataPurpose.CHECKPOINTS, false],
    [DataPurpose.LOGS, false],
  ])('moves cold objects of %s to Intelligent-Tiering: %p', (purpose, tiered) => {
    expect(
      rulesOf({ purpose }).some(({ Transitions }) => Transitions?.[0].StorageClass === 'INTELLIGENT_TIERING'),
    ).toBe(tiered);
  });

  test('keeps objects forever, and logs for a year', () => {
    expect(rulesOf({ purpose: DataPurpose.CHECKPOINTS })[0]).toMatchObject({ ExpiredObjectDeleteMarker: true });
    expect(rulesOf({ purpose: DataPurpose.CHECKPOINTS })[0]!.ExpirationInDays).toBeUndefined();
    expect(rulesOf({ purpose: DataPurpose.LOGS })[0]!.ExpirationInDays).toBe(365);
  });

  test('expires objects, without a rule for delete markers, because S3 accepts only one of the two', () => {
    const [rule] = rulesOf({ purpose: DataPurpose.CHECKPOINTS, expiration: Duration.days(21) });
    expect(rule).toMatchObject({ ExpirationInDays: 21 });
    expect(rule!.ExpiredObjectDeleteMarker).toBeUndefined();
  });

  test('has no rule for old versions without versioning', () => {
    expect(rulesOf({ versioned: false })[0]!.NoncurrentVersionExpiration).toBeUndefined();
  });
});

describe('Object Lock', () => {
  test('locks every version, and keeps old versions as long', () => {
    const { bucket } = synth({ retention: ObjectLockRetention.compliance(Duration.days(100)) });
    expect(bucket.Properties.ObjectLockEnabled).toBe(true);
    expect(bucket.Properties.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({ Days: 100, Mode: 'COMPLIANCE' });
    expect(bucket.Properties.LifecycleConfiguration.Rules[0].NoncurrentVersionExpiration).toEqual({
      NoncurrentDays: 100,
    });
  });

  test('keeps logs at least as long as the lock', () => {
    const { bucket } = synth({
      purpose: DataPurpose.LOGS,
      retention: ObjectLockRetention.governance(Duration.days(400)),
    });
    expect(bucket.Properties.LifecycleConfiguration.Rules[0].ExpirationInDays).toBe(400);
  });

  test('reports all contradictions at once', () => {
    const props = {
      retention: ObjectLockRetention.governance(Duration.days(30)),
      versioned: false,
      expiration: Duration.days(10),
      noncurrentVersionExpiration: Duration.days(5),
    };
    expect(errorOf(() => synth(props)).problems).toEqual([
      expect.objectContaining({ code: 'BucketRetention', prop: 'versioned' }),
      expect.objectContaining({ code: 'BucketRetention', prop: 'expiration', got: '10 days' }),
      expect.objectContaining({ code: 'BucketRetention', prop: 'noncurrentVersionExpiration', got: '5 days' }),
    ]);
  });

  test.each([Duration.hours(12), Duration.hours(36), Duration.days(0)])(
    'rejects an expiration of %p, because S3 counts whole days',
    (expiration) => {
      expect(errorOf(() => synth({ expiration })).problems).toMatchObject([
        { code: 'BucketRetention', prop: 'expiration' },
      ]);
    },
  );

  test('rejects a token as the expiration', () => {
    const expiration = Duration.days(Lazy.number({ produce: () => 3 }));
    expect(errorOf(() => synth({ expiration })).problems).toMatchObject([{ code: 'ValueUnknown', prop: 'expiration' }]);
  });
});

describe('data class', () => {
  test('becomes a tag', () => {
    const { bucket } = synth({ dataClass: DataClass.CONFIDENTIAL });
    expect(bucket.Properties.Tags).toContainEqual({ Key: 'data-class', Value: 'confidential' });
  });

  test('keeps old versions of restricted data for 90 days by default', () => {
    const { bucket } = synth({ dataClass: DataClass.RESTRICTED, purpose: DataPurpose.CHECKPOINTS });
    expect(bucket.Properties.LifecycleConfiguration.Rules[0].NoncurrentVersionExpiration).toEqual({
      NoncurrentDays: 90,
    });
  });

  test('keeps a longer time', () => {
    const { bucket } = synth({ dataClass: DataClass.RESTRICTED, noncurrentVersionExpiration: Duration.days(200) });
    expect(bucket.Properties.LifecycleConfiguration.Rules[0].NoncurrentVersionExpiration).toEqual({
      NoncurrentDays: 200,
    });
  });

  test('accepts a retention instead of time to restore', () => {
    const retention = ObjectLockRetention.governance(Duration.days(90));
    expect(() => synth({ dataClass: DataClass.RESTRICTED, retention })).not.toThrow();
  });

  test('reports all settings below the minimum for restricted data at once', () => {
    const stack = new Stack(new App(), 'Keys');
    const props = {
      dataClass: DataClass.RESTRICTED,
      versioned: false,
      removalPolicy: RemovalPolicy.DESTROY,
      encryptionKey: Alias.fromAliasName(stack, 'Managed', 'alias/aws/s3'),
      noncurrentVersionExpiration: Duration.days(89),
    };
    const problems = errorOf(() => synth(props)).problems;
    expect(problems.map(({ code }) => code)).toEqual(Array(4).fill('DataClassFloor'));
    expect(problems.map(({ prop }) => prop)).toEqual([
      'versioned',
      'removalPolicy',
      'encryptionKey',
      'noncurrentVersionExpiration',
    ]);
  });

  test('requires versions for confidential data, and allows it to be deleted with the stack', () => {
    const props = { dataClass: DataClass.CONFIDENTIAL, versioned: false, removalPolicy: RemovalPolicy.DESTROY };
    expect(errorOf(() => synth(props)).problems.map(({ prop }) => prop)).toEqual(['versioned']);
  });

  test.each([DataClass.PUBLIC, DataClass.INTERNAL])('allows %s data without versions', (dataClass) => {
    const props = { dataClass, versioned: false, removalPolicy: RemovalPolicy.DESTROY };
    expect(() => synth(props)).not.toThrow();
  });
});

describe('VPC endpoints', () => {
  test('does not deny any network by default', () => {
    expect(denialIn(synth().template)).toBeUndefined();
    expect(denialIn(synth({ vpcEndpoints: [] }).template)).toBeUndefined();
  });

  test('denies data access from other networks, on the bucket and its objects', () => {
    const denial = denialIn(synth({ vpcEndpoints: [ENDPOINT] }).template)!;
    expect(denial).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' } });
    expect(denial.Condition.StringNotEquals).toEqual({ 'aws:SourceVpce': [ENDPOINT] });
    expect(denial.Resource).toHaveLength(2);
  });

  test('never denies actions on the bucket configuration, so that administrators keep access', () => {
    const actions: string[] = denialIn(synth({ vpcEndpoints: [ENDPOINT] }).template)!.Action;
    const denied = (action: string) =>
      actions.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(action));
    for (const action of [
      'PutBucketPolicy',
      'DeleteBucketPolicy',
      'GetBucketPolicy',
      'PutEncryptionConfiguration',
      'PutLifecycleConfiguration',
      'DeleteBucket',
    ]) {
      expect(denied(`s3:${action}`)).toBe(false);
    }
    for (const action of [
      'GetObject',
      'GetObjectVersion',
      'PutObject',
      'DeleteObjectVersion',
      'ListBucket',
      'ListBucketVersions',
    ]) {
      expect(denied(`s3:${action}`)).toBe(true);
    }
  });

  test('exempts AWS services, forwarded calls, service-linked roles, and given roles', () => {
    const stack = new Stack(new App(), 'Stack');
    const role = new Role(stack, 'Replication', { assumedBy: new ServicePrincipal('s3.amazonaws.com') });
    new DataBucket(stack, 'Data', { vpcEndpoints: [ENDPOINT], endpointExemptRoles: [role] });
    const { Condition } = denialIn(Template.fromStack(stack))!;
    expect(Condition.BoolIfExists).toEqual({ 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' });
    const [linked, named] = Condition.ArnNotLikeIfExists['aws:PrincipalArn'];
    expect(JSON.stringify(linked)).toContain(':role/aws-service-role/*');
    expect(named).toEqual(stack.resolve(role.roleArn));
  });

  test('rejects an invalid endpoint ID by its index', () => {
    const vpcEndpoints = [ENDPOINT, 'vpc-0123456789abcdef0'];
    expect(errorOf(() => synth({ vpcEndpoints })).problems).toMatchObject([
      { code: 'EndpointId', prop: 'vpcEndpoints[1]' },
    ]);
  });

  test('accepts a token as the ID of an endpoint', () => {
    const id = Lazy.string({ produce: () => ENDPOINT });
    expect(denialIn(synth({ vpcEndpoints: [id] }).template)!.Condition.StringNotEquals['aws:SourceVpce']).toEqual([
      ENDPOINT,
    ]);
  });
});

describe('grants', () => {
  test.each([
    ['grantRead', 's3:GetObject*', 'kms:Decrypt'],
    ['grantWrite', 's3:PutObject', 'kms:GenerateDataKey*'],
    ['grantReadWrite', 's3:PutObject', 'kms:Decrypt'],
  ] as const)('%s grants access to objects and key', (grant, onObjects, onKey) => {
    const stack = new Stack(new App(), 'Stack');
    const role = new Role(stack, 'Role', { assumedBy: new AccountPrincipal('111111111111') });
    new DataBucket(stack, 'Data')[grant](role);
    const policy = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(policy).toContain(onObjects);
    expect(policy).toContain(onKey);
  });
});

describe('an imported bucket', () => {
  const ARN = 'arn:aws:kms:us-east-1:111111111111:key/mine';

  test('includes its key in grants', () => {
    const stack = new Stack(new App(), 'Stack');
    const role = new Role(stack, 'Role', { assumedBy: new AccountPrincipal('111111111111') });
    const bucket = DataBucket.fromDataBucketAttributes(stack, 'Data', { bucketName: 'ours', encryptionKeyArn: ARN });
    bucket.grantRead(role);
    const policy = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(policy).toContain(':s3:::ours');
    expect(policy).toContain(ARN);
  });

  test('can be identified by its ARN', () => {
    const stack = new Stack(new App(), 'Stack');
    const bucket = DataBucket.fromDataBucketAttributes(stack, 'Data', { bucketArn: 'arn:aws:s3:::ours' });
    expect(bucket.bucketName).toBe('ours');
    expect(bucket.encryptionKey).toBeUndefined();
  });

  test('requires a name or an ARN', () => {
    const stack = new Stack(new App(), 'Stack');
    expect(errorOf(() => DataBucket.fromDataBucketAttributes(stack, 'Data', {})).problems).toMatchObject([
      { code: 'ValueMissing', prop: 'bucketName', fix: 'Set bucketName or bucketArn.' },
    ]);
  });
});
