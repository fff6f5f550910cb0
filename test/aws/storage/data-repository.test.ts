import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { DataBucket, DataRepositoryEvent, type DataRepositoryProps } from 'ai-infra-constructs/aws';
import { checkDataRepositories, DataRepository } from '../../../lib/aws/storage/data-repository';
import { ProblemCollector } from '../../../lib/core/errors';
import { errorOf } from '../support';

function synth(
  props: Partial<DataRepositoryProps> = {},
  bucketOf = (stack: Stack): IBucket => new Bucket(stack, 'Bucket'),
) {
  const stack = new Stack(new App(), 'Stack');
  const bucket = bucketOf(stack);
  new DataRepository(stack, 'Link', { fileSystemId: 'fs-0123456789abcdef0', bucket, path: '/data', ...props });
  const template = Template.fromStack(stack);
  const [association] = Object.values(template.findResources('AWS::FSx::DataRepositoryAssociation'));
  return {
    stack,
    bucket,
    template,
    properties: association!.Properties,
    association: association!,
  };
}

describe('a link', () => {
  test('imports all changes of the bucket, and exports none', () => {
    const { properties } = synth();
    expect(properties).toMatchObject({
      FileSystemPath: '/data',
      BatchImportMetaDataOnCreate: true,
      S3: { AutoImportPolicy: { Events: ['NEW', 'CHANGED', 'DELETED'] } },
    });
    expect(properties.S3.AutoExportPolicy).toBeUndefined();
  });

  test('exports the given changes, without imports', () => {
    const { properties } = synth({ imports: [], exports: [DataRepositoryEvent.NEW, DataRepositoryEvent.CHANGED] });
    expect(properties.S3).toEqual({ AutoExportPolicy: { Events: ['NEW', 'CHANGED'] } });
    expect(properties.BatchImportMetaDataOnCreate).toBe(false);
  });

  test.each([
    [undefined, ''],
    ['runs', '/runs/'],
    ['runs/', '/runs/'],
  ])('ends the prefix %p with one slash', (prefix, end) => {
    const { properties, stack, bucket } = synth({ prefix });
    const name = stack.resolve(bucket.bucketName);
    expect(properties.DataRepositoryPath).toEqual({ 'Fn::Join': ['', end ? ['s3://', name, end] : ['s3://', name]] });
  });

  test('waits for the bucket and its policy', () => {
    const { association, template } = synth({}, (stack) => new Bucket(stack, 'Bucket', { enforceSSL: true }));
    const [policy] = Object.keys(template.findResources('AWS::S3::BucketPolicy'));
    expect(association.DependsOn).toContain(policy);
  });
});

describe('the key of the bucket', () => {
  const lustreStatements = (template: Template) =>
    Object.values(template.findResources('AWS::KMS::Key'))
      .flatMap(({ Properties }) => Properties.KeyPolicy.Statement)
      .filter(({ Sid }) => Sid === 'LustreThroughS3');

  test('allows the service-linked roles of FSx in this account to use it through S3', () => {
    const { template } = synth({}, (stack) => new DataBucket(stack, 'Data').bucket);
    const [statement] = lustreStatements(template);
    expect(statement.Action).toEqual(
      expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey*', 'kms:DescribeKey']),
    );
    expect(statement.Condition.StringEquals['kms:CallerAccount']).toEqual({ Ref: 'AWS::AccountId' });
    expect(JSON.stringify(statement.Condition.StringEquals['kms:ViaService'])).toContain('"s3."');
    expect(JSON.stringify(statement.Condition.ArnLike['aws:PrincipalArn'])).toContain(
      ':role/aws-service-role/s3.data-source.lustre.fsx.amazonaws.com/AWSServiceRoleForFSxS3Access_fs-*',
    );
  });

  test('has one statement for several directories with the same bucket', () => {
    const stack = new Stack(new App(), 'Stack');
    const { bucket } = new DataBucket(stack, 'Data');
    for (const path of ['/a', '/b']) {
      new DataRepository(stack, `Link${path}`, {
        fileSystemId: 'fs-0123456789abcdef0',
        bucket,
        path,
        prefix: path.slice(1),
      });
    }
    expect(lustreStatements(Template.fromStack(stack))).toHaveLength(1);
  });

  test('does not change if it is imported or missing', () => {
    const imported = (stack: Stack) =>
      new Bucket(stack, 'Bucket', {
        encryption: BucketEncryption.KMS,
        encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111111111111:key/mine'),
      });
    for (const bucketOf of [imported, (stack: Stack) => Bucket.fromBucketName(stack, 'Bucket', 'mine')]) {
      expect(lustreStatements(synth({}, bucketOf).template)).toEqual([]);
    }
  });
});

describe('paths', () => {
  const stack = new Stack(new App(), 'Stack');
  const [bucket, other] = [new Bucket(stack, 'Bucket'), new Bucket(stack, 'Other')];
  const check = (repositories: DataRepositoryProps[]) => {
    const problems = new ProblemCollector();
    checkDataRepositories(problems, repositories);
    problems.throwIfAny();
  };
  const problemsIn = (repositories: DataRepositoryProps[]) => errorOf(() => check(repositories)).problems;

  test.each(['/', '/data', '/data/', '/a/b.c', '/a b', '/...'])('accepts %p', (path) => {
    expect(() => check([{ bucket, path }])).not.toThrow();
  });

  test.each(['', 'data', '//data', '/a//b', '/../a', '/a/.', '/a\nb'])('rejects %p', (path) => {
    expect(problemsIn([{ bucket, path }])).toMatchObject([{ code: 'DataPath', prop: 'dataRepositories[0].path' }]);
  });

  test('rejects a prefix with a leading slash', () => {
    expect(problemsIn([{ bucket, path: '/a', prefix: '/x' }])).toMatchObject([
      { code: 'DataPath', prop: 'dataRepositories[0].prefix' },
    ]);
  });

  test.each([
    ['/a', '/a'],
    ['/a', '/a/'],
    ['/a', '/a/b'],
    ['/a/b', '/a'],
    ['/', '/a'],
    ['/a', '/'],
  ])('rejects %p together with %p', (first, second) => {
    const repositories = [
      { bucket, path: first },
      { bucket: other, path: second },
    ];
    expect(problemsIn(repositories)).toMatchObject([{ code: 'DataPath', prop: 'dataRepositories[1].path' }]);
  });

  test('accepts directories with a common prefix', () => {
    expect(() =>
      check([
        { bucket, path: '/a' },
        { bucket: other, path: '/ab' },
      ]),
    ).not.toThrow();
  });

  test('rejects the same prefix twice, except in different buckets', () => {
    const twice = [
      { bucket, path: '/a', prefix: 'x' },
      { bucket, path: '/b', prefix: 'x/' },
    ];
    expect(problemsIn(twice)).toMatchObject([{ code: 'DataPath', prop: 'dataRepositories[1].prefix' }]);
    expect(() => check([twice[0]!, { ...twice[1]!, bucket: other }])).not.toThrow();
  });

  test('accepts eight links and rejects nine', () => {
    const links = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ bucket, path: `/d${i}`, prefix: `p${i}` }));
    expect(() => check(links(8))).not.toThrow();
    expect(problemsIn(links(9))).toMatchObject([{ code: 'DataPath', prop: 'dataRepositories', got: '9' }]);
  });
});
