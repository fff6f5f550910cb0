import { isWithin } from '../../core/bounds';
import { AiInfraError, type Problem, ProblemCollector } from '../../core/errors';
import type { GoogleProvisioning } from '../../core/catalog/google-machines';
import { assertProps, required, STRING, brand } from '../../core/prop-schema';
import { CONFIRMATION, unconfirmed } from '../../core/confirmation';
import { checkCommitment, type CommitmentOptions, Commitment } from './commitment';
import {
  CALENDAR_RESERVATION_OPTIONS,
  CAPACITY,
  FLEX_START_OPTIONS,
  NEW_RESERVATION_OPTIONS,
  RESERVATION_OPTIONS,
} from '../prop-schemas';
import { Construct, type IConstruct } from 'constructs';
import { physicalName } from '../../terraform/names';
import type { GoogleMachine } from '../machine/machine';
import { wholeSeconds } from '../props/location';
import { ComputeReservation } from '../provider/google';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import type { TrainingPlan } from '../../core/planning/plan-training';
import { isUnknown } from '../../terraform/tokens';
import { record } from '../../terraform/findings';
import { checkProviders } from '../../terraform/provider-checks';

/** Options for flex-start capacity: all machines are provided together when enough are available, for a limited number of days. */
export interface FlexStartOptions {
  /** Maximum lifetime of a node in days, up to 7. @default 7 */
  readonly maxRunDays?: number;
  /**
   * Whether nodes are created only for a ProvisioningRequest from Kueue, all of them or none. Otherwise, each waiting pod adds nodes one by one.
   *
   * @default false
   */
  readonly queued?: boolean;
}

/** Options for spot capacity. */
export interface SpotOptions {
  /**
   * Capacity to use while no spot machine is available: on-demand. TrainingCluster with GPUs, BatchInference, and KubernetesInference support it; a node pool has one
   * capacity. The second node pool is filled only while no spot machine is available.
   *
   * @default - none
   */
  readonly fallback?: Capacity;
}

/** Options for an existing reservation. */
export interface ReservationOptions {
  /** Project that owns the reservation. @default - the project of the nodes */
  readonly project?: string;
  /** Block of the reservation, for example `my-reservation-block-0001`. @default - any block */
  readonly block?: string;
  /** Sub-block of the block. @default - any sub-block */
  readonly subBlock?: string;
}

/** Options for the reservation of a future reservation in calendar mode. */
export interface CalendarReservationOptions extends ReservationOptions {
  /**
   * End of the future reservation, up to 90 days after its start. Google then deletes the machines. The time counts, not only the day. An end in the
   * past is not rejected, so that an app synthesizes the same files on every day. GKE then cannot create the nodes.
   */
  readonly until: Date;
}

/** Options for a new reservation. */
export interface NewReservationOptions {
  /** Time at which the reservation is deleted automatically, in whole seconds. A later change replaces the reservation. @default - never; it is billed until you delete it */
  readonly until?: Date;
  /**
   * Confirms that the reservation is billed from its first minute, used or not. Must be `'costs until deleted'`.
   * @schema CONFIRMED
   */
  readonly confirm: 'costs until deleted';
  /** Committed-use discount to buy for the reservation, which is binding for its term. @default - none; on-demand prices, billed per second */
  readonly commitment?: CommitmentOptions;
}

interface CapacityState extends FlexStartOptions, ReservationOptions, SpotOptions {
  readonly reservation?: string;
  readonly until?: Date;
  readonly commitment?: CommitmentOptions;
}

/** Maximum lifetime of a flex-start node, in days. @see https://cloud.google.com/kubernetes-engine/docs/concepts/dws */
const LONGEST_RUN_DAYS = 7;

/**
 * How the nodes are bought. Each node pool has one kind of capacity.
 *
 * @example
 * ```ts
 * import { Capacity } from 'ai-infra-constructs/google';
 *
 * const capacity = Capacity.reservation('h200-pretraining');
 * ```
 */
export class Capacity {
  /** On-demand: billed per second, subject to availability. */
  static onDemand(): Capacity {
    return new Capacity('on-demand');
  }

  /** Spot VMs: discounted spare capacity, which Google can preempt with 30 seconds of notice. */
  static spot(options: SpotOptions = {}): Capacity {
    assertProps(options, { fallback: CAPACITY }, { name: 'options' });
    const { fallback } = options;
    if (fallback && fallback.market !== 'on-demand') throw wrongFallback(fallback.market);
    return new Capacity('spot', options);
  }

  /**
   * Flex-start with Dynamic Workload Scheduler: waits until enough machines are available, then runs them for at most seven days.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/dws
   */
  static flexStart(options: FlexStartOptions = {}): Capacity {
    assertProps(options, FLEX_START_OPTIONS, { name: 'options' });
    const { maxRunDays = LONGEST_RUN_DAYS } = options;
    if (!(maxRunDays > 0 && maxRunDays <= LONGEST_RUN_DAYS)) throw outOfRange(maxRunDays);
    return new Capacity('flex-start', { ...options, maxRunDays });
  }

