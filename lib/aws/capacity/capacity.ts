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
