import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { parseCidr } from '../../core/cidr';
import { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import { assertProps, validateProps } from '../../core/prop-schema';
import { type LustreSize, LustreGrid } from '../../terraform/lustre-grid';
import { physicalName } from '../../terraform/names';
import { rejectUndeclared } from '../network/host-project-check';
import { type IMlNetwork, projectOf } from '../network/network-attributes';
import { CurrentProject } from '../operations/current-project';
import { checkZone, regionOf } from '../props/location';
import { ComputeFirewall, LustreInstance } from '../provider/google';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { checkProviders } from '../../terraform/provider-checks';
import { checkPeering, ServicePeering } from './service-peering';
import { LUSTRE_FILE_SYSTEM_ATTRIBUTES, LUSTRE_FILE_SYSTEM_PROPS } from '../prop-schemas';
import { storageTiers } from '../../core/catalog/storage-tiers';

/** A Managed Lustre file system: a new `LustreFileSystem` or an existing one. */
export interface ILustreFileSystem {
  /** `<project>/<zone>/<instance>`, the volume handle of the CSI driver. */
  readonly volumeHandle: string;
  /** IP address of the servers. */
  readonly serverIp: string;
  /** File system name in the mount command. */
  readonly fsName: string;
  /** Zone of the file system. */
  readonly zone: string;
  /** Size in GiB. @default - unknown */
  readonly sizeGiB?: number;
  /** Total throughput of all clients, in MB/s. @default - unknown */
  readonly throughputMBps?: number;
}

/** Attributes of an existing Managed Lustre file system. */
export type LustreFileSystemAttributes = ILustreFileSystem;

/** Properties for `LustreFileSystem`. */
export interface LustreFileSystemProps {
  /** Network of the nodes that mount the file system. */
  readonly network: IMlNetwork;
  /** Zone of the nodes. The file system runs in one zone and can never move. */
  readonly zone: string;
  /** Size in GiB: a multiple of 9,000, 18,000, 36,000 or 72,000, depending on the tier. It can only grow. @default - derived from `requiredThroughputMBps` */
  readonly sizeGiB?: number;
  /** Throughput for each TiB: 125, 250, 500 or 1000 MB/s. It can never change. @default 500 - or the tier with the smallest size for `requiredThroughputMBps` */
  readonly throughputMBpsPerTiB?: number;
  /** Total throughput that all clients need, in MB/s. The smallest file system that provides it is created. @default - derived from `sizeGiB` */
  readonly requiredThroughputMBps?: number;
  /** File system name in the mount command: at most 8 letters and digits, starting with a letter. @default 'lustre' */
  readonly fsName?: string;
  /** Whether GKE nodes older than 1.33.2-gke.4655000 can mount it, on port 6988. Every cluster that mounts it then needs `legacyLustrePort`. @default false */
  readonly legacyGkePort?: boolean;
}

const PORT = '988';
const LEGACY_PORT = '6988';

/**
 * A Google Cloud Managed Lustre file system in the zone of the nodes, reached through the VPC peering of their network.
 *
 * Google manages the encryption keys: customer-managed keys need a newer provider version than the bindings.
 *
 * @see https://cloud.google.com/managed-lustre/docs/create-instance
 * @example
 * ```ts
 * import { LustreFileSystem, MlNetwork } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const network = new MlNetwork(stack, 'Network', { region: 'us-central1' });
 * new LustreFileSystem(stack, 'Scratch', { network, zone: 'us-central1-b', sizeGiB: 18_000 });
 * ```
 */
export class LustreFileSystem extends Construct implements ILustreFileSystem {
  /** An existing file system, in a network that is peered with the network of the nodes. */
  static fromLustreFileSystemAttributes(
    scope: Construct,
    id: string,
    attributes: LustreFileSystemAttributes,
  ): ILustreFileSystem {
    return new ExistingFileSystem(scope, id, attributes);
  }

  /** The file system in Terraform. */
  public readonly resource: LustreInstance;
  /** Size in GiB. */
  public readonly sizeGiB: number;
  /** Total throughput of all clients, in MB/s. */
  public readonly throughputMBps: number;
  /** Zone of the file system. */
  public readonly zone: string;
  /** File system name in the mount command. */
  public readonly fsName: string;

  constructor(scope: Construct, id: string, props: LustreFileSystemProps) {
    super(scope, id);
    checkProviders(this);
    const { sizeGiB, throughputMBps, tier } = check(this, props);
    const { network, zone, fsName = 'lustre', legacyGkePort = false } = props;
    this.sizeGiB = sizeGiB;
    this.throughputMBps = throughputMBps;
    this.zone = zone;
    this.fsName = fsName;
    const peering = network.peeringCidrs ? undefined : ServicePeering.of(network, this);
    const name = physicalName(this);
    if (!network.shared) {
      const rule = new ComputeFirewall(this, 'AllowFromServers', {
        name,
        project: projectOf(network),
        network: network.networkId,
        direction: 'INGRESS',
        sourceRanges: peering ? [peering.cidr] : [...network.peeringCidrs!],
        allow: [{ protocol: 'tcp', ports: legacyGkePort ? [PORT, LEGACY_PORT] : [PORT] }],
      });
      rejectUndeclared(rule, network);
    }
    this.resource = new LustreInstance(this, 'Resource', {
      instanceId: name,
      filesystem: fsName,
      location: zone,
      network: network.networkId,
      capacityGib: String(sizeGiB),
      perUnitStorageThroughput: tier.name,
      gkeSupportEnabled: legacyGkePort,
      dependsOn: peering && existingDependencies(this, [peering.connection]),
      lifecycle: { preventDestroy: true },
      timeouts: { create: '120m', update: '120m', delete: '60m' },
    });
  }

  /** `<project>/<zone>/<instance>`, the volume handle of the CSI driver. */
  get volumeHandle(): string {
    return `${CurrentProject.of(this).projectId}/${this.zone}/${this.resource.instanceId}`;
  }

  /** IP address of the servers. */
  get serverIp(): string {
    return Fn.element(Fn.split('@', this.mountPoint), 0) as string;
  }

  /** The source of the mount command: `10.1.2.3@tcp:/lustre`. */
  get mountPoint(): string {
    return this.resource.mountPoint;
  }
}

class ExistingFileSystem extends Construct implements ILustreFileSystem {
  readonly volumeHandle: string;
  readonly serverIp: string;
  readonly fsName: string;
  readonly zone: string;
  readonly sizeGiB?: number;
  readonly throughputMBps?: number;

  constructor(scope: Construct, id: string, attributes: LustreFileSystemAttributes) {
    super(scope, id);
    checkProviders(this);
    assertProps(attributes, LUSTRE_FILE_SYSTEM_ATTRIBUTES, { scope: this, name: 'attributes' });
    checkAttributes(this, attributes);
    this.volumeHandle = attributes.volumeHandle;
    this.serverIp = attributes.serverIp;
    this.fsName = attributes.fsName;
    this.zone = attributes.zone;
    this.sizeGiB = attributes.sizeGiB;
    this.throughputMBps = attributes.throughputMBps;
  }
}

function checkAttributes(scope: Construct, { serverIp, fsName, zone }: LustreFileSystemAttributes): void {
  const problems = new ProblemCollector();
  const isAddress = isUnknown(serverIp) || parseCidr(`${serverIp}/32`) !== undefined;
  if (!isAddress) {
    problems.add({
      code: 'ResourceIdInvalid',
      prop: 'serverIp',
      allowed: 'an IPv4 address, for example 10.1.2.3',
      got: serverIp,
      fix: 'Copy it from `mountPoint` of `gcloud lustre instances describe`.',
    });
  }
  if (!isUnknown(fsName) && !FS_NAME.test(fsName)) addInvalidName(problems, fsName);
  if (!isUnknown(zone)) checkZone(problems, 'zone', zone);
  problems.throwIfAny(scope);
}

function addInvalidName(problems: ProblemCollector, fsName: string): void {
  const allowed = '1 to 8 letters and digits, starting with a letter';
  problems.add({
    code: 'LustreName',
    prop: 'fsName',
    allowed,
    got: fsName,
    fix: 'Shorten the name, which clients only use in the mount command.',
  });
}

const FS_NAME = /^[a-z][a-z0-9]{0,7}$/i;

function check(scope: Construct, props: LustreFileSystemProps): LustreSize {
  const problems = new ProblemCollector();
  let size: LustreSize | undefined;
  if (validateProps(problems, props, LUSTRE_FILE_SYSTEM_PROPS)) {
    const { zone, network, fsName = 'lustre' } = props;
    checkZone(problems, 'zone', zone);
    checkPeering(problems, network);
    size = LUSTRE_GRID.check(problems, props);
    if (!FS_NAME.test(fsName)) addInvalidName(problems, fsName);
    if (regionOf(zone) !== network.region) {
      const allowed = `a zone of ${network.region}, the region of the network`;
      problems.add({
        code: 'LocationInvalid',
        prop: 'zone',
        allowed,
        got: zone,
        fix: 'Use the zone of the nodes.',
      });
    }
  }
  problems.throwIfAny(scope);
  return size!;
}

/**
 * The sizes of Managed Lustre, with 500 MB/s for each TiB by default. The dynamic tier needs a newer provider version than the bindings.
 *
 * @see https://cloud.google.com/managed-lustre/docs/create-instance#performance-tiers
 */
export const LUSTRE_GRID = new LustreGrid(
  storageTiers('google').filter(({ name }) => name !== '25-dynamic'),
  500,
);
