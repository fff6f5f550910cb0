import type { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkBootDisk, checkPoolLabels, checkPoolName, type PoolRules } from '../../terraform/pool-checks';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { Capacity } from '../capacity/capacity';
import { commitmentType } from '../capacity/commitment';
import type { GoogleMachine } from '../machine/machine';
import { isIn } from '../props/location';
import { type PoolSize, sizeOf, type AcceleratorNodePoolProps, supportsCompactPlacement } from './node-pool-options';
import { checkNodeSettings } from './node-settings';
import { ACCELERATOR_NODE_POOL_PROPS } from '../prop-schemas';
import { isBefore, versionParts } from '../../core/image-reference';

/**
 * Rules of GKE for node pools. The format of names is from GKE, and their maximum length is from the API field (recalled, unverified).
 *
 * The minimum disk size is a limit of this library, with room for accelerator images. GKE itself requires 10 GiB. The maximum is the 64 TiB limit
 * of Persistent Disk and Hyperdisk Balanced (recalled, unverified).
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools
 * @see https://cloud.google.com/compute/docs/disks
 */
const RULES: PoolRules = {
  name: /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
  nameAllowed:
    '1 to 40 lower-case letters, digits and hyphens, starting with a letter and ending with a letter or digit',
  reservedLabels: /^(?:[a-z0-9-]+\.)*(?:kubernetes\.io|k8s\.io|gke\.io|cloud\.google\.com)\//,
  labelsFix: 'Remove the label, which the library, GKE or Kubernetes sets.',
  minDiskGiB: 50,
  maxDiskGiB: 65_536,
  diskFix: 'Store data on local SSD or a file system.',
};

/**
 * Returns the size of a node pool, and adds each problem in its props. The caller checks the format of the zone, which several pools can share.
 *
 * @param nodeOptions collects the problems of `NodeOptions`, if the caller nests them
 */
export function checkedSize(
  problems: ProblemCollector,
  name: string,
  props: AcceleratorNodePoolProps,
  nodeOptions = problems,
): PoolSize | undefined {
  if (!validateProps(problems, props, ACCELERATOR_NODE_POOL_PROPS)) return undefined;
  const { machine, zone, cluster, capacity = Capacity.onDemand(), bootDiskGiB } = props;
  checkGkePoolName(problems, name);
  checkPoolLabels(nodeOptions, props.labels, RULES);
  checkNodeSettings(nodeOptions, props);
  checkWithinCluster(problems, zone, cluster.location);
  checkMarket(problems, machine, capacity);
  if (capacity.commitment) commitmentType(problems, 'capacity.commitment', machine);
  checkGkeVersion(problems, 'cluster.kubernetesVersion', cluster.kubernetesVersion, machine, capacity);
  checkNetworks(nodeOptions, props);
  checkCompact(problems, props, capacity);
  checkBootDisk(nodeOptions, bootDiskGiB, RULES);
  checkPreloaded(nodeOptions, props.preloadedImages);
  const size = sizeOf(problems, props, nodeOptions);
  if (size && isKnown(problems, 'minNodes', props.minNodes)) checkMinNodes(problems, props.minNodes, size, capacity);
  return size;
}

/** The provider sends only the first image to GKE, and would replace the pool in every apply for the others. Source: google 6.50.0, `expandNodeConfig`. */
function checkPreloaded(problems: ProblemCollector, images: readonly string[] = []): void {
  if (images.length <= 1) return;
  problems.add({
    code: 'ChoiceUnknown',
    prop: 'preloadedImages',
    allowed: 'a list of at most one disk image, because the provider sends only one to GKE',
    got: images,
    fix: 'Combine the content in one disk image.',
  });
}

/** A slice of several nodes scales as a whole, and flex-start nodes exist only for waiting work. */
function checkMinNodes(
  problems: ProblemCollector,
  min: number,
  { nodes, slice }: PoolSize,
  { market }: Capacity,
): void {
  const whole = slice !== undefined && slice.nodes > 1;
  const max = market === 'flex-start' ? 0 : nodes;
  if (Number.isInteger(min) && (whole ? [0, max].includes(min) : min >= 0 && min <= max)) return;
  const upTo = whole ? `0 or ${nodes}, the whole slice` : `a whole number from 0 to ${nodes}, the value of \`nodes\``;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'minNodes',
    allowed: max === 0 ? '0 for flex-start, whose nodes exist only for waiting work' : upTo,
    got: min,
    fix: 'Leave it out, or use a smaller number.',
  });
}

