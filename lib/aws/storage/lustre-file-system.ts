import { ArnFormat, type Duration, Names, RemovalPolicy, type Size, Stack, Token } from 'aws-cdk-lib';
import {
  Connections,
  type IConnectable,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  Port,
} from 'aws-cdk-lib/aws-ec2';
import { CfnFileSystem, type LustreMaintenanceTime } from 'aws-cdk-lib/aws-fsx';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct, type IConstruct } from 'constructs';
import { assertProps, validated, required, validateProps, NUMBER, brand } from '../../core/prop-schema';
import { DataRepository, type DataRepositoryProps } from './data-repository';
import { EncryptedLogGroup } from '../operations/encrypted-log-group';
import { checkLustre, type LustreRules, smallestLustre } from './lustre-rules';
import { allowLustreClients, lustreSecurityGroup } from './lustre-security-group';
import { CONNECTABLE, gibOf } from '../props/prop-types';
import { LUSTRE_FILE_SYSTEM_PROPS, LUSTRE_FILE_SYSTEM_ATTRIBUTES } from '../prop-schemas';
import { ProblemCollector } from '../../core/errors';
import { isKnown } from '../props/tokens';
import { FSX_LUSTRE } from '../../core/catalog/fsx-lustre';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import { NodeOs } from '../machine/machine';
import type { PlanStorage } from '../../core/planning/plan';

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
export function zoneOf(subnet: ISubnet): string | undefined {
  try {
    return subnet.availabilityZone;
  } catch {
    return undefined;
  }
}

/** A new or an existing FSx for Lustre file system. */
export interface ILustreFileSystem extends IConstruct, IConnectable {
  /** ID of the file system, `fs-…`. */
  readonly fileSystemId: string;
  /** DNS name of the file system. Clients mount `<dnsName>@tcp:/<mountName>`. */
  readonly dnsName: string;
  /** Mount name of the file system. */
  readonly mountName: string;
  /** Storage capacity in GiB. */
  readonly sizeGiB: number;
  /** Maximum throughput of all clients together, in MB/s. @default - unknown */
  readonly throughputMBps?: number;
  /** Whether clients can use EFA. */
  readonly efa: boolean;
  /** Zone of the file system. @default - unknown */
  readonly availabilityZone?: string;
  /** Adds the security group rules for clients, on both sides. */
  allowClients(clients: IConnectable): void;
}

/** Attributes of an existing FSx for Lustre file system. */
export interface LustreFileSystemAttributes {
  /** ID of the file system, `fs-…`. */
  readonly fileSystemId: string;
  /** DNS name of the file system. */
  readonly dnsName: string;
  /** Mount name of the file system. */
  readonly mountName: string;
  /** Storage capacity. */
  readonly size: Size;
  /** Security group of the file servers. */
  readonly securityGroup: ISecurityGroup;
  /** Maximum throughput of all clients together, in MB/s. @default - unknown, and no job is checked against it */
  readonly throughputMBps?: number;
  /** Whether clients can use EFA. @default false */
  readonly efa?: boolean;
  /** Zone of the file system. @default - unknown, and not checked */
  readonly availabilityZone?: string;
}

/** @internal Throws if the attributes are invalid. */
export function checkAttributes(scope: IConstruct, attributes: LustreFileSystemAttributes): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, attributes, LUSTRE_FILE_SYSTEM_ATTRIBUTES, 'attrs')) {
    checkKnownSize(problems, 'size', gibOf(attributes.size));
    checkKnownThroughput(problems, attributes.throughputMBps);
  }
  problems.throwIfAny(scope);
}

function checkKnownThroughput(problems: ProblemCollector, throughputMBps: number | undefined): void {
  if (!isKnown(problems, 'throughputMBps', throughputMBps)) return;
  if (Number.isFinite(throughputMBps) && throughputMBps > 0) return;
  problems.add({
    code: 'VolumeInvalid',
    prop: 'throughputMBps',
    allowed: 'a number greater than 0',
    got: throughputMBps,
    fix: 'Multiply the MB/s per TiB by the size in TiB, or remove it.',
  });
}

/** Adds a problem if the size of an existing file system is invalid. */
export function checkKnownSize(problems: ProblemCollector, prop: string, sizeGiB: number): void {
  if (!isKnown(problems, prop, sizeGiB) || (Number.isSafeInteger(sizeGiB) && sizeGiB >= 1)) return;
  problems.add({
    code: 'VolumeInvalid',
    prop,
    allowed: 'a whole number of GiB, at least 1',
    got: sizeGiB,
    fix: 'Use the storage capacity of the file system.',
  });
}

/** @internal A file system from its attributes. */
export class ImportedLustreFileSystem extends Construct implements ILustreFileSystem {
  public readonly fileSystemId: string;
  public readonly dnsName: string;
  public readonly mountName: string;
  public readonly sizeGiB: number;
  public readonly throughputMBps?: number;
  public readonly efa: boolean;
  public readonly availabilityZone?: string;
  public readonly connections: Connections;

  constructor(scope: Construct, id: string, attrs: LustreFileSystemAttributes) {
    super(scope, id);
    this.fileSystemId = attrs.fileSystemId;
    this.dnsName = attrs.dnsName;
    this.mountName = attrs.mountName;
    this.sizeGiB = gibOf(attrs.size);
    this.throughputMBps = attrs.throughputMBps;
    this.efa = attrs.efa ?? false;
    this.availabilityZone = attrs.availabilityZone;
    this.connections = new Connections({ securityGroups: [attrs.securityGroup], defaultPort: Port.tcp(988) });
  }

