import { Construct } from 'constructs';
import { isWithin } from '../../core/bounds';
import { CONFIRMATION, unconfirmed } from '../../core/confirmation';
import { type Problem, ProblemCollector } from '../../core/errors';
import { assertProps, brand, required, STRING } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { isUnknown } from '../../terraform/tokens';
import type { AlicloudMachine } from '../machine/machine';
import {
  ASSURANCE_OPTIONS,
  LINGJUN_OPTIONS,
  NEW_RESERVATION_OPTIONS,
  RESERVATION_OPTIONS,
  SPOT_OPTIONS,
} from '../prop-schemas';
import { EcsCapacityReservation, EcsElasticityAssurance } from '../provider/alicloud';

/** Options for spot capacity. */
export interface SpotOptions {
  /** Capacity to use while no spot instance is available: on-demand. @default - none */
  readonly fallback?: Capacity;
  /** Maximum price of a node per hour, in the currency of the account. @default - the on-demand price */
  readonly maxPricePerHour?: number;
}

/** Options for an existing private pool. */
export interface ReservationOptions {
  /** Zone of the private pool, which must be the zone of the nodes. @default - unknown; not validated */
  readonly zone?: string;
}

/** Options for a new capacity reservation. */
export interface NewReservationOptions {
  /** Time at which the reservation is released automatically, in whole seconds. @default - never; it is billed until you delete it */
  readonly until?: Date;
  /**
   * Confirms that the reservation is billed from its first minute, used or not. Must be `'costs until deleted'`.
   * @schema CONFIRMED
   */
  readonly confirm: 'costs until deleted';
}

/** Options for a new elasticity assurance. */
export interface AssuranceOptions {
  /** Length of the assurance in months: 1 to 9, 12, 24, or 36. */
  readonly months: number;
  /**
   * Confirms that the assurance is paid for the whole period and cannot be canceled. Must be `'costs for the whole period'`.
   * @schema STRING
   */
  readonly confirm: 'costs for the whole period';
}

/** Options for Lingjun nodes, which are bought by contract. */
export interface LingjunOptions {
  /** ID of the Lingjun cluster. */
  readonly clusterId: string;
  /** ID of the node group in the Lingjun cluster. One node group belongs to one node pool. */
  readonly nodeGroupId: string;
  /** RDMA bandwidth of a node in Gbps, as in the contract. The acceptance job requires 75% of it. */
  readonly fabricGbps: number;
}

interface CapacityState extends ReservationOptions, SpotOptions {
  readonly privatePoolId?: string;
  readonly until?: Date;
  readonly months?: number;
  readonly lingjun?: LingjunOptions;
}

/** The confirmation to buy an elasticity assurance. */
const ASSURANCE_CONFIRMATION = 'costs for the whole period';

/** Periods in months. Terraform accepts 1 to 9 months, and years. Source: alicloud 1.285.0, `period`. */
const PERIODS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36];

/**
 * How the nodes are bought. Each node pool has one kind of capacity.
 *
 * @example
 * ```ts
 * import { Capacity } from 'ai-infra-constructs/alicloud';
 *
 * const capacity = Capacity.spot({ fallback: Capacity.onDemand() });
 * ```
 */
export class Capacity {
  /** Pay-as-you-go: billed per second, subject to stock. */
  static onDemand(): Capacity {
    return new Capacity('on-demand');
  }

  /** Spot instances: discounted spare capacity, which is protected for one hour. Alibaba Cloud then reclaims it with 5 minutes of notice. */
  static spot(options: SpotOptions = {}): Capacity {
    assertProps(options, SPOT_OPTIONS, { name: 'options' });
    const problems = new ProblemCollector();
    const { fallback, maxPricePerHour: price } = options;
    if (fallback && fallback.market !== 'on-demand') problems.add(wrongFallback(fallback.market));
    if (price !== undefined && !isUnknown(price) && !(price > 0 && Number.isFinite(price)))
      problems.add(wrongPrice(price));
    problems.throwIfAny();
    return new Capacity('spot', options);
  }

