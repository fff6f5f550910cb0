import { AiInfraError, ProblemCollector } from '../../core/errors';
import { assertProps, required, STRING, brand } from '../../core/prop-schema';
import { checkResourceId } from '../props/resource-id';
import { CONFIRMATION, unconfirmed } from '../../core/confirmation';
import { isUnknown } from '../../terraform/tokens';
import { NEW_RESERVATION_OPTIONS, SPOT_OPTIONS } from '../prop-schemas';
import type { Finding } from '../../core/findings';
import type { AzureMachine } from '../machine/machine';
import { Construct } from 'constructs';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import type { IResourceGroup } from '../props/resource-group';
import { CapacityReservation, CapacityReservationGroup } from '../provider/azurerm';

/** Options for spot capacity. */
export interface SpotOptions {
  /** Maximum price of a node per hour, in US dollars. Azure evicts the node when the spot price is higher. @default - the on-demand price */
  readonly maxUsdPerHour?: number;
}

/** Options for a new capacity reservation. */
export interface NewReservationOptions {
  /**
   * Confirmation of the cost. A reservation is billed from its first minute until it is deleted, used or not.
   * @schema CONFIRMED
   */
  readonly confirm: 'costs until deleted';
}

/** Purchase option of nodes on Azure. */
export enum AzureMarket {
  /** Pay as you go. */
  ON_DEMAND = 'on-demand',
  /** Spare capacity that Azure can take back. */
  SPOT = 'spot',
  /** On-demand capacity reservation. */
  RESERVATION = 'reservation',
}

interface CapacityState extends SpotOptions {
  readonly groupId?: string;
}

/**
 * Purchase option of the nodes of a pool.
 *
 * @example
 * ```ts
 * import { Capacity } from 'ai-infra-constructs/azure';
 *
 * const capacity = Capacity.spot({ maxUsdPerHour: 4.5 });
 * ```
 */
export class Capacity {
  /** Pay as you go. Nodes depend on your quota and on the capacity of the region. */
  static onDemand(): Capacity {
    return new Capacity(AzureMarket.ON_DEMAND);
  }

  /** Spare capacity at a discount. Azure can take it back with 30 seconds' notice. */
  static spot(options: SpotOptions = {}): Capacity {
    assertProps(options, SPOT_OPTIONS, { name: 'options' });
    checkSpotPrice(options.maxUsdPerHour);
    return new Capacity(AzureMarket.SPOT, options);
  }

  /**
   * An existing capacity reservation group, by its resource id. Machines with InfiniBand do not support capacity reservations.
   *
   * @see https://learn.microsoft.com/en-us/azure/virtual-machines/capacity-reservation-overview
   */
  static reservation(capacityReservationGroupId: string): Capacity {
    assertProps({ capacityReservationGroupId }, { capacityReservationGroupId: required(STRING) });
    const problems = new ProblemCollector();
    const type = 'Microsoft.Compute/capacityReservationGroups';
    checkResourceId(problems, 'capacityReservationGroupId', capacityReservationGroupId, type);
    problems.throwIfAny();
    return new Capacity(AzureMarket.RESERVATION, { groupId: capacityReservationGroupId });
  }

  /** A new capacity reservation for the nodes. It is billed from its first minute, used or not. */
  static newReservation(options: NewReservationOptions): Capacity {
    assertProps(options, NEW_RESERVATION_OPTIONS, { name: 'options' });
    if (options.confirm !== CONFIRMATION) throw new AiInfraError([unconfirmed(options.confirm)]);
    return new Capacity(AzureMarket.RESERVATION, {}, true);
  }

  private constructor(
    /** Purchase option. */
    public readonly market: AzureMarket,
    private readonly state: CapacityState = {},
    /** Whether the node pool creates a reservation. */
    readonly createsReservation = false,
  ) {}

  /** Resource id of the existing capacity reservation group. @default - none */
  get capacityReservationGroupId(): string | undefined {
    return this.state.groupId;
  }

  /** Maximum price of a spot node per hour, in US dollars. @default - the on-demand price */
  get maxUsdPerHour(): number | undefined {
    return this.state.maxUsdPerHour;
  }

  /** Whether the number of nodes follows the pending work, from 0. */
  get isElastic(): boolean {
    return this.market === AzureMarket.SPOT;
  }
}

brand(Capacity, 'azure.Capacity');
/** Azure accepts five decimal places in a spot price. @see https://learn.microsoft.com/en-us/azure/aks/spot-node-pool */
const SMALLEST_PRICE = 0.00001;

function checkSpotPrice(price: number | undefined): void {
  if (price === undefined || isUnknown(price) || (price >= SMALLEST_PRICE && Number.isFinite(price))) return;
  throw new AiInfraError([
    {
      code: 'PriceInvalid',
      prop: 'maxUsdPerHour',
      allowed: `at least ${SMALLEST_PRICE.toFixed(5)} US dollars`,
      got: price,
      fix: 'Remove maxUsdPerHour to pay up to the on-demand price.',
    },
  ]);
}

const PAGE = 'https://learn.microsoft.com/en-us/azure/virtual-machines/capacity-reservation-overview';

/** Adds a problem if the machine does not support capacity reservations: ND and NCads_H100_v5 do not. */
export function checkCapacity(problems: ProblemCollector, machine: AzureMachine, { market }: Capacity): void {
  if (market !== AzureMarket.RESERVATION || machine.spec.capacityReservationGroup !== false) return;
  problems.add({
    code: 'MarketUnsupported',
    prop: 'capacity',
    allowed: `on-demand or spot for ${machine.name}, which does not support capacity reservations`,
    got: market,
    fix: 'Use Capacity.onDemand(), and ask Azure to reserve quota and machines.',
  });
}

/** Findings of a capacity. Support for capacity reservations depends on the region. */
export function capacityFindings(machine: AzureMachine, { market }: Capacity): Finding[] {
  if (market !== AzureMarket.RESERVATION) return [];
  const { capacityReservationGroup: supported } = machine.spec;
  return [
    {
      id: 'capacity/reservation-region',
      level: 'warning',
      message:
        supported === undefined
          ? `No source says whether capacity reservations support ${machine.name}.`
          : `Capacity reservations do not support ${machine.name} in every region.`,
      fix: `Check CapacityReservationSupported in \`az vm list-skus --size ${machine.name}\`.`,
      evidence: PAGE,
    },
  ];
}

/** Properties for `NewReservation`. */
export interface NewReservationProps {
  /** Resource group of the reservation. */
  readonly resourceGroup: IResourceGroup;
  /** Machine type to reserve. */
  readonly machine: AzureMachine;
  /** Number of machines to reserve. */
  readonly nodes: number;
  /** Availability zone of the nodes. @default - a regional reservation */
  readonly zone?: string;
}

/** A capacity reservation in its own capacity reservation group. */
export class NewReservation extends Construct {
  /** The capacity reservation group. */
  public readonly group: CapacityReservationGroup;
  /** The capacity reservation. */
  public readonly resource: CapacityReservation;

  /** @internal */
  constructor(scope: Construct, id: string, { resourceGroup, machine, nodes, zone }: NewReservationProps) {
    super(scope, id);
    checkProviders(this);
    const name = physicalName(this);
    this.group = new CapacityReservationGroup(this, 'Group', {
      name,
      resourceGroupName: resourceGroup.name,
      location: resourceGroup.location,
      zones: zone === undefined ? undefined : [zone],
    });
    this.resource = new CapacityReservation(this, 'Resource', {
      name,
      capacityReservationGroupId: this.group.id,
      sku: { name: machine.name, capacity: nodes },
      zone,
    });
  }
}