  allowClients(clients: IConnectable): void {
    assertProps({ clients }, { clients: required(CONNECTABLE) }, { scope: this });
    allowLustreClients(this, clients, this.efa);
  }
}

/**
 * Metadata performance of a Lustre file system: how fast it opens, lists, and creates files. It can only increase after creation.
 *
 * @example
 * ```ts
 * import { LustreMetadata } from 'ai-infra-constructs/aws';
 *
 * const metadata = LustreMetadata.provisioned(12000);
 * ```
 */
export class LustreMetadata {
  /** FSx derives it from the size of the file system. */
  static automatic(): LustreMetadata {
    return new LustreMetadata('AUTOMATIC');
  }

  /** A fixed number of metadata IOPS. @param iops 1500, 3000, 6000, 12000, or a multiple of 12000 up to 192000 */
  static provisioned(iops: number): LustreMetadata {
    assertProps({ iops }, { iops: required(NUMBER) });
    return new LustreMetadata('USER_PROVISIONED', iops);
  }

  private constructor(
    /** The mode in the FSx API. */
    public readonly mode: 'AUTOMATIC' | 'USER_PROVISIONED',
    /** Metadata IOPS. @default - FSx derives them from the size */
    public readonly iops?: number,
  ) {}
}

brand(LustreMetadata, 'aws.LustreMetadata');

/** Adds a problem if the metadata performance is invalid. */
export function checkLustreMetadata(problems: ProblemCollector, metadata: LustreMetadata | undefined): void {
  const { smallest, step, largest } = FSX_LUSTRE.metadataIops;
  const iops = metadata?.iops;
  if (!isKnown(problems, 'metadata', iops)) return;
  if (smallest.some((one) => one === iops) || (iops >= step && iops <= largest && iops % step === 0)) return;
  problems.add({
    code: 'LustreMetadata',
    prop: 'metadata',
    allowed: `${smallest.join(', ')}, or a multiple of ${step} up to ${largest} IOPS`,
    got: iops,
    fix: 'Use one of these values, or LustreMetadata.automatic().',
  });
}

const SETUP = 'configure-efa-fsx-lustre-client';

/**
 * Shell commands that set up a node for FSx for Lustre over EFA, as in the AWS guide, before Lustre is loaded. If the set-up fails, the node
 * writes it to its log, joins the cluster, and mounts over TCP. Empty for nodes without support.
 *
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/configure-efa-clients.html
 */
export function lustreEfaClient({ machine, interconnect, nodeOptions }: EfaNodeGroupOptions): string[] {
  const isSupported =
    machine.spec.lustreEfa && interconnect?.usesEfa !== false && nodeOptions?.os !== NodeOs.BOTTLEROCKET;
  return isSupported ? [COMMANDS] : [];
}

const COMMANDS = `{
  dnf install --assumeyes lustre-client unzip &&
  curl --fail --silent --show-error --location --output /tmp/${SETUP}.zip \\
    https://docs.aws.amazon.com/fsx/latest/LustreGuide/samples/${SETUP}.zip &&
  unzip -q -o /tmp/${SETUP}.zip -d /opt &&
  (cd /opt/${SETUP} && ./setup.sh --optimized-for-gds)
} || logger --tag lustre-efa 'set-up failed: the file system is mounted over TCP'`;

/** Size and throughput tier of a file system. */
interface SizeAndTier {
  readonly sizeGiB: number;
  readonly throughputMBpsPerTiB: number;
}

/** The size and tier that a plan needs, as far as they are not given. Undefined if both are given, or if no tier is enough. */
export function lustreFor(
  need: PlanStorage,
  { sizeGiB, throughputMBpsPerTiB: tier, efa = false }: LustreRules,
): SizeAndTier | undefined {
  if (sizeGiB === undefined) return cheapest(need, efa, tier);
  return tier === undefined && !Token.isUnresolved(sizeGiB) ? slowestOf(need, sizeGiB, efa) : undefined;
}

/** The cheapest file system that is enough. With EFA, in the size steps of EFA. */
function cheapest({ tiers }: PlanStorage, efa: boolean, tier?: number): SizeAndTier | undefined {
  const sizes = tiers.map(({ tier: name, sizeGiB: min, usdPerMonth = Infinity }) => {
    const throughputMBpsPerTiB = Number(name);
    const sizeGiB = smallestLustre(min, efa, throughputMBpsPerTiB);
    return { sizeGiB, throughputMBpsPerTiB, usd: (usdPerMonth / min) * sizeGiB };
  });
  const [best] = sizes
    .filter(({ throughputMBpsPerTiB }) => tier === undefined || throughputMBpsPerTiB === tier)
    .sort((a, b) => a.usd - b.usd || a.sizeGiB - b.sizeGiB);
  return best && { sizeGiB: best.sizeGiB, throughputMBpsPerTiB: best.throughputMBpsPerTiB };
}

/** The slowest tier that is fast enough at a size, or the fastest tier with that size. */
function slowestOf({ readMBps, writeMBps }: PlanStorage, sizeGiB: number, efa: boolean): SizeAndTier | undefined {
  const possible = FSX_LUSTRE.tiers.filter(({ efaStepGiB }) => !efa || sizeGiB % efaStepGiB === 0);
  const needed = Math.max(readMBps, writeMBps);
  const enough = possible.find((row) => (sizeGiB / FSX_LUSTRE.gibPerTiB) * row.throughputMBpsPerTiB >= needed);
  const row = enough ?? possible.at(-1);
  return row && { sizeGiB, throughputMBpsPerTiB: row.throughputMBpsPerTiB };
}
