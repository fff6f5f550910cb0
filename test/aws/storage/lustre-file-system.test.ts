import { App, CfnOutput, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { type ISecurityGroup, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { LustreMaintenanceTime, Weekday } from 'aws-cdk-lib/aws-fsx';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DataBucket, LustreFileSystem, type LustreFileSystemProps, LustreMetadata } from 'ai-infra-constructs/aws';
import { errorOf, type Json } from '../support';

type Props = Partial<LustreFileSystemProps>;
const NO_SIZE = { size: undefined };

function build(props: Props = {}, stack = new Stack(new App(), 'Stack')) {
  const vpc = new Vpc(stack, 'Vpc');
  const subnet = vpc.privateSubnets[0]!;
  return {
    stack,
    vpc,
    fileSystem: new LustreFileSystem(stack, 'Lustre', { vpc, subnet, size: Size.gibibytes(1200), ...props }),
  };
}

function synth(props: Props = {}) {
  const built = build(props);
  const template = Template.fromStack(built.stack);
  const [resource] = Object.values(template.findResources('AWS::FSx::FileSystem')) as Json[];
  return { ...built, template, resource: resource!, lustre: resource!.Properties.LustreConfiguration };
}

/** Direction and ports of each rule between two groups. */
function rulesBetween(stack: Stack, owner: ISecurityGroup, peer: ISecurityGroup): string[] {
  const template = Template.fromStack(stack);
  const [mine, theirs] = [owner, peer].map((group) => JSON.stringify(stack.resolve(group.securityGroupId)));
  const rules = (type: string, end: string, direction: string) =>
    Object.values(template.findResources(`AWS::EC2::SecurityGroup${type}`))
      .map(({ Properties }) => Properties)
      .filter((rule) => JSON.stringify(rule.GroupId) === mine && JSON.stringify(rule[end]) === theirs)
      .map(
        (rule) =>
          `${direction} ${rule.IpProtocol === '-1' ? 'all' : `${rule.IpProtocol} ${rule.FromPort}-${rule.ToPort}`}`,
      );
  return [
    ...rules('Ingress', 'SourceSecurityGroupId', 'in'),
    ...rules('Egress', 'DestinationSecurityGroupId', 'out'),
  ].sort();
}

const TCP_BOTH_WAYS = ['in tcp 1018-1023', 'in tcp 988-988', 'out tcp 1018-1023', 'out tcp 988-988'];
const ALL_TRAFFIC = ['in all', ...TCP_BOTH_WAYS.slice(0, 2), 'out all', ...TCP_BOTH_WAYS.slice(2)];

describe('the file system', () => {
  test('is PERSISTENT_2 on SSD with Lustre 2.15, compressed, with automatic metadata performance', () => {
    const { resource, lustre } = synth();
    expect(resource.Properties).toMatchObject({
      FileSystemType: 'LUSTRE',
      FileSystemTypeVersion: '2.15',
      StorageType: 'SSD',
      StorageCapacity: 1200,
    });
    expect(lustre).toMatchObject({
      DeploymentType: 'PERSISTENT_2',
      PerUnitStorageThroughput: 250,
      DataCompressionType: 'LZ4',
      MetadataConfiguration: { Mode: 'AUTOMATIC' },
      EfaEnabled: false,
      AutomaticBackupRetentionDays: 0,
    });
  });

  test('uses the given subnet, and exposes its zone', () => {
    const { resource, stack, vpc, fileSystem } = synth();
    expect(resource.Properties.SubnetIds).toEqual([stack.resolve(vpc.privateSubnets[0]!.subnetId)]);
    expect(fileSystem.availabilityZone).toBe(vpc.privateSubnets[0]!.availabilityZone);
  });

  test('accepts a subnet without a known zone', () => {
    const stack = new Stack(new App(), 'Stack');
    const vpc = new Vpc(stack, 'Vpc');
    const subnet = Subnet.fromSubnetId(stack, 'Subnet', 'subnet-0123456789abcdef0');
    const fileSystem = new LustreFileSystem(stack, 'Lustre', { vpc, subnet, size: Size.gibibytes(1200) });
    expect(fileSystem.availabilityZone).toBeUndefined();
  });

  test('is large enough for the required throughput', () => {
    const { resource, lustre, fileSystem } = synth({ ...NO_SIZE, requiredThroughputMBps: 5000, efa: true });
    expect(resource.Properties.StorageCapacity).toBe(9600);
    expect(lustre).toMatchObject({ PerUnitStorageThroughput: 1000, EfaEnabled: true });
    expect(fileSystem).toMatchObject({ sizeGiB: 9600, throughputMBps: 9600, efa: true });
  });

  test('sets provisioned metadata, maintenance, and backups', () => {
    const { lustre } = synth({
      metadata: LustreMetadata.provisioned(12_000),
      maintenance: new LustreMaintenanceTime({ day: Weekday.SUNDAY, hour: 4, minute: 30 }),
      backupRetention: Duration.days(14),
    });
    expect(lustre).toMatchObject({
      MetadataConfiguration: { Mode: 'USER_PROVISIONED', Iops: 12_000 },
      WeeklyMaintenanceStartTime: '7:04:30',
      AutomaticBackupRetentionDays: 14,
    });
  });

  test('is retained with its key when the stack is deleted', () => {
    const { resource, template, fileSystem, stack } = synth();
    expect(resource).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    const key = stack.getLogicalId((fileSystem.encryptionKey as Key).node.defaultChild as never);
    expect(template.toJSON().Resources[key].DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  test('is deleted with the stack for RemovalPolicy.DESTROY', () => {
    expect(synth({ removalPolicy: RemovalPolicy.DESTROY }).resource.DeletionPolicy).toBe('Delete');
  });

  test('is encrypted under its own rotated key, or a given one', () => {
    const { resource, fileSystem, stack } = synth();
    expect(resource.Properties.KmsKeyId).toEqual(stack.resolve(fileSystem.encryptionKey.keyArn));
    const arn = 'arn:aws:kms:us-east-1:111111111111:key/mine';
    const encryptionKey = Key.fromKeyArn(new Stack(new App(), 'Keys'), 'Mine', arn);
    expect(synth({ encryptionKey }).resource.Properties.KmsKeyId).toBe(arn);
  });

  test('exposes the attributes that clients mount', () => {
    const { fileSystem, stack } = synth();
    const id = stack.getLogicalId(fileSystem.resource);
    expect(stack.resolve(fileSystem.fileSystemId)).toEqual({ Ref: id });
    expect(stack.resolve(fileSystem.dnsName)).toEqual({ 'Fn::GetAtt': [id, 'DNSName'] });
    expect(stack.resolve(fileSystem.mountName)).toEqual({ 'Fn::GetAtt': [id, 'LustreMountName'] });
  });

  test('reports an invalid size with the construct path', () => {
    const error = errorOf(() => synth({ size: Size.gibibytes(1300) }));
    expect(error).toMatchObject({ code: 'LustreSize', constructPath: 'Stack/Lustre' });
  });
});

describe('logs', () => {
  test('go to an encrypted group under /aws/fsx/, by an ARN without a trailing star', () => {
    const { lustre, template } = synth();
    expect(lustre.LogConfiguration.Level).toBe('WARN_ERROR');
    const [[logicalId, group]] = Object.entries(template.findResources('AWS::Logs::LogGroup')) as [[string, Json]];
    expect(group.Properties.LogGroupName).toMatch(/^\/aws\/fsx\/[\w-]+$/);
    expect(group.Properties.KmsKeyId).toBeDefined();
    expect(lustre.LogConfiguration.Destination['Fn::Join'][1].slice(-2)).toEqual([':log-group:', { Ref: logicalId }]);
  });

  test('are deleted with the stack, so that a new stack can use the same name', () => {
    synth().template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });

  test('use a key that CloudWatch Logs can use', () => {
    const { fileSystem, template, stack } = synth();
    const key = stack.getLogicalId(fileSystem.logs.encryptionKey.node.defaultChild as never);
    expect(JSON.stringify(template.toJSON().Resources[key].Properties.KeyPolicy)).toContain(
      'kms:EncryptionContext:aws:logs:arn',
    );
  });
});

describe('security group', () => {
  test('allows only Lustre traffic between file servers', () => {
    const { stack, fileSystem } = build();
    expect(rulesBetween(stack, fileSystem.securityGroup, fileSystem.securityGroup)).toEqual(TCP_BOTH_WAYS);
  });

  test('allows all traffic between file servers with EFA', () => {
    const { stack, fileSystem } = build({ size: Size.gibibytes(19_200), efa: true });
    expect(rulesBetween(stack, fileSystem.securityGroup, fileSystem.securityGroup)).toEqual(ALL_TRAFFIC);
  });

  test('has no rule for 0.0.0.0/0', () => {
    const { stack, fileSystem } = build({ size: Size.gibibytes(19_200), efa: true });
    const group =
      Template.fromStack(stack).toJSON().Resources[
        stack.getLogicalId(fileSystem.securityGroup.node.defaultChild as never)
      ];
    expect(JSON.stringify(group)).not.toContain('0.0.0.0/0');
  });

  test('is created before the file system, because FSx checks its rules', () => {
    const { template, resource } = synth({ size: Size.gibibytes(19_200), efa: true });
    const rules = ['Ingress', 'Egress'].flatMap((type) =>
      Object.keys(template.findResources(`AWS::EC2::SecurityGroup${type}`)),
    );
    expect(rules).not.toHaveLength(0);
    expect(resource.DependsOn).toEqual(expect.arrayContaining(rules));
  });

  test.each([
    ['without', false],
    ['with', true],
  ])(
    'allows traffic with clients in both directions, for a group %s egress to 0.0.0.0/0',
    (_name, allowAllOutbound) => {
      const { stack, vpc, fileSystem } = build();
      const clients = new SecurityGroup(stack, 'Clients', { vpc, allowAllOutbound });
      fileSystem.allowClients(clients);
      expect(rulesBetween(stack, fileSystem.securityGroup, clients)).toEqual(TCP_BOTH_WAYS);
      const theirs = allowAllOutbound ? TCP_BOTH_WAYS.slice(0, 2) : TCP_BOTH_WAYS;
      expect(rulesBetween(stack, clients, fileSystem.securityGroup)).toEqual(theirs);
    },
  );

  test.each([
    ['without', false, ALL_TRAFFIC],
    ['with', true, ['in all', ...TCP_BOTH_WAYS.slice(0, 2), 'out all']],
  ])('allows all traffic with EFA clients, for a group %s egress to 0.0.0.0/0', (_name, allowAllOutbound, theirs) => {
    const { stack, vpc, fileSystem } = build({ size: Size.gibibytes(19_200), efa: true });
    const clients = new SecurityGroup(stack, 'Clients', { vpc, allowAllOutbound });
    fileSystem.allowClients(clients);
    fileSystem.allowClients(clients);
    expect(rulesBetween(stack, fileSystem.securityGroup, clients)).toEqual(ALL_TRAFFIC);
    expect(rulesBetween(stack, clients, fileSystem.securityGroup)).toEqual([...theirs].sort());
  });

  test.each([true, false])(
    'supports clients in another stack that depends on the file system; egress to 0.0.0.0/0: %p',
    (allowAllOutbound) => {
      const app = new App();
      const { vpc, fileSystem } = build({ size: Size.gibibytes(19_200), efa: true }, new Stack(app, 'Storage'));
      const nodes = new Stack(app, 'Nodes');
      fileSystem.allowClients(new SecurityGroup(nodes, 'Clients', { vpc, allowAllOutbound }));
      new CfnOutput(nodes, 'FileSystem', { value: fileSystem.fileSystemId });
      expect(() => app.synth()).not.toThrow();
      const rules = ['Ingress', 'Egress'].map((type) =>
        Object.keys(Template.fromStack(nodes).findResources(`AWS::EC2::SecurityGroup${type}`)),
      );
      expect(rules.flat().length).toBeGreaterThan(0);
    },
  );

  test('adds no warning for clients with egress to 0.0.0.0/0', () => {
    const { stack, vpc, fileSystem } = build({ size: Size.gibibytes(19_200), efa: true });
    fileSystem.allowClients(new SecurityGroup(stack, 'Clients', { vpc }));
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('does not change an immutable client group', () => {
    const { stack, fileSystem } = build();
    fileSystem.allowClients(SecurityGroup.fromSecurityGroupId(stack, 'Clients', 'sg-0c1a5e', { mutable: false }));
    const rules = Object.values(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress'));
    expect(rules.filter(({ Properties }) => Properties.GroupId === 'sg-0c1a5e')).toEqual([]);
    expect(rules.filter(({ Properties }) => Properties.SourceSecurityGroupId === 'sg-0c1a5e')).toHaveLength(2);
  });
});

describe('an imported file system', () => {
  function imported(efa?: boolean) {
    const stack = new Stack(new App(), 'Stack');
    const vpc = new Vpc(stack, 'Vpc');
    const securityGroup = new SecurityGroup(stack, 'Servers', { vpc, allowAllOutbound: false });
    const fileSystem = LustreFileSystem.fromLustreFileSystemAttributes(stack, 'Lustre', {
      fileSystemId: 'fs-0123456789abcdef0',
      dnsName: 'fs-0123456789abcdef0.fsx.us-east-1.amazonaws.com',
      mountName: 'abcdefgh',
      size: Size.gibibytes(4800),
      securityGroup,
      efa,
    });
    return { stack, vpc, securityGroup, fileSystem };
  }

  test('has the given attributes', () => {
    expect(imported().fileSystem).toMatchObject({
      fileSystemId: 'fs-0123456789abcdef0',
      mountName: 'abcdefgh',
      sizeGiB: 4800,
      efa: false,
      availabilityZone: undefined,
    });
  });

  test.each([
    [false, TCP_BOTH_WAYS],
    [true, ALL_TRAFFIC],
  ])('allows clients; with EFA: %p', (efa, rules) => {
    const { stack, vpc, fileSystem, securityGroup } = imported(efa);
    const clients = new SecurityGroup(stack, 'Clients', { vpc, allowAllOutbound: false });
    fileSystem.allowClients(clients);
    expect(rulesBetween(stack, securityGroup, clients)).toEqual(rules);
    expect(rulesBetween(stack, clients, securityGroup)).toEqual(rules);
  });
});

test('adds rules for EFA clients of an imported file system with egress to 0.0.0.0/0', () => {
  const stack = new Stack(new App(), 'Stack');
  const vpc = new Vpc(stack, 'Vpc');
  const servers = new SecurityGroup(stack, 'Servers', { vpc });
  const clients = new SecurityGroup(stack, 'Clients', { vpc });
  const attrs = {
    fileSystemId: 'fs-1',
    dnsName: 'fs',
    mountName: 'm',
    size: Size.gibibytes(4800),
    efa: true,
    securityGroup: servers,
  };
  LustreFileSystem.fromLustreFileSystemAttributes(stack, 'Lustre', attrs).allowClients(clients);
  expect(rulesBetween(stack, servers, clients)).toEqual(['in all', 'in tcp 1018-1023', 'in tcp 988-988', 'out all']);
});

describe('data repositories', () => {
  test('have logical IDs that do not depend on their order', () => {
    const ids = (paths: string[]) => {
      const stack = new Stack(new App(), 'Stack');
      const { bucket } = new DataBucket(stack, 'Data');
      const { fileSystem } = build(
        { dataRepositories: paths.map((path) => ({ bucket, path, prefix: path.slice(1) })) },
        stack,
      );
      const associations = Object.entries(
        Template.fromStack(stack).findResources('AWS::FSx::DataRepositoryAssociation'),
      );
      for (const [, { Properties }] of associations)
        expect(Properties.FileSystemId).toEqual(stack.resolve(fileSystem.fileSystemId));
      return Object.fromEntries(associations.map(([id, { Properties }]) => [Properties.FileSystemPath, id]));
    };
    expect(ids(['/a/b', '/a-b'])).toEqual(ids(['/a-b', '/a/b']));
  });

  test('are reported together with other problems', () => {
    const stack = new Stack(new App(), 'Stack');
    const { bucket } = new DataBucket(stack, 'Data');
    const error = errorOf(() =>
      build(
        {
          size: Size.gibibytes(5),
          dataRepositories: ['/a', '/a/b'].map((path) => ({ bucket, path, prefix: path.slice(1) })),
        },
        stack,
      ),
    );
    expect(error.problems.map(({ code }) => code)).toEqual(['DataPath', 'LustreSize']);
  });
});