/** Adds a problem if the machine of a training group has no fallback from spot capacity. */
export function checkFallback(problems: ProblemCollector, machine: GoogleMachine, capacity?: Capacity): void {
  if (!capacity?.fallback) return;
  const { market } = capacity.fallback;
  const wrong = (allowed: string, fix: string) =>
    problems.add({ code: 'CapacityFallback', prop: 'capacity.fallback', allowed, got: market, fix });
  if (machine.isTpu)
    wrong('left out for TPUs, because a job runs on whole slices, and each slice is a node pool', 'Leave it out.');
  else if (machine.markets && !machine.markets.includes(market))
    wrong(`left out for ${machine.name}, which Google does not sell ${market}`, 'Leave it out.');
}

function checkMarket(problems: ProblemCollector, machine: GoogleMachine, capacity: Capacity): void {
  const { markets } = machine;
  if (markets && ![...markets, ...(machine.spec.allowlisted ?? [])].includes(capacity.market)) {
    const allowed = `one of ${markets.filter((market) => SUPPORTED.has(market)).join(', ')} for ${machine.name}`;
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed,
      got: capacity.market,
      fix: 'Choose a capacity that the machine supports.',
    });
  }
  if (capacity.createsReservation && !machine.isBareMetal && SOLD_IN_ADVANCE.test(machine.name)) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: `an existing reservation or another capacity for ${machine.name}, whose reservations Google creates from a future reservation`,
      got: 'a new reservation',
      fix: 'Request a future reservation, in calendar mode with Capacity.calendarReservation(name, { until }), or from your account team with Capacity.reservation(name).',
    });
  }
  if (capacity.fallback) {
    problems.add({
      code: 'CapacityFallback',
      prop: 'capacity.fallback',
      allowed: 'undefined, because a node pool has one capacity',
      got: capacity.fallback.market,
      fix: 'Create a second node pool, or use TrainingCluster or KubernetesInference, which create both.',
    });
  }
  if (machine.isBareMetal && capacity.market === 'reservation' && !capacity.namesSubBlock) {
    problems.add({
      code: 'ReservationBlock',
      prop: 'capacity',
      allowed: `a sub-block of a reservation for ${machine.name}, because NVLink does not span sub-blocks`,
      got: capacity.reservationPath ?? 'a new reservation',
      fix: 'Set `block` and `subBlock` of an existing reservation.',
    });
  }
}

/**
 * Machines without reservations on demand: A3 Ultra, A4, A4X, TPU v5p, v6e, and TPU7x. Their capacity is sold in advance, as a future reservation in
 * calendar mode or in AI Hypercomputer. TPU7x is recalled, unverified.
 *
 * @see https://cloud.google.com/ai-hypercomputer/docs/consumption-models
 * @see https://cloud.google.com/compute/docs/instances/create-future-reservations-calendar-mode
 */
const SOLD_IN_ADVANCE = /^(a3-ultragpu|a4-|a4x-|ct5p-|ct6e-|tpu7x-)/;

/** Slices and NVL72 domains are always placed together. */
function checkCompact(
  problems: ProblemCollector,
  { machine, compactPlacement: compact }: AcceleratorNodePoolProps,
  capacity: Capacity,
): void {
  const together = machine.isTpu || machine.spec.placement === '1x72';
  if (compact !== true || together || supportsCompactPlacement(machine, capacity)) return;
  const market = capacity.isQueued ? 'queued' : capacity.market;
  problems.add({
    code: 'PlacementInvalid',
    prop: 'compactPlacement',
    allowed: `false or left out for ${machine.name} with ${market} capacity, which does not support compact placement`,
    got: compact,
    fix: 'Leave it out. Nodes are placed together if the machine and the capacity support it.',
  });
}

/** The kinds of capacity that `Capacity` supports. */
const SUPPORTED: ReadonlySet<string> = new Set(['on-demand', 'spot', 'flex-start', 'reservation']);

