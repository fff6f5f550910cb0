import { App, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { DataBucket, type DataBucketProps } from '../../../lib/aws/storage/data-bucket';
import { DataPurpose } from '../../../lib/core/data-purpose';
import { DataClass } from '../../../lib/core/data-class';
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

/** The statements about a bucket or its objects. */
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
  test('the bucket is encrypted under a rotated key of its own, with a bucket key', () => {
    const { bucket, template } = synth();
    expect(bucket.Properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([
      expect.objectContaining({
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: expect.objectContaining({ SSEAlgorithm: 'aws:kms' }),
      }),
    ]);
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  test('a key that is brought is used, and none is made', () => {
    const stack = new Stack(new App(), 'Stack');
    const key = Key.fromKeyArn(stack, 'Mine', 'arn:aws:kms:us-east-1:111111111111:key/mine');
    const data = new DataBucket(stack, 'Data', { encryptionKey: key });
    const template = Template.fromStack(stack);
    expect(data.encryptionKey).toBe(key);
    expect(template.findResources('AWS::KMS::Key')).toEqual({});
  });

  test('nothing of it is public, and no ACL counts', () => {
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

  test.each(['bucket', 'accessLogs'] as const)('plain HTTP and TLS below 1.2 are denied at %s', (part) => {
    const { template, stack, data } = synth();
    const conditions = statementsOf(template, stack, data[part]).map(({ Effect, Condition }) => ({
      Effect,
      Condition,
    }));
    expect(conditions).toContainEqual({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(conditions).toContainEqual({ Effect: 'Deny', Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } });
  });

  test('everything stays when the stack goes', () => {
    const { template } = synth();
    for (const type of ['AWS::S3::Bucket', 'AWS::KMS::Key']) {
      template.allResources(type, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('everything goes with the stack when asked', () => {
    const { template } = synth({ removalPolicy: RemovalPolicy.DESTROY });
    for (const type of ['AWS::S3::Bucket', 'AWS::KMS::Key']) template.allResources(type, { DeletionPolicy: 'Delete' });
  });
});

describe('access logs', () => {
  test('go to a bucket that S3 itself encrypts, in which only log delivery for this bucket writes', () => {
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

  test('go to a bucket that is brought, from another stack too, without a cycle', () => {
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
  ])('old versions of %s stay %d days, and parts of broken uploads a week', (purpose, days) => {
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
  ])('cold objects of %s move by themselves: %p', (purpose, tiered) => {
    expect(
      rulesOf({ purpose }).some(({ Transitions }) => Transitions?.[0].StorageClass === 'INTELLIGENT_TIERING'),
    ).toBe(tiered);
  });

  test('objects stay for ever, but logs a year', () => {
    expect(rulesOf({ purpose: DataPurpose.CHECKPOINTS })[0]).toMatchObject({ ExpiredObjectDeleteMarker: true });
    expect(rulesOf({ purpose: DataPurpose.CHECKPOINTS })[0]!.ExpirationInDays).toBeUndefined();
    expect(rulesOf({ purpose: DataPurpose.LOGS })[0]!.ExpirationInDays).toBe(365);
  });

  test('objects go after keepFor, and no rule holds both that and the removal of markers, which S3 refuses', () => {
    const [rule] = rulesOf({ purpose: DataPurpose.CHECKPOINTS, keepFor: Duration.days(21) });
    expect(rule).toMatchObject({ ExpirationInDays: 21 });
    expect(rule!.ExpiredObjectDeleteMarker).toBeUndefined();
  });

  test('a bucket without versions has no rule for old ones', () => {
    expect(rulesOf({ versioned: false })[0]!.NoncurrentVersionExpiration).toBeUndefined();
  });
});

describe('Object Lock', () => {
  test('locks every version, and old ones stay as long', () => {
    const { bucket } = synth({ objectLock: ObjectLockRetention.compliance(Duration.days(100)) });
    expect(bucket.Properties.ObjectLockEnabled).toBe(true);
    expect(bucket.Properties.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({ Days: 100, Mode: 'COMPLIANCE' });
    expect(bucket.Properties.LifecycleConfiguration.Rules[0].NoncurrentVersionExpiration).toEqual({
      NoncurrentDays: 100,
    });
  });

  test('logs stay as long as their lock', () => {
    const { bucket } = synth({
      purpose: DataPurpose.LOGS,
      objectLock: ObjectLockRetention.governance(Duration.days(400)),
    });
    expect(bucket.Properties.LifecycleConfiguration.Rules[0].ExpirationInDays).toBe(400);
  });

  test('all that contradicts it is told at once', () => {
    const props = {
      objectLock: ObjectLockRetention.governance(Duration.days(30)),
      versioned: false,
      keepFor: Duration.days(10),
      keepOldVersionsFor: Duration.days(5),
    };
    expect(errorOf(() => synth(props)).problems).toEqual([
      expect.objectContaining({ code: 'BucketRetention', prop: 'versioned' }),
      expect.objectContaining({ code: 'BucketRetention', prop: 'keepFor', got: '10 days' }),
      expect.objectContaining({ code: 'BucketRetention', prop: 'keepOldVersionsFor', got: '5 days' }),
    ]);
  });

  test.each([Duration.hours(12), Duration.hours(36), Duration.days(0)])(
    'refuses to keep for no whole days: %p',
    (keepFor) => {
      expect(errorOf(() => synth({ keepFor })).problems).toMatchObject([{ code: 'BucketRetention', prop: 'keepFor' }]);
    },
  );

  test('refuses a time that is known only at deployment', () => {
    const keepFor = Duration.days(Lazy.number({ produce: () => 3 }));
    expect(errorOf(() => synth({ keepFor })).problems).toMatchObject([{ code: 'ValueUnknown', prop: 'keepFor' }]);
  });
});

describe('data class', () => {
  test('is a tag', () => {
    const { bucket } = synth({ dataClass: DataClass.CONFIDENTIAL });
    expect(bucket.Properties.Tags).toContainEqual({ Key: 'data-class', Value: 'confidential' });
  });

  test('restricted data can be restored for 90 days without asking', () => {
    const { bucket } = synth({ dataClass: DataClass.RESTRICTED, purpose: DataPurpose.CHECKPOINTS });
    expect(bucket.Properties.LifecycleConfiguration.Rules[0].NoncurrentVersionExpiration).toEqual({
      NoncurrentDays: 90,
    });
  });

  test('never lowers what was asked', () => {
    const { bucket } = synth({ dataClass: DataClass.RESTRICTED, keepOldVersionsFor: Duration.days(200) });
    expect(bucket.Properties.LifecycleConfiguration.Rules[0].NoncurrentVersionExpiration).toEqual({
      NoncurrentDays: 200,
    });
  });

  test('a lock stands in for time to restore', () => {
    const objectLock = ObjectLockRetention.governance(Duration.days(90));
    expect(() => synth({ dataClass: DataClass.RESTRICTED, objectLock })).not.toThrow();
  });

  test('every setting below the floor of restricted data is told at once', () => {
    const stack = new Stack(new App(), 'Keys');
    const props = {
      dataClass: DataClass.RESTRICTED,
      versioned: false,
      removalPolicy: RemovalPolicy.DESTROY,
      encryptionKey: Alias.fromAliasName(stack, 'Managed', 'alias/aws/s3'),
      keepOldVersionsFor: Duration.days(89),
    };
    const problems = errorOf(() => synth(props)).problems;
    expect(problems.map(({ code }) => code)).toEqual(Array(4).fill('DataClassFloor'));
    expect(problems.map(({ prop }) => prop)).toEqual([
      'versioned',
      'removalPolicy',
      'encryptionKey',
      'keepOldVersionsFor',
    ]);
  });

  test('confidential data needs versions and a key of its own, and may leave with the stack', () => {
    const props = { dataClass: DataClass.CONFIDENTIAL, versioned: false, removalPolicy: RemovalPolicy.DESTROY };
    expect(errorOf(() => synth(props)).problems.map(({ prop }) => prop)).toEqual(['versioned']);
  });

  test.each([DataClass.PUBLIC, DataClass.INTERNAL])('%s data may do without', (dataClass) => {
    const props = { dataClass, versioned: false, removalPolicy: RemovalPolicy.DESTROY };
    expect(() => synth(props)).not.toThrow();
  });
});

describe('VPC endpoints', () => {
  test('without them, no network is refused', () => {
    expect(denialIn(synth().template)).toBeUndefined();
    expect(denialIn(synth({ vpcEndpoints: [] }).template)).toBeUndefined();
  });

  test('data is denied from elsewhere, on the bucket and on its objects', () => {
    const denial = denialIn(synth({ vpcEndpoints: [ENDPOINT] }).template)!;
    expect(denial).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' } });
    expect(denial.Condition.StringNotEquals).toEqual({ 'aws:SourceVpce': [ENDPOINT] });
    expect(denial.Resource).toHaveLength(2);
  });

  test('whoever administers the bucket is never locked out: no action on its configuration is denied', () => {
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

  test('AWS services, calls they forward, service-linked roles and named roles are exempt', () => {
    const stack = new Stack(new App(), 'Stack');
    const role = new Role(stack, 'Replication', { assumedBy: new ServicePrincipal('s3.amazonaws.com') });
    new DataBucket(stack, 'Data', { vpcEndpoints: [ENDPOINT], endpointExemptRoles: [role] });
    const { Condition } = denialIn(Template.fromStack(stack))!;
    expect(Condition.BoolIfExists).toEqual({ 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' });
    const [linked, named] = Condition.ArnNotLikeIfExists['aws:PrincipalArn'];
    expect(JSON.stringify(linked)).toContain(':role/aws-service-role/*');
    expect(named).toEqual(stack.resolve(role.roleArn));
  });

  test('refuses what is no endpoint id, and says which', () => {
    const vpcEndpoints = [ENDPOINT, 'vpc-0123456789abcdef0'];
    expect(errorOf(() => synth({ vpcEndpoints })).problems).toMatchObject([
      { code: 'EndpointId', prop: 'vpcEndpoints[1]' },
    ]);
  });

  test('takes the id of an endpoint of the same app', () => {
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
  ] as const)('%s lets a role use objects and key', (grant, onObjects, onKey) => {
    const stack = new Stack(new App(), 'Stack');
    const role = new Role(stack, 'Role', { assumedBy: new AccountPrincipal('111111111111') });
    new DataBucket(stack, 'Data')[grant](role);
    const policy = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(policy).toContain(onObjects);
    expect(policy).toContain(onKey);
  });
});
