import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { record } from '../../terraform/findings';
import type { LustreSize } from '../../terraform/lustre-grid';
import { physicalName } from '../../terraform/names';
import { ownsSubnets } from '../network/own-subnets';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import { standingBefore } from '../../terraform/standing-before';
import { ManagedLustreFileSystem } from '../provider/azurerm';
import { BlobAccess } from './blob-access';
import { type ILustreFileSystem, LUSTRE_FS_NAME } from './lustre-attributes';
import { checkLustre } from './lustre-checks';
import { lustreFindings } from './lustre-findings';
import { type LustreFileSystemProps, RootSquashMode } from './lustre-props';
import { GIB_PER_TIB, subnetPrefix } from './lustre-rules';
import { LustreSubnet } from './lustre-subnet';

/** What root becomes where nobody says: nobody. */
const NOBODY = 65534;

const LONGEST_NAME = 60;

/** What Azure imports where nobody says: everything (recalled, unverified). */
const ALL_OBJECTS = '/';

/**
 * Azure Managed Lustre in the zone of the nodes, in a subnet of its own that only they mount it from, with disks under a key of its own, and
 * its size checked against the grid of its tier. Nothing of it but its maintenance, squash
 * and key can change: it is never replaced.
 *
 * @see https://learn.microsoft.com/en-us/azure/azure-managed-lustre/amlfs-overview
 */
export class LustreFileSystem extends Construct implements ILustreFileSystem {
  public readonly resource: ManagedLustreFileSystem;
  public readonly sizeGiB: number;
  public readonly throughputMBps: number;
  public readonly zone: string;
  public readonly encryptionKey: IEncryptionKey;
  /** The subnet of its servers, with its rules. @default - you brought one */
  public readonly subnet?: LustreSubnet;
  /** The right to the bucket. @default - it is joined to none */
  public readonly blobAccess?: BlobAccess;
  /** Clients mount `<mgsAddress>@tcp:/lustrefs`. */
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
        // Said, since Azure may fill it in (unverified), and azurerm would replace the file system for the difference.
        importPrefix: blobIntegration?.importPrefix ?? ALL_OBJECTS,
      },
      rootSquash: rootSquash && {
        mode: rootSquash.mode ?? RootSquashMode.ROOT_ONLY,
        noSquashNids: rootSquash.noSquashNids,
        squashUid: rootSquash.uid ?? NOBODY,
        squashGid: rootSquash.gid ?? NOBODY,
      },
      maintenanceWindow: { dayOfWeek: maintenance?.day ?? 'Sunday', timeOfDayInUtc: maintenance?.time ?? '02:00' },
      dependsOn: standingBefore(this, [...usable, ...(this.subnet?.ready ?? []), ...(this.blobAccess?.granted ?? [])]),
      lifecycle: { preventDestroy: true },
      timeouts: { create: '90m', update: '60m', delete: '60m' },
    });
    for (const finding of lustreFindings(props, size)) record(this, finding);
  }

  get id(): string {
    return this.resource.id;
  }

  get name(): string {
    return this.resource.name;
  }

  get mgsAddress(): string {
    return this.resource.mgsAddress;
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
  const problems = new Problems();
  const size = checkLustre(problems, props);
  problems.throwIfAny(scope);
  return size!;
}
