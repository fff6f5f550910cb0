import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { type LustreSize, LustreGrid } from '../../terraform/lustre-grid';
import { physicalName } from '../../terraform/names';
import { ownsSubnets } from '../network/private-link';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { checkProviders } from '../../terraform/provider-checks';
import { ManagedLustreFileSystem } from '../provider/azurerm';
import { BlobAccess } from './blob-access';
import { checkExistingLustre, checkLustre } from './lustre-checks';
import { LustreSubnet } from './lustre-subnet';
import { LUSTRE_FILE_SYSTEM_ATTRIBUTES } from '../prop-schemas';
import { storageTiers } from '../../core/catalog/storage-tiers';
import type { IMlNetwork } from '../network/ml-network';
import { recordLocation } from '../props/location';
import type { IResourceGroup } from '../props/resource-group';
import { Weekday } from '../props/weekday';
import type { IDataBucket } from './data-bucket';
import type { Finding } from '../../core/findings';

/** Connection of a file system to a bucket. The file system imports objects on first access and exports on request. */
export interface BlobIntegration {
  /** Bucket whose objects appear as files. Its storage account can be in another subscription. */
  readonly bucket: IDataBucket;
  /**
   * Object id of the service principal "HPC Cache Resource Provider" in your tenant, which gets access to the storage account:
   * `az ad sp list --display-name "HPC Cache Resource Provider" --query [].id`.
   */
  readonly resourceProviderId: string;
  /** Prefix of the objects to import when the file system is created. @default '/': all objects */
  readonly importPrefix?: string;
  /** Another container in the same account, for import and export logs. @default - a new container; required for an imported bucket */
  readonly loggingContainerName?: string;
}

/** Users whose root permissions end at the file system. */
export enum RootSquashMode {
  /** Root on a client becomes nobody. */
  ROOT_ONLY = 'RootOnly',
  /** Every user on a client becomes nobody. */
  ALL = 'All',
}

/** Root squash: removes root permissions of clients. */
export interface RootSquash {
  /** Users to squash. @default RootSquashMode.ROOT_ONLY */
  readonly mode?: RootSquashMode;
  /** Clients that keep root permissions, for example `10.0.0.[4-9]@tcp;10.0.1.7@tcp`. */
  readonly noSquashNids: string;
  /** User id of squashed users. @default 65534 */
  readonly uid?: number;
  /** Group id of squashed users. @default 65534 */
  readonly gid?: number;
}

/** Weekly maintenance window of 30 minutes, in which Azure can update the file system. */
export interface LustreMaintenance {
  /** Day of the week. */
  readonly day: Weekday;
  /** Start time in UTC, as `HH:MM`. */
  readonly time: string;
}

/** Properties for `LustreFileSystem`. */
export interface LustreFileSystemProps {
  /** Resource group of the file system. */
  readonly resourceGroup: IResourceGroup;
  /** Network of the nodes that mount the file system. */
  readonly network: IMlNetwork;
  /** Availability zone of the nodes, for example `1`. The file system can never move to another zone. */
  readonly zone: string;
  /** Size in GiB: a multiple of the step of its tier, which is 4, 8, 16, or 48 TiB. It can never change. @default - derived from `requiredThroughputMBps` */
  readonly sizeGiB?: number;
  /** Throughput per TiB in MB/s: 40, 125, 250, or 500. It can never change. @default - 250, or the tier with the smallest size for `requiredThroughputMBps` */
  readonly throughputMBpsPerTiB?: number;
  /** Throughput of all clients together, in MB/s. Selects the smallest file system that provides it. @default - derived from `sizeGiB` */
  readonly requiredThroughputMBps?: number;
  /** Resource id of a subnet that only the servers use. @default - a new subnet in `network`, sized for the file system */
  readonly subnetId?: string;
  /** Address range of the new subnet. @default - the first free block in the second half of the network */
  readonly subnetCidr?: string;
  /** Address ranges that can mount the file system, in the rules of the new subnet. @default - the node subnet */
  readonly clientCidrs?: readonly string[];
  /** Key that encrypts the disks. A switch back to Azure-managed keys is impossible. @default - a new key that rotates every 90 days */
  readonly encryptionKey?: IEncryptionKey;
  /** Connection to a bucket. It can never be added later. @default - no bucket: programs copy the data */
  readonly blobIntegration?: BlobIntegration;
  /** Root squash. @default - root on every client is root */
  readonly rootSquash?: RootSquash;
  /** Maintenance window. @default - Sunday, 02:00 UTC */
  readonly maintenance?: LustreMaintenance;
}

/** A Managed Lustre file system. */
export interface ILustreFileSystem {
  /** Name of the file system. */
  readonly name: string;
  /** Address of the management server (MGS), which clients mount from. */
  readonly mgsAddress: string;
  /** Availability zone of the file system, for example `1`. */
  readonly zone: string;
  /** Size in GiB. @default - unknown */
  readonly sizeGiB?: number;
  /** Throughput of all clients together, in MB/s. @default - unknown */
  readonly throughputMBps?: number;
}

