import type { AwsMarket } from '../../core/catalog/aws-machines';
import { CONFIRMATION, unconfirmed } from '../../core/confirmation';
import { ProblemCollector } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import type { AwsMachine } from '../machine/machine';
import {
  CAPACITY_BLOCK_OPTIONS,
  CAPACITY_RESERVATION_OPTIONS,
  NEW_RESERVATION_OPTIONS,
  SPOT_OPTIONS,
} from '../prop-schemas';
import { Token, Aws, Fn, Lazy, TagManager, TagType } from 'aws-cdk-lib';
import type { EfaNodeGroupOptions } from '../nodes/node-group-options';
import { type IConstruct, Construct } from 'constructs';
import { record } from '../template/findings';
import { tagsOf, type TagSpecification } from '../template/template-checks';
import { COST_TAG_KEYS } from '../../core/cost-allocation';
import { CfnCapacityReservation, type CfnPlacementGroup } from 'aws-cdk-lib/aws-ec2';

/** Options for an existing reservation. They are checked against the nodes that use it. */
export interface ReservationOptions {
  /** Zone of the reservation. @default - unknown; select a subnet in that zone */
  readonly availabilityZone?: string;
  /** Machine type of the reservation. @default - unknown, and not checked */
  readonly machine?: AwsMachine;
}

/** Options for a purchased capacity block. */
export interface CapacityBlockOptions extends ReservationOptions {
  /**
   * Desired number of nodes: 0 before the block starts and for each update of the group, all nodes while the block runs.
   *
   * @default 0
   */
  readonly desiredNodes?: number;
}

/** Options for an existing on-demand capacity reservation. */
export interface CapacityReservationOptions extends ReservationOptions {
  /**
   * Name of the cluster placement group of the reservation.
   *
   * @default - the reservation has no placement group, so the nodes join none
   */
  readonly placementGroupName?: string;
}

/** Options for a new reservation. */
export interface NewReservationOptions {
  /**
   * Must be 'costs until deleted'. AWS bills a reservation from its first minute, used or not.
   * @schema CONFIRMED
   */
  readonly confirm: typeof CONFIRMATION;
  /** Time at which the reservation ends. @default - the reservation is billed until you delete it */
  readonly until?: Date;
}

/** Options for spot capacity. */
export interface SpotOptions {
  /** Capacity that takes over if spot capacity runs out, in a second node group. @default - no fallback */
  readonly fallback?: Capacity;
}

/** The `capacityType` of an EKS node group. Passed to EKS unchanged. */
export type NodeGroupCapacityType = 'ON_DEMAND' | 'SPOT' | 'CAPACITY_BLOCK';

/** The options of all kinds of capacity. */
interface CapacityState extends CapacityBlockOptions, CapacityReservationOptions, SpotOptions {
  readonly reservationId?: string;
  readonly until?: Date;
}

/**
 * Purchase model of nodes. A node group has one; to mix several, use several groups.
 *
 * @example
 * ```ts
 * import { Capacity } from 'ai-infra-constructs/aws';
 *
 * const block = Capacity.capacityBlock('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a' });
 * const spot = Capacity.spot({ fallback: Capacity.onDemand() });
 * ```
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservation-overview.html
 */
export class Capacity {
  /** On-Demand Instances, billed by the second while AWS has free capacity. */
  static onDemand(): Capacity {
    return new Capacity('on-demand', 'ON_DEMAND');
  }

  /** Spot Instances: spare capacity at a discount. AWS can interrupt them with a notice of two minutes. */
  static spot(options: SpotOptions = {}): Capacity {
    assertProps(options, SPOT_OPTIONS, OPTIONS);
    return new Capacity('spot', 'SPOT', options);
  }

  /** An existing on-demand capacity reservation. @param reservationId ID of the reservation, `cr-…` */
  static reservation(reservationId: string, options: CapacityReservationOptions = {}): Capacity {
    assertProps(options, CAPACITY_RESERVATION_OPTIONS, OPTIONS);
    return new Capacity('reservation', 'ON_DEMAND', { ...options, reservationId });
  }

  /**
   * A new capacity reservation, in the zone and the placement group of the nodes. It is billed from its first minute, used or not, so
   * `confirm` is required.
   */
  static newReservation(options: NewReservationOptions): Capacity {
    assertProps(options, NEW_RESERVATION_OPTIONS, OPTIONS);
    const problems = new ProblemCollector();
    if (options.confirm !== CONFIRMATION) problems.add(unconfirmed(options.confirm));
    problems.throwIfAny();
    return new Capacity('reservation', 'ON_DEMAND', { until: options.until }, true);
  }

