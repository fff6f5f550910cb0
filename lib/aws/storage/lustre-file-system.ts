import { ArnFormat, type Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Connections, IConnectable, ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import { CfnFileSystem, type LustreMaintenanceTime } from 'aws-cdk-lib/aws-fsx';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { demand, FLAG, judged, listOf, NUMBER, required, type Shape } from '../../core/shapes';
import { DATA_REPOSITORY, DataRepository, type DataRepositoryProps } from './data-repository';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import {
  checkAttributes,
  type ILustreFileSystem,
  ImportedLustreFileSystem,
  type LustreFileSystemAttributes,
} from './lustre-attributes';
import { LUSTRE_METADATA, LustreMetadata } from './lustre-metadata';
import { checkLustre } from './lustre-rules';
import { allowLustreClients, lustreSecurityGroup } from './lustre-security-group';
import { CONNECTABLE, DURATION, KEY, MAINTENANCE_TIME, REMOVAL_POLICY, SUBNET, VPC } from '../props/shapes';

/** Properties for `LustreFileSystem`. */
export interface LustreFileSystemProps {
  readonly vpc: IVpc;
  /** The one subnet that it stands in. In another zone than the nodes, EFA falls back to TCP and traffic is billed. */
  readonly subnet: ISubnet;
  /** 1200, or a multiple of 2400 GiB; with EFA a multiple of 38400, 19200, 9600 or 4800, by tier. @default - from `requiredThroughputMBps` */
  readonly sizeGiB?: number;
  /** MB/s for each TiB: 125, 250, 500 or 1000. With EFA it can never change. @default 250 - or what `requiredThroughputMBps` makes smallest */
  readonly throughputMBpsPerTiB?: number;
  /** What all clients together must read or write: the smallest file system that gives it is taken. @default - from `sizeGiB` */
  readonly requiredThroughputMBps?: number;
  /** Whether clients reach it over EFA, with GPUDirect Storage. It can never change. @default false */
  readonly efa?: boolean;
  /** @default LustreMetadata.automatic() */
  readonly metadata?: LustreMetadata;
  /** @default - a new key that rotates every year */
  readonly encryptionKey?: IKey;
  /** The weekly half hour of maintenance, UTC. @default - FSx picks one */
  readonly maintenance?: LustreMaintenanceTime;
  /** How long daily backups stay, up to 90 days. FSx backs up no file system with a data repository. @default - no backups */
  readonly backupRetention?: Duration;
  /** Directories that mirror a bucket, at most 8. @default - none */
  readonly dataRepositories?: readonly DataRepositoryProps[];
  /** What becomes of file system and key when they leave the stack. A first deployment that fails keeps nothing. @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE */
  readonly removalPolicy?: RemovalPolicy;
}

const LUSTRE: Shape<LustreFileSystemProps> = {
  vpc: required(VPC),
  subnet: required(SUBNET),
  sizeGiB: NUMBER,
  throughputMBpsPerTiB: NUMBER,
  requiredThroughputMBps: NUMBER,
  efa: FLAG,
  metadata: LUSTRE_METADATA,
  encryptionKey: KEY,
  maintenance: MAINTENANCE_TIME,
  backupRetention: DURATION,
  dataRepositories: listOf(DATA_REPOSITORY),
  removalPolicy: REMOVAL_POLICY,
};

/**
 * FSx for Lustre, PERSISTENT_2 on SSD: encrypted, compressed, logged, with its size checked against the service's grid.
 *
 * The EFA switch is only the server's half: clients need Lustre networking over EFA set up, and the same zone.
 *
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/using-fsx-lustre.html
 */
export class LustreFileSystem extends Construct implements ILustreFileSystem {
  /** A file system that exists, by what is known of it. */
  static fromAttributes(scope: Construct, id: string, attrs: LustreFileSystemAttributes): ILustreFileSystem {
    checkAttributes(scope, attrs);
    return new ImportedLustreFileSystem(scope, id, attrs);
  }

  public readonly resource: CfnFileSystem;
  public readonly fileSystemId: string;
  public readonly dnsName: string;
  public readonly mountName: string;
  public readonly sizeGiB: number;
  public readonly throughputMBps: number;
  public readonly efa: boolean;
  public readonly availabilityZone?: string;
  public readonly securityGroup: ISecurityGroup;
  public readonly connections: Connections;
  public readonly encryptionKey: IKey;
  public readonly logs: EncryptedLogGroup;
  public readonly dataRepositories: readonly DataRepository[];

  constructor(scope: Construct, id: string, props: LustreFileSystemProps) {
    super(scope, id);
    const size = judged(this, props, LUSTRE, (problems) => checkLustre(problems, props));
    const { vpc, subnet, efa = false, removalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE } = props;

    this.efa = efa;
    this.availabilityZone = zoneOf(subnet);
    this.sizeGiB = size.sizeGiB;
    this.throughputMBps = size.throughputMBps;
    const { group, selfRules } = lustreSecurityGroup(this, 'SecurityGroup', { vpc, efa });
    this.securityGroup = group;
    this.connections = group.connections;
    this.encryptionKey = props.encryptionKey ?? new Key(this, 'Key', { enableKeyRotation: true, removalPolicy });
    this.logs = new EncryptedLogGroup(this, 'Logs', {
      logGroupName: `/aws/fsx/${Names.uniqueResourceName(this, { maxLength: 200, separator: '-' })}`,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.resource = new CfnFileSystem(this, 'Resource', {
      fileSystemType: 'LUSTRE',
      fileSystemTypeVersion: '2.15',
      storageType: 'SSD',
      storageCapacity: this.sizeGiB,
      subnetIds: [subnet.subnetId],
      securityGroupIds: [this.securityGroup.securityGroupId],
      kmsKeyId: this.encryptionKey.keyArn,
      lustreConfiguration: lustreOf(props, size.throughputMBpsPerTiB, logGroupArn(this.logs)),
    });
    this.resource.applyRemovalPolicy(removalPolicy);
    this.resource.node.addDependency(...selfRules);
    this.fileSystemId = this.resource.ref;
    this.dnsName = this.resource.attrDnsName;
    this.mountName = this.resource.attrLustreMountName;
    this.dataRepositories = (props.dataRepositories ?? []).map(
      // The path is what tells one link from another: FSx replaces a link whose path changes.
      (repository) =>
        new DataRepository(this, `DataRepository${repository.path}`, {
          ...repository,
          fileSystemId: this.fileSystemId,
        }),
    );
  }

  /** Opens the way for clients, on both sides. */
  allowClients(clients: IConnectable): void {
    demand({ clients }, { clients: required(CONNECTABLE) }, { scope: this });
    allowLustreClients(this, clients, this.efa);
  }
}

function lustreOf(props: LustreFileSystemProps, throughputMBpsPerTiB: number, logs: string) {
  const { efa = false, metadata = LustreMetadata.automatic(), maintenance, backupRetention } = props;
  const config: CfnFileSystem.LustreConfigurationProperty = {
    deploymentType: 'PERSISTENT_2',
    perUnitStorageThroughput: throughputMBpsPerTiB,
    efaEnabled: efa,
    dataCompressionType: 'LZ4',
    metadataConfiguration: { mode: metadata.mode, iops: metadata.iops },
    automaticBackupRetentionDays: backupRetention?.toDays() ?? 0,
    weeklyMaintenanceStartTime: maintenance?.toTimestamp(),
    logConfiguration: { level: 'WARN_ERROR', destination: logs },
  };
  return config;
}

/** Without the `:*` at the end that the attribute of a log group carries. */
function logGroupArn({ logGroup }: EncryptedLogGroup): string {
  return Stack.of(logGroup).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroup.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** The getter of an imported subnet throws where its zone was not given. */
function zoneOf(subnet: ISubnet): string | undefined {
  try {
    return subnet.availabilityZone;
  } catch {
    return undefined;
  }
}