/** Attributes of an existing Managed Lustre file system. */
export interface LustreFileSystemAttributes {
  /** Name of the file system. */
  readonly name: string;
  /** Address of the management server (MGS), which clients mount from. */
  readonly mgsAddress: string;
  /** Availability zone of the file system, for example `1`. */
  readonly zone: string;
  /** Size in GiB. @default - unknown */
  readonly sizeGiB?: number;
  /** Throughput of all clients together, in MB/s. @default - unknown */
  readonly throughputMBps?: number;
}

/** The mount name of every Managed Lustre file system. @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/connect-clients */
export const LUSTRE_FS_NAME = 'lustrefs';

/** Default user and group that root becomes: nobody. */
const NOBODY = 65534;

const LONGEST_NAME = 60;

/** Default import prefix of Azure: all objects (recalled, unverified). */
const ALL_OBJECTS = '/';

/**
 * An Azure Managed Lustre file system in the zone of the nodes. It has its own subnet, which only the nodes can reach, and customer-managed
 * encryption. Only maintenance window, root squash, and key can change later. Terraform refuses to replace it.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-overview
 *
 * @example
 * ```ts
 * import { App, TerraformStack } from 'cdktf';
 * import { LustreFileSystem, MlNetwork, ResourceGroup } from 'ai-infra-constructs/azure';
 *
 * const stack = new TerraformStack(new App(), 'training');
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * const network = new MlNetwork(stack, 'Network', { resourceGroup });
 * new LustreFileSystem(stack, 'FileSystem', { resourceGroup, network, zone: '1', requiredThroughputMBps: 4000 });
 * ```
 */
export class LustreFileSystem extends Construct implements ILustreFileSystem {
  /** Imports an existing file system. Creates no resources. */
  static fromLustreFileSystemAttributes(
    scope: Construct,
    id: string,
    attrs: LustreFileSystemAttributes,
  ): ILustreFileSystem {
    return new ImportedFileSystem(scope, id, attrs);
  }

  /** The file system. */
  public readonly resource: ManagedLustreFileSystem;
  /** Size in GiB. */
  public readonly sizeGiB: number;
  /** Throughput of all clients together, in MB/s. */
  public readonly throughputMBps: number;
  /** Availability zone. */
  public readonly zone: string;
  /** Key that encrypts the disks. */
  public readonly encryptionKey: IEncryptionKey;
  /** The new subnet of the servers. @default - `subnetId` is set */
  public readonly subnet?: LustreSubnet;
  /** Access of the service to the bucket. @default - `blobIntegration` is not set */
  public readonly blobAccess?: BlobAccess;
  /** Mount name: clients mount `<mgsAddress>@tcp:/lustrefs`. */
  public readonly fsName = LUSTRE_FS_NAME;

  constructor(scope: Construct, id: string, props: LustreFileSystemProps) {
    super(scope, id);
    checkProviders(this);
    const size = checked(this, props);
    const { resourceGroup, zone, blobIntegration, rootSquash, maintenance } = props;
    recordLocation(this, resourceGroup.location);
    this.sizeGiB = size.sizeGiB;
    this.throughputMBps = size.throughputMBps;
    this.zone = zone;
    this.subnet = newSubnet(this, props, size);
    if (blobIntegration) this.blobAccess = new BlobAccess(this, 'Blob', blobIntegration);
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { resourceGroup });
    const { identity, vaultId, versionedKeyId, usable = [] } = this.encryptionKey;
    this.resource = new ManagedLustreFileSystem(this, 'Resource', {
      name: physicalName(this, LONGEST_NAME),
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
      zones: [zone],
      skuName: size.tier.name,
      storageCapacityInTb: size.sizeGiB / GIB_PER_TIB,
      subnetId: props.subnetId ?? this.subnet!.resource.id,
      identity: { type: 'UserAssigned', identityIds: [identity.id] },
      encryptionKey: { keyUrl: versionedKeyId, sourceVaultId: vaultId },
      hsmSetting: this.blobAccess && {
        containerId: this.blobAccess.containerId,
        loggingContainerId: this.blobAccess.loggingContainerId,
        // Set explicitly: Azure can fill it in (unverified), and azurerm would then replace the file system.
        importPrefix: blobIntegration?.importPrefix ?? ALL_OBJECTS,
      },
      rootSquash: rootSquash && {
        mode: rootSquash.mode ?? RootSquashMode.ROOT_ONLY,
        noSquashNids: rootSquash.noSquashNids,
        squashUid: rootSquash.uid ?? NOBODY,
        squashGid: rootSquash.gid ?? NOBODY,
      },
      maintenanceWindow: {
        dayOfWeek: maintenance?.day ?? Weekday.SUNDAY,
        timeOfDayInUtc: maintenance?.time ?? '02:00',
      },
      dependsOn: existingDependencies(this, [
        ...usable,
        ...(this.subnet?.ready ?? []),
        ...(this.blobAccess?.granted ?? []),
      ]),
      lifecycle: { preventDestroy: true },
      timeouts: { create: '90m', update: '60m', delete: '60m' },
    });
    for (const finding of lustreFindings(props, size)) record(this, finding);
  }

  /** Resource id. */
  get id(): string {
    return this.resource.id;
  }

  /** Name of the file system. */
  get name(): string {
    return this.resource.name;
  }

  /** Address of the management server (MGS). */
  get mgsAddress(): string {
    return this.resource.mgsAddress;
  }
}

