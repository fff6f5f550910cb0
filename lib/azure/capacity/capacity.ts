import { AiInfraError, Problems } from '../../core/errors';
import { branded, demand, type Kind, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import { checkResourceId } from '../props/resource-id';
import { CONFIRMATION, unconfirmed } from '../../terraform/confirmation';
import { isUnknown } from '../../terraform/tokens';

/** Options for spot capacity. */
export interface SpotOptions {
  /** Most to pay for an hour of a node, in US dollars. Azure takes the node back when the price rises above it. @default - the price on demand */
  readonly maxUsdPerHour?: number;
}

/** Options for a reservation to create. */
export interface NewReservationOptions {
  /** It costs from its first minute, used or not. Say so: `confirm: 'costs until deleted'`. */
  readonly confirm: typeof CONFIRMATION;
}

/** How nodes are bought on Azure. */
export type AzureMarket = 'on-demand' | 'spot' | 'reservation';

interface CapacityState extends SpotOptions {
  readonly groupId?: string;
}

/** How the nodes are bought. One pool uses one kind. */
export class Capacity {
  /** Pay by the second, take what is free within the quota. */
  static onDemand(): Capacity {
    return new Capacity('on-demand');
  }

  /** Spare capacity at a discount, which Azure takes back on 30 seconds' notice. */
  static spot(options: SpotOptions = {}): Capacity {
    demand(options, SPOT, { name: 'options' });
    checkSpotPrice(options.maxUsdPerHour);
    return new Capacity('spot', options);
  }

  /**
   * A capacity reservation group that exists already, by its resource id. Sizes with InfiniBand are never in one.
   *
   * @see https://learn.microsoft.com/en-us/azure/virtual-machines/capacity-reservation-overview
   */
  static reservation(capacityReservationGroupId: string): Capacity {
    demand({ capacityReservationGroupId }, { capacityReservationGroupId: required(TEXT) });
    const problems = new Problems();
    const type = 'Microsoft.Compute/capacityReservationGroups';
    checkResourceId(problems, 'capacityReservationGroupId', capacityReservationGroupId, type);
    problems.throwIfAny();
    return new Capacity('reservation', { groupId: capacityReservationGroupId });
  }

  /** A capacity reservation made together with the nodes. It costs from its first minute. */
  static newReservation(options: NewReservationOptions): Capacity {
    demand(options, NEW_RESERVATION, { name: 'options' });
    if (options.confirm !== CONFIRMATION) throw new AiInfraError([unconfirmed(options.confirm)]);
    return new Capacity('reservation', {}, true);
  }

  private constructor(
    public readonly market: AzureMarket,
    private readonly state: CapacityState = {},
    /** Whether a reservation is to be created. */
    readonly createsReservation = false,
  ) {}

  /** Resource id of the group whose reservations are used. @default - none exists yet */
  get capacityReservationGroupId(): string | undefined {
    return this.state.groupId;
  }

  /** Most to pay for an hour of a spot node, in US dollars. @default - the price on demand */
  get maxUsdPerHour(): number | undefined {
    return this.state.maxUsdPerHour;
  }

  /** Whether the number of nodes follows the work that waits, from 0. */
  get isElastic(): boolean {
    return this.market === 'spot';
  }
}

/** A capacity, of whichever copy of the package. */
export const CAPACITY: Kind = branded(Capacity, 'AzureCapacity', 'a Capacity', 'Use Capacity.onDemand() or its like.');

const SPOT: Shape<SpotOptions> = { maxUsdPerHour: NUMBER };
const NEW_RESERVATION: Shape<NewReservationOptions> = { confirm: required(TEXT) };

/** Azure counts a spot price in five decimals. @see https://learn.microsoft.com/en-us/azure/aks/spot-node-pool */
const SMALLEST_PRICE = 0.00001;

function checkSpotPrice(price: number | undefined): void {
  if (price === undefined || isUnknown(price) || (price >= SMALLEST_PRICE && Number.isFinite(price))) return;
  throw new AiInfraError([
    {
      code: 'PriceInvalid',
      prop: 'maxUsdPerHour',
      allowed: `at least ${SMALLEST_PRICE.toFixed(5)} US dollars`,
      got: price,
      fix: 'Leave it out to pay up to the price on demand.',
    },
  ]);
}