  /**
   * An existing reservation by name, that only VMs with its name can consume.
   *
   * @see https://cloud.google.com/compute/docs/instances/reservations-overview
   */
  static reservation(name: string, options: ReservationOptions = {}): Capacity {
    assertProps({ name }, { name: required(STRING) });
    assertProps(options, RESERVATION_OPTIONS, { name: 'options' });
    checkReservationNames({ name, ...options });
    return new Capacity('reservation', { ...options, reservation: name });
  }

  /**
   * The reservation that Google creates for a future reservation in calendar mode. It has machines from the start of the future reservation to its end.
   * Deploy the nodes after the start. Google deletes them at the end. Request the future reservation yourself, with
   * `gcloud compute future-reservations create --reservation-mode=CALENDAR --reservation-name=<name> --require-specific-reservation`: google 6.50 has no
   * resource for it, and in August 2026 only google-beta has one.
   *
   * @see https://cloud.google.com/compute/docs/instances/create-future-reservations-calendar-mode
   * @see https://docs.cloud.google.com/sdk/gcloud/reference/compute/future-reservations/create
   */
  static calendarReservation(name: string, options: CalendarReservationOptions): Capacity {
    assertProps({ name }, { name: required(STRING) });
    assertProps(options, CALENDAR_RESERVATION_OPTIONS, { name: 'options' });
    checkReservationNames({ name, ...options });
    if (!isEnd(options.until)) throw new AiInfraError([noEnd(options.until, CALENDAR_END)]);
    return new Capacity('reservation', { ...options, reservation: name });
  }

  /** A new reservation in the zone of the nodes. It is billed from its first minute, used or not, so it requires `confirm`. */
  static newReservation(options: NewReservationOptions): Capacity {
    assertProps(options, NEW_RESERVATION_OPTIONS, { name: 'options' });
    const { confirm, until, commitment } = options;
    const problems = new ProblemCollector();
    if (confirm !== CONFIRMATION) problems.add(unconfirmed(confirm));
    if (commitment) checkCommitment(problems.within('commitment'), commitment);
    if (until && !isEnd(until)) problems.add(noEnd(until));
    if (commitment && until) problems.add(endsEarly(until));
    problems.throwIfAny();
    return new Capacity('reservation', { until, commitment }, true);
  }

  private constructor(
    /** Kind of capacity. */
    public readonly market: GoogleProvisioning & ('on-demand' | 'spot' | 'flex-start' | 'reservation'),
    private readonly state: CapacityState = {},
    /** Whether a reservation is created. */
    readonly createsReservation = false,
  ) {}

  /** Name of the existing reservation. @default - none */
  get reservationName(): string | undefined {
    return this.state.reservation;
  }

  /** Capacity to use while no spot machine is available. @default - none */
  get fallback(): Capacity | undefined {
    return this.state.fallback;
  }

  /** Whether nodes are created only for a ProvisioningRequest, all of them or none. */
  get isQueued(): boolean {
    return this.state.queued ?? false;
  }

  /** Maximum lifetime of a node in days. @default - unlimited */
  get maxRunDays(): number | undefined {
    return this.state.maxRunDays;
  }

  /** Time at which the reservation ends. @default - never, or unknown for an existing reservation */
  get until(): Date | undefined {
    return this.state.until;
  }

  /** Commitment to buy for the new reservation. @default - none */
  get commitment(): CommitmentOptions | undefined {
    return this.state.commitment;
  }

  /** Whether the reservation is limited to one sub-block. */
  get namesSubBlock(): boolean {
    return this.state.subBlock !== undefined;
  }

  /** The reservation for a node pool: a name in the same project, or a path in another project or for a block. @default - none */
  get reservationPath(): string | undefined {
    const { reservation, project, block, subBlock } = this.state;
    if (reservation === undefined) return undefined;
    const below =
      (block === undefined ? '' : `/reservationBlocks/${block}`) +
      (subBlock === undefined ? '' : `/reservationSubBlocks/${subBlock}`);
    return project === undefined ? `${reservation}${below}` : `projects/${project}/reservations/${reservation}${below}`;
  }

  /** Whether the number of nodes follows the waiting work, starting at 0. */
  get isElastic(): boolean {
    return this.market === 'spot' || this.market === 'flex-start';
  }
}

brand(Capacity, 'google.Capacity');

function outOfRange(got: number): AiInfraError {
  const allowed = `more than 0 and at most ${LONGEST_RUN_DAYS}`;
  return new AiInfraError([
    {
      code: 'CapacityDuration',
      prop: 'maxRunDays',
      allowed,
      got,
      fix: 'Flex-start ends after a week. Save a checkpoint and start again.',
    },
  ]);
}

function wrongFallback(got: string): AiInfraError {
  return new AiInfraError([
    {
      code: 'CapacityFallback',
      prop: 'fallback',
      allowed: 'Capacity.onDemand()',
      got,
      fix: 'Use Capacity.onDemand().',
    },
  ]);
}