class ImportedFileSystem extends Construct implements ILustreFileSystem {
  public readonly name: string;
  public readonly mgsAddress: string;
  public readonly zone: string;
  public readonly sizeGiB?: number;
  public readonly throughputMBps?: number;

  constructor(scope: Construct, id: string, attrs: LustreFileSystemAttributes) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, attrs, LUSTRE_FILE_SYSTEM_ATTRIBUTES, 'attrs')) checkExistingLustre(problems, attrs);
    problems.throwIfAny(this);
    this.name = attrs.name;
    this.mgsAddress = attrs.mgsAddress;
    this.zone = attrs.zone;
    this.sizeGiB = attrs.sizeGiB;
    this.throughputMBps = attrs.throughputMBps;
  }
}

function newSubnet(scope: Construct, props: LustreFileSystemProps, { sizeGiB }: LustreSize): LustreSubnet | undefined {
  const { resourceGroup, network, subnetCidr, clientCidrs } = props;
  if (props.subnetId !== undefined || !ownsSubnets(network)) return undefined;
  return new LustreSubnet(scope, 'Subnet', {
    resourceGroup,
    network,
    cidr: subnetCidr ?? network.firstServiceBlock(subnetPrefix(sizeGiB)),
    clientCidrs: clientCidrs ?? [network.ranges.nodeCidr],
  });
}

function checked(scope: Construct, props: LustreFileSystemProps): LustreSize {
  const problems = new ProblemCollector();
  const size = checkLustre(problems, props);
  problems.throwIfAny(scope);
  return size!;
}

/**
 * Sizes and tiers of Managed Lustre, with 250 MB/s per TiB by default. Sizes above the documented maximum require a support ticket.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/create-file-system-portal
 */
export const LUSTRE_GRID = new LustreGrid(storageTiers('azure'), 250, 'advice');

/** Subnet prefix by maximum file system size in TiB. The last row is extrapolated, unverified. */
const SUBNETS = [
  { upToTiB: 16, prefix: 27 },
  { upToTiB: 40, prefix: 26 },
  { upToTiB: 92, prefix: 25 },
  { upToTiB: 196, prefix: 24 },
  { upToTiB: 400, prefix: 23 },
  { upToTiB: Infinity, prefix: 22 },
] as const;

/** Maximum file system size with a documented subnet size, in TiB. */
export const LARGEST_DOCUMENTED_TIB = 400;

/**
 * Prefix length of the smallest subnet for a file system. The subnet must contain nothing else.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-prerequisites#network-size-requirements
 */
export function subnetPrefix(sizeGiB: number): number {
  return SUBNETS.find(({ upToTiB }) => sizeGiB <= upToTiB * GIB_PER_TIB)!.prefix;
}

export const GIB_PER_TIB = 1024;

const PREREQUISITES = 'https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-prerequisites';

/** Findings of a file system. */
export function lustreFindings(
  { blobIntegration, subnetId }: LustreFileSystemProps,
  { sizeGiB, tier }: LustreSize,
): Finding[] {
  const found: Finding[] = [];
  if (blobIntegration?.bucket.acceptsKeys === false)
    found.push({
      id: 'storage/keyless-blob-integration',
      level: 'warning',
      message:
        'The documentation requires account keys for blob integration, but this bucket has accountKeys turned off.',
      fix: 'Use a bucket with accountKeys: true for staging, or test the creation without keys.',
      evidence: `${PREREQUISITES}#blob-integration-prerequisites-optional`,
    });
  if (sizeGiB > (tier.largestGiB ?? Infinity))
    found.push({
      id: 'storage/size-by-ticket',
      level: 'warning',
      message: `${sizeGiB / GIB_PER_TIB} TiB exceed the documented maximum of ${tier.largestGiB! / GIB_PER_TIB} TiB for ${tier.name}.`,
      fix: 'Request the size with a support ticket first.',
      evidence: 'https://learn.microsoft.com/en-us/azure/azure-managed-lustre/create-file-system-portal',
    });
  if (subnetId === undefined && sizeGiB > LARGEST_DOCUMENTED_TIB * GIB_PER_TIB)
    found.push({
      id: 'storage/subnet-size',
      level: 'warning',
      message: `The subnet size for more than ${LARGEST_DOCUMENTED_TIB} TiB is undocumented, and was extrapolated.`,
      fix: 'Call getRequiredAmlFSSubnetsSize of the Managed Lustre API, and set subnetCidr.',
      evidence: `${PREREQUISITES}#network-size-requirements`,
    });
  return found;
}
