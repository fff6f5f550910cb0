import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import type { LustreSize } from '../../terraform/lustre-grid';
import { physicalName } from '../../terraform/names';
import { ownsSubnets } from '../network/own-subnets';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { ManagedLustreFileSystem } from '../provider/azurerm';
import { BlobAccess } from './blob-access';
import { type ILustreFileSystem, LUSTRE_FS_NAME, type LustreFileSystemAttributes } from './lustre-attributes';
import { checkLustre } from './lustre-checks';
import { lustreFindings } from './lustre-findings';
import { type LustreFileSystemProps, RootSquashMode, Weekday } from './lustre-props';
import { GIB_PER_TIB, subnetPrefix } from './lustre-rules';
import { LustreSubnet } from './lustre-subnet';
import { LUSTRE_FILE_SYSTEM_ATTRIBUTES } from '../prop-schemas';

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
    const size = checked(this, props);
    const { resourceGroup, zone, blobIntegration, rootSquash, maintenance } = props;
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
    assertProps(attrs, LUSTRE_FILE_SYSTEM_ATTRIBUTES, { scope: this, name: 'attrs' });
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
