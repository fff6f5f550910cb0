import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { FLAG, fits, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import type { LustreSize } from '../../terraform/lustre-grid';
import { physicalName } from '../../terraform/names';
import { refuseUnsaid } from '../network/host-project-check';
import { type IMlNetwork, ML_NETWORK, projectOf } from '../network/network-attributes';
import { CurrentProject } from '../operations/current-project';
import { checkZone, regionOf } from '../props/location';
import { ComputeFirewall, LustreInstance } from '../provider/google';
import { standingBefore } from '../../terraform/standing-before';
import type { ILustreFileSystem } from './lustre-attributes';
import { LUSTRE_GRID } from './lustre-rules';
import { checkPeering, ServicePeering } from './service-peering';

/** Properties for `LustreFileSystem`. */
export interface LustreFileSystemProps {
  /** The network of the nodes that mount it. */
  readonly network: IMlNetwork;
  /** The zone of the nodes: it stands in one, and can never move. */
  readonly zone: string;
  /** A multiple of the step of its tier: 9,000, 18,000, 36,000 or 72,000 GiB. It can only grow. @default - from `requiredThroughputMBps` */
  readonly sizeGiB?: number;
  /** MB/s for each TiB: 125, 250, 500 or 1000. It can never change. @default 500 - or what `requiredThroughputMBps` makes smallest */
  readonly throughputMBpsPerTiB?: number;
  /** What all clients together must read or write: the smallest file system that gives it is taken. @default - from `sizeGiB` */
  readonly requiredThroughputMBps?: number;
  /** Name of the file system, as clients mount it: at most 8 letters and digits, beginning with a letter. @default 'lustre' */
  readonly fsName?: string;
  /** Whether GKE nodes older than 1.33.2-gke.4655000 mount it, by port 6988. Any cluster that mounts it then has `legacyLustrePort`. @default false */
  readonly legacyGkePort?: boolean;
}

const SHAPE: Shape<LustreFileSystemProps> = {
  network: required(ML_NETWORK),
  zone: required(TEXT),
  sizeGiB: NUMBER,
  throughputMBpsPerTiB: NUMBER,
  requiredThroughputMBps: NUMBER,
  fsName: TEXT,
  legacyGkePort: FLAG,
};

const PORT = '988';
const LEGACY_PORT = '6988';

/**
 * Google Cloud Managed Lustre in the zone of the nodes, reached through the peering of their network, with its size checked against the
 * grid of its tier. What it stores is encrypted under Google's keys: a key of one's own needs a newer provider than the bindings are of.
 *
 * @see https://cloud.google.com/managed-lustre/docs/create-instance
 */
export class LustreFileSystem extends Construct implements ILustreFileSystem {
  public readonly resource: LustreInstance;
  public readonly sizeGiB: number;
  public readonly throughputMBps: number;
  public readonly zone: string;
  public readonly fsName: string;

  constructor(scope: Construct, id: string, props: LustreFileSystemProps) {
    super(scope, id);
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
      refuseUnsaid(rule, network);
    }
    this.resource = new LustreInstance(this, 'Resource', {
      instanceId: name,
      filesystem: fsName,
      location: zone,
      network: network.networkId,
      capacityGib: String(sizeGiB),
      perUnitStorageThroughput: tier.name,
      gkeSupportEnabled: legacyGkePort,
      dependsOn: peering && standingBefore(this, [peering.connection]),
      lifecycle: { preventDestroy: true },
      timeouts: { create: '120m', update: '120m', delete: '60m' },
    });
  }

  get volumeHandle(): string {
    return `${CurrentProject.of(this).projectId}/${this.zone}/${this.resource.instanceId}`;
  }

  get serverIp(): string {
    return Fn.element(Fn.split('@', this.mountPoint), 0) as string;
  }

  /** What clients mount: `10.1.2.3@tcp:/lustre`. */
  get mountPoint(): string {
    return this.resource.mountPoint;
  }
}

const FS_NAME = /^[a-z][a-z0-9]{0,7}$/i;

function check(scope: Construct, props: LustreFileSystemProps): LustreSize {
  const problems = new Problems();
  let size: LustreSize | undefined;
  if (fits(problems, props, SHAPE)) {
    const { zone, network, fsName = 'lustre' } = props;
    checkZone(problems, 'zone', zone);
    checkPeering(problems, network);
    size = LUSTRE_GRID.check(problems, props);
    if (!FS_NAME.test(fsName)) {
      const allowed = '1 to 8 letters and digits, beginning with a letter';
      problems.add({
        code: 'LustreName',
        prop: 'fsName',
        allowed,
        got: fsName,
        fix: 'Shorten it: clients see it in the mount command only.',
      });
    }
    if (regionOf(zone) !== network.region) {
      const allowed = `a zone of ${network.region}, where the network has its nodes`;
      problems.add({
        code: 'LocationInvalid',
        prop: 'zone',
        allowed,
        got: zone,
        fix: 'Put the file system beside the nodes.',
      });
    }
  }
  problems.throwIfAny(scope);
  return size!;
}
