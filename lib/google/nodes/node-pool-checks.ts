import type { Problems } from '../../core/errors';
import {
  ANYTHING,
  fits,
  kind,
  listOf,
  NUMBER,
  oneOf,
  recordOf,
  required,
  type Shape,
  TEXT,
  TEXT_OR_EMPTY,
  FLAG,
} from '../../core/shapes';
import { checkBootDisk, checkPoolLabels, checkPoolName, type PoolRules } from '../../terraform/pool-checks';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { CAPACITY, Capacity } from '../capacity/capacity';
import { commitmentType } from '../capacity/commitment-type';
import { GKE_CLUSTER } from '../cluster/gke-cluster';
import { GOOGLE_MACHINE, type GoogleMachine } from '../machine/machine';
import { ACCELERATOR_NETWORKS } from '../network/accelerator-networks';
import { isIn } from '../props/location';
import { checkGkeVersion } from './gke-version';
import { type PoolSize, sizeOf } from './pool-size';
import { takesCompact } from './placement';
import { type AcceleratorNodePoolOptions, type AcceleratorNodePoolProps, GpuDriver } from './node-pool-options';

/** The kinds of what a pool is, whichever cluster it joins. */
export const NODE_POOL_OPTIONS: Shape<AcceleratorNodePoolOptions> = {
  machine: required(GOOGLE_MACHINE),
  nodes: NUMBER,
  topology: TEXT,
  capacity: CAPACITY,
  networks: ACCELERATOR_NETWORKS,
  driver: oneOf(Object.values(GpuDriver)),
  bootDiskGiB: NUMBER,
  bootDiskKey: TEXT,
  imageStreaming: FLAG,
  preloadedImages: listOf(TEXT),
  labels: recordOf(TEXT_OR_EMPTY),
};

/** The kinds of the props of a pool. */
export const NODE_POOL: Shape<AcceleratorNodePoolProps> = {
  ...NODE_POOL_OPTIONS,
  cluster: required(GKE_CLUSTER),
  zone: required(TEXT),
  serviceAccount: TEXT,
  name: kind('a text', (value) => typeof value === 'string'),
  group: TEXT,
  leastNodes: NUMBER,
  compact: FLAG,
  computeClass: TEXT,
  after: listOf(ANYTHING),
};

/**
 * What GKE takes of a pool. The form of names is its own; their length is that of the API's field (recalled, unverified). The least disk is
 * a choice of this library, room for images of accelerators: GKE takes 10. The most is that of Persistent Disk and Hyperdisk Balanced, 64 TiB
 * (recalled, unverified).
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools
 * @see https://cloud.google.com/compute/docs/disks
 */
const RULES: PoolRules = {
  name: /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
  nameAllowed: '1 to 40 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen',
  reservedLabels: /^(?:[a-z0-9-]+\.)*(?:kubernetes\.io|k8s\.io|gke\.io|cloud\.google\.com)\//,
  labelsFix: 'The library, GKE or Kubernetes sets it.',
  leastDiskGiB: 50,
  mostDiskGiB: 65_536,
  diskFix: 'Put data on local SSD or a file system.',
};

/** The size of a pool, with everything that is wrong in its props added, but for the form of its zone: that is the whole's own where several share it. */
export function checkedSize(problems: Problems, name: string, props: AcceleratorNodePoolProps): PoolSize | undefined {
  if (!fits(problems, props, NODE_POOL)) return undefined;
  const { machine, zone, cluster, capacity = Capacity.onDemand(), bootDiskGiB } = props;
  checkGkePoolName(problems, name);
  checkPoolLabels(problems, props.labels, RULES);
  checkWithinCluster(problems, zone, cluster.location);
  checkMarket(problems, machine, capacity);
  if (capacity.commitment) commitmentType(problems, 'capacity.commitment', machine);
  checkGkeVersion(problems, 'cluster.version', cluster.version, machine, capacity);
  checkNetworks(problems, props);
  checkCompact(problems, props, capacity);
  checkBootDisk(problems, bootDiskGiB, RULES);
  checkPreloaded(problems, props.preloadedImages);
  const size = sizeOf(problems, props);
  if (size && isKnown(problems, 'leastNodes', props.leastNodes)) checkLeast(problems, props.leastNodes, size, capacity);
  return size;
}

/** The provider sends the first image alone, and would replace the pool at each apply for the others. Source: google 6.50.0, `expandNodeConfig`. */
function checkPreloaded(problems: Problems, images: readonly string[] = []): void {
  if (images.length <= 1) return;
  problems.add({
    code: 'ChoiceUnknown',
    prop: 'preloadedImages',
    allowed: 'one disk image at the most: the provider sends no more to GKE',
    got: images,
    fix: 'Put everything that nodes start with on one disk image.',
  });
}