  /**
   * An existing private pool, which only nodes of this pool can use: a capacity reservation (`crp-…`) or an elasticity assurance (`eap-…`).
   *
   * @see https://www.alibabacloud.com/help/en/ecs/user-guide/overview-of-resource-assurance
   */
  static reservation(privatePoolId: string, options: ReservationOptions = {}): Capacity {
    assertProps({ privatePoolId }, { privatePoolId: required(STRING) });
    assertProps(options, RESERVATION_OPTIONS, { name: 'options' });
    const problems = new ProblemCollector();
    if (!isUnknown(privatePoolId) && !POOL_ID.test(privatePoolId)) problems.add(wrongPool(privatePoolId));
    problems.throwIfAny();
    return new Capacity('reservation', { privatePoolId, ...options });
  }

  /** A new capacity reservation in the zone of the nodes. It is billed from its first minute, used or not, so it requires `confirm`. */
  static newReservation(options: NewReservationOptions): Capacity {
    assertProps(options, NEW_RESERVATION_OPTIONS, { name: 'options' });
    const problems = new ProblemCollector();
    const { confirm, until } = options;
    if (confirm !== CONFIRMATION) problems.add(unconfirmed(confirm));
    if (until && !isWithin(until.getUTCFullYear(), YEARS)) problems.add(noEnd(until));
    problems.throwIfAny();
    return new Capacity('reservation', { until }, 'reservation');
  }

  /** A new elasticity assurance in the zone of the nodes: paid for the whole period, and then on-demand prices for the nodes. */
  static assurance(options: AssuranceOptions): Capacity {
    assertProps(options, ASSURANCE_OPTIONS, { name: 'options' });
    const problems = new ProblemCollector();
    const { confirm, months } = options;
    if (confirm !== ASSURANCE_CONFIRMATION) problems.add(unconfirmed(confirm, ASSURANCE_CONFIRMATION));
    if (!PERIODS.includes(months)) problems.add(noPeriod(months));
    problems.throwIfAny();
    return new Capacity('reservation', { months }, 'assurance');
  }

  /**
   * Lingjun nodes of a contract. Alibaba Cloud adds them to the node group, and you add them to the node pool with "Add existing nodes".
   *
   * @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/lingjun-node-pool-management
   */
  static lingjun(options: LingjunOptions): Capacity {
    assertProps(options, LINGJUN_OPTIONS, { name: 'options' });
    const problems = new ProblemCollector();
    const { fabricGbps } = options;
    if (isUnknown(fabricGbps) || !(fabricGbps > 0 && Number.isFinite(fabricGbps)))
      problems.add(noBandwidth(isUnknown(fabricGbps) ? 'a token' : fabricGbps));
    problems.throwIfAny();
    return new Capacity('reservation', { lingjun: options });
  }

  private constructor(
    /** Kind of capacity. */
    public readonly market: 'on-demand' | 'spot' | 'reservation',
    private readonly state: CapacityState = {},
    /** What the node pool buys for its nodes. @default - nothing */
    readonly buys?: 'reservation' | 'assurance',
  ) {}

  /** ID of the existing private pool. @default - none */
  get privatePoolId(): string | undefined {
    return this.state.privatePoolId;
  }

  /** Zone of the existing private pool. @default - unknown */
  get zone(): string | undefined {
    return this.state.zone;
  }

  /** Capacity to use while no spot instance is available. @default - none */
  get fallback(): Capacity | undefined {
    return this.state.fallback;
  }

  /** Maximum price of a spot node per hour. @default - the on-demand price */
  get maxPricePerHour(): number | undefined {
    return this.state.maxPricePerHour;
  }

  /** Time at which the new reservation is released. @default - never */
  get until(): Date | undefined {
    return this.state.until;
  }

  /** Length of the new assurance in months. @default - none */
  get months(): number | undefined {
    return this.state.months;
  }

  /** Lingjun nodes of a contract. @default - instances of ECS */
  get lingjunNodes(): LingjunOptions | undefined {
    return this.state.lingjun;
  }

  /** Whether the number of nodes follows the waiting work, starting at 0. */
  get isElastic(): boolean {
    return this.market === 'spot';
  }
}