  /**
   * A purchased Capacity Block for ML.
   *
   * @param reservationId ID of its reservation, `cr-…`
   * @see https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html
   */
  static capacityBlock(reservationId: string, options: CapacityBlockOptions = {}): Capacity {
    assertProps(options, CAPACITY_BLOCK_OPTIONS, OPTIONS);
    return new Capacity('capacity-block', 'CAPACITY_BLOCK', { ...options, reservationId });
  }

  private constructor(
    /** The market: it decides the price. */
    public readonly market: AwsMarket,
    /** The `capacityType` of the EKS node group. */
    public readonly capacityType: NodeGroupCapacityType,
    private readonly state: CapacityState = {},
    /** Whether the library creates a reservation. */
    public readonly createsReservation = false,
  ) {}

  /** ID of the existing reservation. @default - no existing reservation */
  get reservationId(): string | undefined {
    return this.state.reservationId;
  }

  /** Whether the nodes use an existing reservation or capacity block. */
  get usesReservation(): boolean {
    return (this.market === 'reservation' || this.market === 'capacity-block') && !this.createsReservation;
  }

  /** Zone of the capacity. @default - unknown, or any zone */
  get availabilityZone(): string | undefined {
    return this.state.availabilityZone;
  }

  /** Machine type of the reservation. @default - unknown */
  get machine(): AwsMachine | undefined {
    return this.state.machine;
  }

  /** Desired number of nodes of a capacity block. */
  get desiredNodes(): number {
    return this.state.desiredNodes ?? 0;
  }

  /** Name of the placement group of the reservation. @default - none */
  get placementGroupName(): string | undefined {
    return this.state.placementGroupName;
  }

  /** Time at which a new reservation ends. @default - when it is deleted */
  get until(): Date | undefined {
    return this.state.until;
  }

  /** Capacity that takes over from spot capacity. @default - no fallback */
  get fallback(): Capacity | undefined {
    return this.state.fallback;
  }

  /** Whether the library can create a placement group for the nodes. An existing reservation excludes it. */
  get allowsOwnPlacementGroup(): boolean {
    return !this.usesReservation;
  }
}

brand(Capacity, 'aws.Capacity');

const OPTIONS = { name: 'options' };

/** Adds a problem if AWS does not sell an UltraServer machine with this capacity or in this number. */
export function checkUltraServer(problems: ProblemCollector, { machine, nodes, capacity }: EfaNodeGroupOptions): void {
  const sizes = machine.spec.ultraServerNodes;
  if (!sizes || machine.isNeuron || !Number.isInteger(nodes) || nodes < 1 || nodes > Math.max(...sizes)) return;
  const counts = sizes.join(' or ');
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'UltraServerCapacity', prop, allowed, got, fix });
  if (capacity?.market !== 'capacity-block') {
    const got = capacity?.market ?? 'on-demand';
    wrong(
      'capacity',
      `a capacity block, the only purchase option for ${machine.name}`,
      got,
      "Use Capacity.capacityBlock('cr-…').",
    );
  }
  if (!sizes.includes(nodes)) {
    wrong(
      'nodes',
      `${counts} for ${machine.name}, the size of one UltraServer`,
      nodes,
      'Create one group for each UltraServer.',
    );
  }
}

/** Adds each problem with a capacity for a machine. */
export function checkCapacity(problems: ProblemCollector, machine: AwsMachine, capacity: Capacity): void {
  if (!machine.markets.includes(capacity.market) && !(machine.isUltraServer && !machine.isNeuron)) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: `one of ${machine.markets.join(', ')} for ${machine.name}`,
      got: capacity.market,
      fix: 'Use a capacity with one of these markets.',
    });
  }
  checkReservation(problems, machine, capacity);
  const { fallback } = capacity;
  if (fallback && fallback.market !== 'on-demand') {
    problems.add({
      code: 'CapacityFallback',
      prop: 'capacity.fallback',
      allowed: 'Capacity.onDemand()',
      got: fallback.market,
      fix: 'Use a separate group for reserved capacity.',
    });
  }
}

const RESERVATION_ID = /^cr-([0-9a-f]{8}|[0-9a-f]{17})$/;

function isReservationId(id: unknown): boolean {
  return typeof id === 'string' && (Token.isUnresolved(id) || RESERVATION_ID.test(id));
}