/** Names of Compute Engine resources. A project can also have a domain or a number. @see https://cloud.google.com/compute/docs/naming-resources */
const RESOURCE_NAME = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const PROJECT = /^([a-z0-9.-]+:)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

function checkReservationNames(given: ReservationOptions & { readonly name: string }): void {
  const problems = new ProblemCollector();
  for (const prop of ['name', 'project', 'block', 'subBlock'] as const) {
    const got = given[prop];
    if (got === undefined || isUnknown(got) || (prop === 'project' ? PROJECT : RESOURCE_NAME).test(got)) continue;
    problems.add({
      code: 'ResourceIdInvalid',
      prop,
      allowed:
        prop === 'project' ? 'the ID or the number of a project' : 'a name: lower-case letters, digits and hyphens',
      got,
      fix: 'Copy it from `gcloud compute reservations list`, without a path.',
    });
  }
  problems.throwIfAny();
  const { block, subBlock } = given;
  if (subBlock !== undefined && block === undefined) throw blockMissing(subBlock);
}

function blockMissing(subBlock: string): AiInfraError {
  return new AiInfraError([
    {
      code: 'ReservationBlock',
      prop: 'block',
      allowed: `the block that contains the sub-block '${subBlock}'`,
      got: undefined,
      fix: 'Set `block`.',
    },
  ]);
}

/** Years for the end of a reservation. A `Date` made from seconds or microseconds instead of milliseconds is outside of them. */
const YEARS = { min: 2020, max: 9999 };

// A date in the past is not rejected, so that the same app synthesizes the same files on every day.
function isEnd(date: Date): boolean {
  return isWithin(date.getUTCFullYear(), YEARS);
}

const CALENDAR_END = 'Copy it from `gcloud compute future-reservations describe`.';

function noEnd(date: Date, fix = "Use new Date('2030-01-31'), or leave it out."): Problem {
  const got = Number.isNaN(date.getTime()) ? 'an invalid date' : date.toISOString();
  return {
    code: 'CapacityDate',
    prop: 'until',
    allowed: `a date from ${YEARS.min} to ${YEARS.max}`,
    got,
    fix,
  };
}

/** A commitment keeps its reservation until the end of its term. */
function endsEarly(got: Date): Problem {
  const allowed = 'left out for a reservation with a commitment, which ends with its term';
  return { code: 'CommitmentTerm', prop: 'until', allowed, got, fix: 'Remove `until` or `commitment`.' };
}

/** Properties for `NewReservation`. */
export interface NewReservationProps {
  /** Machine type. */
  readonly machine: GoogleMachine;
  /** Number of machines. */
  readonly nodes: number;
  /** Zone of the machines. */
  readonly zone: string;
  /** Time at which the reservation is deleted automatically. @default - never */
  readonly until?: Date;
  /** Commitment to buy for the reservation. @default - none */
  readonly commitment?: CommitmentOptions;
}

/**
 * The API returns accelerators and local SSDs that the machine type includes. Without this, the provider would replace the reservation in every
 * apply. Source: google 6.50.0, where a change in either list creates a new reservation.
 */
const IMPLIED_BY_MACHINE = ['guest_accelerators', 'local_ssds'].map(
  (list) => `specific_reservation[0].instance_properties[0].${list}`,
);

/** A reservation that only VMs with its name can consume. */
export class NewReservation extends Construct {
  /** The reservation in Terraform. */
  public readonly resource: ComputeReservation;
  /** The commitment for the reservation. @default - none */
  public readonly commitment?: Commitment;

  constructor(scope: Construct, id: string, { machine, nodes, zone, until, commitment }: NewReservationProps) {
    super(scope, id);
    checkProviders(this);
    this.resource = new ComputeReservation(this, 'Resource', {
      name: physicalName(this),
      zone,
      specificReservationRequired: true,
      deleteAtTime: until && wholeSeconds(until),
      // The machine type includes accelerators and local SSDs.
      specificReservation: { count: nodes, instanceProperties: { machineType: machine.name } },
      // Compute Engine rejects the deletion of a reservation with a commitment.
      lifecycle: { preventDestroy: commitment && true, ignoreChanges: [...IMPLIED_BY_MACHINE] },
    });
    if (commitment) {
      const reservation = this.resource.name;
      this.commitment = new Commitment(this, 'Commitment', { ...commitment, machine, nodes, zone, reservation });
    }
  }
}

/** Records that a plan uses on-demand prices for flex-start. */
export function recordFlexStartPrice(
  scope: IConstruct,
  { market }: Capacity,
  { costs }: ServingPlan | TrainingPlan,
): void {
  const price = [...costs].find(({ chosen }) => chosen)?.price;
  if (market !== 'flex-start' || !price) return;
  record(scope, {
    id: 'cost/price',
    level: 'info',
    message: 'The catalog has no flex-start prices, so the plan uses on-demand prices, which are the same or higher.',
    fix: 'Set the prices of your account in `prices`.',
    evidence: price.source,
  });
}