function checkNetworks(problems: ProblemCollector, { machine, networks, zone }: AcceleratorNodePoolProps): void {
  const needed = machine.furtherInterfaces;
  if (networks === undefined ? needed === 0 : networks.machine.name === machine.name && networks.zone === zone) return;
  problems.add({
    code: needed === 0 ? 'NetworksUnneeded' : 'NetworksIncomplete',
    prop: 'networks',
    allowed:
      needed === 0
        ? `left out for ${machine.name}, which has no additional network interfaces`
        : `networks for the ${needed} additional interfaces of ${machine.name} in ${zone}`,
    got: networks && `networks for ${networks.machine.name} in ${networks.zone}`,
    fix:
      needed === 0
        ? 'Remove `networks`.'
        : `Use new AcceleratorNetworks(scope, id, { machine, zone: '${zone}' }), and share it between all pools of that machine and zone.`,
  });
}

function checkWithinCluster(problems: ProblemCollector, zone: string, location: string): void {
  if (isUnknown(zone) || !isKnown(problems, 'cluster.location', location) || isIn(zone, location)) return;
  problems.add({
    code: 'LocationInvalid',
    prop: 'zone',
    allowed: `a zone of ${location}, the location of the cluster`,
    got: zone,
    fix: 'Create the cluster in the region of the machines.',
  });
}

/** Adds a problem if GKE does not support the name of a pool. */
export function checkGkePoolName(problems: ProblemCollector, name: string): void {
  checkPoolName(problems, name, RULES);
}

/** A GKE version. The later parts are optional. */
export const GKE_VERSION = /^(\d+)\.(\d+)(?:\.(\d+)(?:-gke\.(\d+))?)?$/;

const partsOf = (version: string) => versionParts(version, GKE_VERSION);

/** Whether a version is older than a minimum. Returns false for a malformed version. */
export function isOlder(version: string, floor: string): boolean {
  const [given, min] = [partsOf(version), partsOf(floor)];
  return given !== undefined && min !== undefined && isBefore(given, min);
}

/** @see https://cloud.google.com/kubernetes-engine/docs/how-to/dws-flex-start-training */
const FLEX_START_FLOOR = { gpu: '1.32.2-gke.1652000', tpu: '1.33.0-gke.1712000' };

/** The minimum GKE version for a machine and a capacity. Some minor versions have a separate minimum, chosen by `wanted`. */
export function minGkeVersion(machine: GoogleMachine, capacity: Capacity, wanted = ''): string | undefined {
  const floors = [
    machineFloor(machine, wanted),
    capacity.market === 'flex-start' ? FLEX_START_FLOOR[machine.spec.kind] : undefined,
  ];
  return floors.filter((floor) => floor !== undefined).sort((a, b) => (isBefore(partsOf(a)!, partsOf(b)!) ? 1 : -1))[0];
}

function machineFloor({ spec: { minGkeVersion } }: GoogleMachine, wanted: string): string | undefined {
  if (!minGkeVersion) return undefined;
  const minor = wanted.split('.').slice(0, 2).join('.');
  const floors = Object.entries(minGkeVersion).filter(([key]) => key !== 'autopilot');
  return floors.find(([key]) => key === minor)?.[1] ?? floors[0]?.[1];
}

/** Adds a problem if a version is malformed, or too old for a machine and its capacity. */
export function checkGkeVersion(
  problems: ProblemCollector,
  prop: string,
  version: string | undefined,
  machine: GoogleMachine,
  capacity: Capacity,
): void {
  if (!isKnown(problems, prop, version)) return;
  const given = partsOf(version);
  const floor = minGkeVersion(machine, capacity, version);
  if (given && (floor === undefined || !isBefore(given, partsOf(floor)!))) return;
  const market = capacity.market === 'flex-start' ? ' with flex-start' : '';
  problems.add({
    code: 'GkeVersion',
    prop,
    allowed: given
      ? `${floor} or later for ${machine.name}${market}`
      : 'a GKE version, for example 1.34 or 1.33.4-gke.1036000',
    got: version,
    fix: given
      ? 'Use a later version, or leave the version to the release channel.'
      : 'Copy it from `gcloud container get-server-config`.',
  });
}