/** A slice of several machines comes whole or not at all, and nodes of flex-start come for work alone. */
function checkLeast(problems: Problems, least: number, { nodes, slice }: PoolSize, { market }: Capacity): void {
  const whole = slice !== undefined && slice.nodes > 1;
  const most = market === 'flex-start' ? 0 : nodes;
  if (Number.isInteger(least) && (whole ? [0, most].includes(least) : least >= 0 && least <= most)) return;
  const upTo = whole ? `0, or ${nodes}: a slice comes whole` : `a whole number from 0 to ${nodes}, the most nodes`;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'leastNodes',
    allowed: most === 0 ? '0: nodes of flex-start come for work, and none stands' : upTo,
    got: least,
    fix: 'Leave it out, or give fewer.',
  });
}

function checkMarket(problems: Problems, machine: GoogleMachine, capacity: Capacity): void {
  const { markets } = machine;
  if (markets && ![...markets, ...(machine.spec.allowlisted ?? [])].includes(capacity.market)) {
    const allowed = `one of ${markets.filter((market) => SOLD_HERE.has(market)).join(', ')} for ${machine.name}`;
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed,
      got: capacity.market,
      fix: 'Buy it in a market where it is sold.',
    });
  }
  if (capacity.fallback) {
    problems.add({
      code: 'CapacityFallback',
      prop: 'capacity.fallback',
      allowed: 'left out: a pool is bought in one market',
      got: capacity.fallback.market,
      fix: 'Make a second pool, or serve with KubernetesInference, which makes both.',
    });
  }
  if (machine.isBareMetal && capacity.market === 'reservation' && !capacity.namesSubBlock) {
    const allowed = `a sub-block of a reservation for ${machine.name}: NVLink ends at its border`;
    problems.add({
      code: 'ReservationBlock',
      prop: 'capacity',
      allowed,
      got: capacity.reservationPath ?? 'a new reservation',
      fix: 'Name block and subBlock of a reservation that stands.',
    });
  }
}

/** Slices and NVL72 domains stand together by themselves. */
function checkCompact(problems: Problems, { machine, compact }: AcceleratorNodePoolProps, capacity: Capacity): void {
  const together = machine.isTpu || machine.spec.placement === '1x72';
  if (compact !== true || together || takesCompact(machine, capacity)) return;
  const bought = capacity.isQueued ? 'queued' : capacity.market;
  problems.add({
    code: 'PlacementInvalid',
    prop: 'compact',
    allowed: `false, or left out, for ${machine.name} as ${bought}: it takes no placement`,
    got: compact,
    fix: 'Leave it out: nodes stand near each other where machine and capacity take it.',
  });
}

/** Markets that a `Capacity` can name. */
const SOLD_HERE: ReadonlySet<string> = new Set(['on-demand', 'spot', 'flex-start', 'reservation']);

function checkNetworks(problems: Problems, { machine, networks, zone }: AcceleratorNodePoolProps): void {
  const needed = machine.furtherInterfaces;
  if (networks === undefined ? needed === 0 : networks.machine.name === machine.name && networks.zone === zone) return;
  problems.add({
    code: needed === 0 ? 'NetworksUnneeded' : 'NetworksIncomplete',
    prop: 'networks',
    allowed:
      needed === 0
        ? `left out: all interfaces of ${machine.name} stand in the first network`
        : `networks of the ${needed} further interfaces of ${machine.name} in ${zone}`,
    got: networks && `those of ${networks.machine.name} in ${networks.zone}`,
    fix:
      needed === 0
        ? 'Leave them out.'
        : `Make new AcceleratorNetworks(scope, id, { machine, zone: '${zone}' }), one for all pools of that machine and zone.`,
  });
}

function checkWithinCluster(problems: Problems, zone: string, location: string): void {
  if (isUnknown(zone) || !isKnown(problems, 'cluster.location', location) || isIn(zone, location)) return;
  const allowed = `a zone of ${location}, where the cluster stands`;
  problems.add({
    code: 'LocationInvalid',
    prop: 'zone',
    allowed,
    got: zone,
    fix: 'Make the cluster in the region that has the machines.',
  });
}

/** Adds a problem where the name of a pool is none that GKE takes. */
export function checkGkePoolName(problems: Problems, name: string): void {
  checkPoolName(problems, name, RULES);
}
