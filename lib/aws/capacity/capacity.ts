import { type AwsMarket } from '../../core/catalog/aws-machines';
import { branded, DATE, demand, type Kind, NUMBER, type Shape, TEXT } from '../../core/shapes';
import { AWS_MACHINE, type AwsMachine } from '../machine/machine';

/** A reservation that exists already: what is known of it is checked against the nodes that use it. */
export interface ReservationOptions {
  /** The zone that the reservation is in. @default - unknown; the subnet given must be in that zone */
  readonly availabilityZone?: string;
  /** The machine that was reserved. @default - unknown, not checked */
  readonly machine?: AwsMachine;
}

/** A capacity block that was bought. */
export interface CapacityBlockOptions extends ReservationOptions {
  /**
   * Nodes that are wanted now: 0 before the block begins and whenever the group is updated, all of them while it runs.
   *
   * @default 0
   */
  readonly desiredNodes?: number;
}

/** An on-demand capacity reservation that exists already. */
export interface CapacityReservationOptions extends ReservationOptions {
  /**
   * Name of the cluster placement group that the reservation was created in.
   *
   * @default - it was created outside one, so the nodes join none: a group and a reservation made apart never match
   */
  readonly placementGroupName?: string;
}

/** A reservation to create. */
export interface NewReservationOptions {
  /** The day after which it ends by itself. @default - it lives, and costs, until it is deleted */
  readonly until?: Date;
}

/** Options for spot capacity. */
export interface SpotOptions {
  /** What takes over when spot capacity runs out: a second group, which the autoscaler fills after the first. @default - nothing */
  readonly fallback?: Capacity;
}

/** How EKS names the purchase model of a node group. */
export type NodeGroupCapacityType = 'ON_DEMAND' | 'SPOT' | 'CAPACITY_BLOCK';

/** Everything that a kind of capacity may state. */
interface CapacityState extends CapacityBlockOptions, CapacityReservationOptions, NewReservationOptions, SpotOptions {
  readonly reservationId?: string;
}

/**
 * How the nodes are bought. One launch uses one kind: mixing takes several groups.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservation-overview.html
 */
export class Capacity {
  /** Pay by the second, take what is free. */
  static onDemand(): Capacity {
    return new Capacity('on-demand', 'ON_DEMAND');
  }

  /** Spare capacity at a discount, which AWS takes back on two minutes' notice. */
  static spot(options: SpotOptions = {}): Capacity {
    demand(options, SPOT, OPTIONS);
    return new Capacity('spot', 'SPOT', options);
  }

  /** An on-demand capacity reservation that exists already, targeted by its id, `cr-…`. */
  static reservation(reservationId: string, options: CapacityReservationOptions = {}): Capacity {
    demand(options, RESERVATION, OPTIONS);
    return new Capacity('reservation', 'ON_DEMAND', { ...options, reservationId });
  }

  /** A capacity reservation made together with the nodes, in their zone and in their placement group. It costs from its first minute. */
  static newReservation(options: NewReservationOptions = {}): Capacity {
    demand(options, NEW_RESERVATION, OPTIONS);
    return new Capacity('reservation', 'ON_DEMAND', options, true);
  }

  /**
   * A capacity block for machine learning that was bought, by the id of its reservation, `cr-…`.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html
   */
  static capacityBlock(reservationId: string, options: CapacityBlockOptions = {}): Capacity {
    demand(options, CAPACITY_BLOCK, OPTIONS);
    return new Capacity('capacity-block', 'CAPACITY_BLOCK', { ...options, reservationId });
  }

  private constructor(
    public readonly market: AwsMarket,
    /** The `capacityType` of the EKS node group. */
    public readonly capacityType: NodeGroupCapacityType,
    private readonly state: CapacityState = {},
    /** Whether a reservation is to be created. */
    readonly createsReservation = false,
  ) {}

  /** Id of the reservation used. @default - none exists yet */
  get reservationId(): string | undefined {
    return this.state.reservationId;
  }

  /** Whether the nodes run in a reservation that exists already, be it a capacity block. */
  get usesReservation(): boolean {
    return (this.market === 'reservation' || this.market === 'capacity-block') && !this.createsReservation;
  }

  /** The zone that the capacity is in. @default - unknown or free */
  get availabilityZone(): string | undefined {
    return this.state.availabilityZone;
  }

  /** The machine that was reserved. @default - unknown */
  get machine(): AwsMachine | undefined {
    return this.state.machine;
  }

  /** Nodes of a capacity block that are wanted now. @default 0 */
  get desiredNodes(): number {
    return this.state.desiredNodes ?? 0;
  }

  /** The placement group that the reservation was created in. @default - none */
  get placementGroupName(): string | undefined {
    return this.state.placementGroupName;
  }

  /** The day after which a reservation to create ends. @default - never by itself */
  get until(): Date | undefined {
    return this.state.until;
  }

  /** What takes over from spot. @default - nothing */
  get fallback(): Capacity | undefined {
    return this.state.fallback;
  }

  /** Whether the nodes may join a placement group of their own: not where their place was reserved outside it. */
  get allowsOwnPlacementGroup(): boolean {
    return !this.usesReservation;
  }
}

/** A capacity, of whichever copy of the package. */
export const CAPACITY: Kind = branded(Capacity, 'Capacity', 'a Capacity', 'Use Capacity.onDemand() or its like.');

const OPTIONS = { name: 'options' };

const SPOT: Shape<SpotOptions> = { fallback: CAPACITY };

const NEW_RESERVATION: Shape<NewReservationOptions> = { until: DATE };

const CAPACITY_BLOCK: Shape<CapacityBlockOptions> = {
  availabilityZone: TEXT,
  machine: AWS_MACHINE,
  desiredNodes: NUMBER,
};

const RESERVATION: Shape<CapacityReservationOptions> = {
  availabilityZone: TEXT,
  machine: AWS_MACHINE,
  placementGroupName: TEXT,
};