function checkReservation(
  problems: ProblemCollector,
  machine: AwsMachine,
  { usesReservation, reservationId, machine: reserved, until }: Capacity,
): void {
  if (usesReservation && !isReservationId(reservationId)) {
    problems.add({
      code: 'CapacityReservationId',
      prop: 'capacity.reservationId',
      allowed: '"cr-" followed by 8 or 17 hexadecimal digits',
      got: reservationId,
      fix: 'Copy the ID from `aws ec2 describe-capacity-reservations`.',
    });
  }
  if (reserved && reserved.name !== machine.name) {
    problems.add({
      code: 'ReservationMachine',
      prop: 'capacity.machine',
      allowed: `${machine.name}, the machine of the nodes`,
      got: reserved.name,
      fix: `Use a reservation for ${machine.name}, or set machine to ${reserved.name}.`,
    });
  }
  if (until && !(until.getTime() > Date.now())) {
    problems.add({
      code: 'CapacityDate',
      prop: 'capacity.until',
      allowed: 'a date in the future',
      got: Number.isNaN(until.getTime()) ? 'an invalid date' : until.toISOString(),
      fix: 'Use a later date, or remove until.',
    });
  }
}

/** The AWS documentation of Spot interruptions. */
export const SPOT = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-interruptions.html';

/** Records a finding for on-demand capacity of a machine without a published on-demand price. */
export function recordScarce(scope: IConstruct, { name, spec }: AwsMachine, { market }: Capacity): void {
  if (market !== 'on-demand' || spec.onDemandPriced !== false) return;
  record(scope, {
    id: 'capacity/on-demand-scarce',
    level: 'warning',
    message: `AWS publishes no on-demand price for ${name}: it sells this machine by reservation and capacity block.`,
    fix: 'Use Capacity.capacityBlock() or Capacity.reservation().',
    evidence: `onDemandPriced in AWS_MACHINES['${name}']`,
  });
}

/** Warns if an autoscaler that the library does not configure can scale the groups of capacity blocks. */
export function recordForeignAutoscaler(
  scope: IConstruct,
  capacities: readonly Capacity[],
  existingCharts: readonly string[] = [],
): void {
  if (!existingCharts.includes('cluster-autoscaler')) return;
  if (!capacities.some(({ market }) => market === 'capacity-block')) return;
  record(scope, {
    id: 'capacity/foreign-autoscaler',
    level: 'warning',
    message:
      'EKS tags the group of a capacity block for discovery. The autoscaler of the cluster can remove its idle nodes, which are paid for.',
    fix: 'Exclude the group from its discovery, or annotate the nodes with cluster-autoscaler.kubernetes.io/scale-down-disabled=true.',
    evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html',
  });
}

/** Properties for `NewReservation`. */
export interface NewReservationProps {
  readonly machine: AwsMachine;
  readonly nodes: number;
  readonly availabilityZone: string;
  /** Placement group of the nodes, so that group and reservation match. @default - none */
  readonly placementGroup?: CfnPlacementGroup;
  /** Time at which the reservation ends. @default - when it is deleted */
  readonly until?: Date;
}

/**
 * Cost tags of a reservation. CloudFormation cannot change them: another value replaces the reservation. Therefore, tags that change more often
 * are not among them.
 */
const RESERVATION_TAGS: readonly string[] = [
  COST_TAG_KEYS.project,
  COST_TAG_KEYS.team,
  COST_TAG_KEYS.environment,
  COST_TAG_KEYS.costCenter,
];

/** An on-demand capacity reservation that only nodes with its ID can use. */
export class NewReservation extends Construct {
  /** Tags of the construct tree. The reservation has the cost tags among them. */
  public readonly tags = new TagManager(TagType.KEY_VALUE, 'AWS::EC2::CapacityReservation');
  public readonly resource: CfnCapacityReservation;

  constructor(
    scope: Construct,
    id: string,
    { machine, nodes, availabilityZone, placementGroup, until }: NewReservationProps,
  ) {
    super(scope, id);
    this.resource = new CfnCapacityReservation(this, 'Resource', {
      instanceType: machine.name,
      instancePlatform: 'Linux/UNIX',
      instanceCount: nodes,
      availabilityZone,
      ebsOptimized: true,
      instanceMatchCriteria: 'targeted',
      endDateType: until ? 'limited' : 'unlimited',
      endDate: until?.toISOString(),
      placementGroupArn: placementGroup && placementGroupArn(placementGroup),
      // AWS bills the unused part of a reservation with the tags of the reservation, and the rest with the tags of the instances.
      tagSpecifications: Lazy.any({ produce: () => [this.tagSpecification()] }),
    });
  }

  private tagSpecification(): TagSpecification {
    const costTags = tagsOf(this.tags).filter(({ key }) => RESERVATION_TAGS.includes(key));
    return { resourceType: 'capacity-reservation', tags: [{ key: 'Name', value: this.node.path }, ...costTags] };
  }
}

/** The ARN of a placement group: CloudFormation returns only its name. */
function placementGroupArn({ ref }: CfnPlacementGroup): string {
  return Fn.join('', ['arn:', Aws.PARTITION, ':ec2:', Aws.REGION, ':', Aws.ACCOUNT_ID, ':placement-group/', ref]);
}
