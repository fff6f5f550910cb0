import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { Port, SecurityGroup, type Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnDataRepositoryAssociation, CfnFileSystem } from 'aws-cdk-lib/aws-fsx';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { encryptedLogGroup } from './logs';

const PORTS = [Port.tcp(988), Port.tcpRange(1018, 1023)];

export function lustre(
  stack: Construct,
  vpc: Vpc,
  clients: SecurityGroup,
  { datasets, checkpoints }: { datasets: Bucket; checkpoints: Bucket },
): CfnFileSystem {
  const servers = new SecurityGroup(stack, 'FileServers', {
    vpc,
    description: 'FSx for Lustre file servers',
    allowAllOutbound: false,
  });
  for (const port of PORTS) {
    servers.addIngressRule(servers, port, 'Lustre from the file servers');
    servers.addEgressRule(servers, port, 'Lustre to the file servers');
  }
  const selfRules = servers.node.children.filter((child) => child.node.id !== 'Resource');
  const fileSystem = fileSystemOf(stack, vpc, servers);
  fileSystem.node.addDependency(...selfRules);
  for (const port of PORTS) {
    servers.addIngressRule(clients, port, 'Lustre from clients');
    servers.addEgressRule(clients, port, 'Lustre to clients');
    clients.addIngressRule(servers, port, 'Lustre from the file servers');
    clients.addEgressRule(servers, port, 'Lustre to the file servers');
  }
  link(stack, fileSystem, 'datasets', datasets);
  link(stack, fileSystem, 'checkpoints', checkpoints, ['NEW', 'CHANGED']);
  return fileSystem;
}

function fileSystemOf(stack: Construct, vpc: Vpc, servers: SecurityGroup): CfnFileSystem {
  const key = new Key(stack, 'LustreKey', {
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  const logs = encryptedLogGroup(stack, 'LustreLogs', {
    logGroupName: '/aws/fsx/training',
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const fileSystem = new CfnFileSystem(stack, 'Lustre', {
    fileSystemType: 'LUSTRE',
    fileSystemTypeVersion: '2.15',
    storageType: 'SSD',
    storageCapacity: 19_200,
    subnetIds: [vpc.privateSubnets[0]!.subnetId],
    securityGroupIds: [servers.securityGroupId],
    kmsKeyId: key.keyArn,
    lustreConfiguration: {
      deploymentType: 'PERSISTENT_2',
      perUnitStorageThroughput: 250,
      efaEnabled: false,
      dataCompressionType: 'LZ4',
      metadataConfiguration: { mode: 'AUTOMATIC' },
      automaticBackupRetentionDays: 0,
      logConfiguration: {
        level: 'WARN_ERROR',
        destination: `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${logs.logGroupName}`,
      },
    },
  });
  fileSystem.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  return fileSystem;
}

function link(stack: Construct, fileSystem: CfnFileSystem, name: string, bucket: Bucket, exports?: string[]): void {
  const association = new CfnDataRepositoryAssociation(stack, `${name}-link`, {
    fileSystemId: fileSystem.ref,
    fileSystemPath: `/${name}`,
    dataRepositoryPath: `s3://${bucket.bucketName}`,
    batchImportMetaDataOnCreate: true,
    s3: {
      autoImportPolicy: { events: ['NEW', 'CHANGED', 'DELETED'] },
      autoExportPolicy: exports && { events: exports },
    },
  });
  association.node.addDependency(bucket);
}
