import { ArnFormat, type Duration, Names, RemovalPolicy, type Size, Stack } from 'aws-cdk-lib';
import type { Connections, IConnectable, ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import { CfnFileSystem, type LustreMaintenanceTime } from 'aws-cdk-lib/aws-fsx';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { assertProps, validated, required } from '../../core/prop-schema';
import { DataRepository, type DataRepositoryProps } from './data-repository';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import {
  checkAttributes,
  type ILustreFileSystem,
  ImportedLustreFileSystem,
  type LustreFileSystemAttributes,
} from './lustre-attributes';
import { LustreMetadata } from './lustre-metadata';
import { checkLustre } from './lustre-rules';
import { allowLustreClients, lustreSecurityGroup } from './lustre-security-group';
import { CONNECTABLE, gibOf } from '../props/prop-types';
import { LUSTRE_FILE_SYSTEM_PROPS } from '../prop-schemas';

/** Properties for `LustreFileSystem`. */
export interface LustreFileSystemProps {
  /** VPC of the file system. */
  readonly vpc: IVpc;
  /** Subnet of the file system. Use the zone of the nodes: in another zone EFA falls back to TCP, and AWS bills the traffic. */
  readonly subnet: ISubnet;
  /**
   * Storage capacity: 1200 GiB, or a multiple of 2400 GiB. With EFA, a multiple of 38400, 19200, 9600, or 4800 GiB, which depends on
   * `throughputMBpsPerTiB`.
   *
   * @default - from `requiredThroughputMBps`
   */
  readonly size?: Size;
  /** Throughput for each TiB, in MB/s: 125, 250, 500, or 1000. With EFA it can never change. @default - 250, or the tier with the smallest file system for `requiredThroughputMBps` */
  readonly throughputMBpsPerTiB?: number;
  /** Throughput that all clients together need, in MB/s. Selects the smallest file system with this throughput. @default - from `size` */
  readonly requiredThroughputMBps?: number;
  /** Whether clients can use EFA, with GPUDirect Storage. It can never change. @default false */
  readonly efa?: boolean;
  /** Metadata performance. @default LustreMetadata.automatic() */
  readonly metadata?: LustreMetadata;
  /** KMS key of the file system. @default - a new key that rotates every year */
  readonly encryptionKey?: IKey;
  /** Weekly maintenance window of 30 minutes, in UTC. @default - FSx chooses one */
  readonly maintenance?: LustreMaintenanceTime;
  /** How long FSx keeps daily backups, up to 90 days. Not supported with data repositories. @default - no backups */
  readonly backupRetention?: Duration;
  /** Directories that mirror a bucket, at most 8. @default - none */
  readonly dataRepositories?: readonly DataRepositoryProps[];
  /**
   * What happens to the file system and the key when they leave the stack. A first deployment that fails deletes them.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * An FSx for Lustre file system, PERSISTENT_2 on SSD: encrypted, compressed, with logs and a valid size.
 *
 * With `efa`, clients also need a set-up for Lustre over EFA, and must be in the same zone.
 *
 * @example
 * ```ts
 * import { LustreFileSystem } from 'ai-infra-constructs/aws';
 * import { App, Size, Stack } from 'aws-cdk-lib';
 * import { Vpc } from 'aws-cdk-lib/aws-ec2';
 *
 * const stack = new Stack(new App(), 'Storage');
 * const vpc = new Vpc(stack, 'Vpc');
 * new LustreFileSystem(stack, 'FileSystem', { vpc, subnet: vpc.privateSubnets[0]!, size: Size.gibibytes(2400) });
 * ```
 *
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/using-fsx-lustre.html
 */
export class LustreFileSystem extends Construct implements ILustreFileSystem {
  /** Imports an existing file system. */
  static fromLustreFileSystemAttributes(
    scope: Construct,
    id: string,
    attrs: LustreFileSystemAttributes,
  ): ILustreFileSystem {
    checkAttributes(scope, attrs);
    return new ImportedLustreFileSystem(scope, id, attrs);
  }

  /** The FSx file system. */
  public readonly resource: CfnFileSystem;
  /** ID of the file system, `fs-…`. */
  public readonly fileSystemId: string;
  /** DNS name of the file system. */
  public readonly dnsName: string;
  /** Mount name of the file system. */
  public readonly mountName: string;
  /** Storage capacity in GiB. */
  public readonly sizeGiB: number;
  /** Maximum throughput of all clients together, in MB/s. */
  public readonly throughputMBps: number;
  /** Whether clients can use EFA. */
  public readonly efa: boolean;
  /** Zone of the file system. @default - unknown, because the subnet is imported without its zone */
  public readonly availabilityZone?: string;
  /** Security group of the file servers. */
  public readonly securityGroup: ISecurityGroup;
  /** Connections of the security group. */
  public readonly connections: Connections;
  /** KMS key of the file system. */
  public readonly encryptionKey: IKey;
  /** Log group of the file system. */
  public readonly logs: EncryptedLogGroup;
  /** Links between directories and buckets. */
  public readonly dataRepositories: readonly DataRepository[];

  constructor(scope: Construct, id: string, props: LustreFileSystemProps) {
    super(scope, id);
    const size = validated(this, props, LUSTRE_FILE_SYSTEM_PROPS, (problems) =>
      checkLustre(problems, { ...props, sizeGiB: gibOf(props.size) }),
    );
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
      // The ID contains the path, because FSx replaces a link if its path changes.
      (repository) =>
        new DataRepository(this, `DataRepository${repository.path}`, {
          ...repository,
          fileSystemId: this.fileSystemId,
        }),
    );
  }

  /** Adds the security group rules for clients, on both sides. */
  allowClients(clients: IConnectable): void {
    assertProps({ clients }, { clients: required(CONNECTABLE) }, { scope: this });
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

/** The ARN without the `:*` at the end that the attribute of a log group has. */
function logGroupArn({ logGroup }: EncryptedLogGroup): string {
  return Stack.of(logGroup).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroup.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** The getter of an imported subnet throws if its zone was not given. */
function zoneOf(subnet: ISubnet): string | undefined {
  try {
    return subnet.availabilityZone;
  } catch {
    return undefined;
  }
}