brand(Capacity, 'alicloud.Capacity');

/** Source: the examples of the ECS API, for example DescribeCapacityReservations; read 2026-11. */
const POOL_ID = /^(crp|eap)-[a-z0-9]{5,}$/;

function wrongFallback(got: string): Problem {
  return {
    code: 'CapacityFallback',
    prop: 'fallback',
    allowed: 'Capacity.onDemand()',
    got,
    fix: 'Use Capacity.onDemand().',
  };
}

function wrongPrice(got: number): Problem {
  const fix = 'Remove maxPricePerHour to pay up to the on-demand price.';
  return { code: 'PriceInvalid', prop: 'maxPricePerHour', allowed: 'a positive number', got, fix };
}

function wrongPool(got: string): Problem {
  return {
    code: 'ResourceIdInvalid',
    prop: 'privatePoolId',
    allowed: 'the ID of a capacity reservation (crp-…) or of an elasticity assurance (eap-…)',
    got,
    fix: 'Copy the ID from the console, not the name.',
  };
}

/** Years for the end of a reservation. A `Date` made from seconds instead of milliseconds is outside of them. */
const YEARS = { min: 2020, max: 9999 };

function noEnd(date: Date): Problem {
  const got = Number.isNaN(date.getTime()) ? 'an invalid date' : date.toISOString();
  return {
    code: 'CapacityDate',
    prop: 'until',
    allowed: `a date from ${YEARS.min} to ${YEARS.max}`,
    got,
    fix: "Use new Date('2030-01-31'), or leave it out.",
  };
}

function noPeriod(got: number): Problem {
  const allowed = `one of ${PERIODS.join(', ')}`;
  return { code: 'CommitmentTerm', prop: 'months', allowed, got, fix: 'Use a period that ECS sells.' };
}

function noBandwidth(got: unknown): Problem {
  return {
    code: 'BandwidthInvalid',
    prop: 'fabricGbps',
    allowed: 'a positive number, known at synthesis',
    got,
    fix: 'Copy the RDMA bandwidth of a node from the contract.',
  };
}

/** Properties for `NewPrivatePool`. */
export interface NewPrivatePoolProps {
  /** Machine type. */
  readonly machine: AlicloudMachine;
  /** Number of machines. */
  readonly nodes: number;
  /** Zone of the machines. */
  readonly zone: string;
  /** Capacity that buys the pool. */
  readonly capacity: Capacity;
}

const MONTHS_PER_YEAR = 12;

/** A capacity reservation or an elasticity assurance that only nodes with its ID can use. */
export class NewPrivatePool extends Construct {
  /** The private pool in Terraform. */
  public readonly resource: EcsCapacityReservation | EcsElasticityAssurance;

  constructor(scope: Construct, id: string, { machine, nodes, zone, capacity }: NewPrivatePoolProps) {
    super(scope, id);
    checkProviders(this);
    const name = physicalName(this);
    const common = { instanceAmount: nodes, zoneIds: [zone], description: `Nodes of ${this.node.scope!.node.path}` };
    this.resource =
      capacity.buys === 'assurance'
        ? new EcsElasticityAssurance(this, 'Resource', {
            ...common,
            instanceType: [machine.name],
            privatePoolOptionsName: name,
            privatePoolOptionsMatchCriteria: 'Target',
            assuranceTimes: 'Unlimited',
            ...periodOf(capacity.months!),
            // ECS does not release an assurance before its end.
            lifecycle: { preventDestroy: true },
          })
        : new EcsCapacityReservation(this, 'Resource', {
            ...common,
            instanceType: machine.name,
            capacityReservationName: name,
            matchCriteria: 'Target',
            platform: 'linux',
            endTimeType: capacity.until ? 'Limited' : 'Unlimited',
            endTime: capacity.until?.toISOString().replace(/\.\d+Z$/, 'Z'),
          });
  }
}

function periodOf(months: number) {
  const isYears = months % MONTHS_PER_YEAR === 0;
  return isYears ? { period: months / MONTHS_PER_YEAR, periodUnit: 'Year' } : { period: months, periodUnit: 'Month' };
}
