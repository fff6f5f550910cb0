import { isWithin } from '../../core/bounds';
import { AiInfraError, type Problem, Problems } from '../../core/errors';
import type { GoogleProvisioning } from '../../core/catalog/google-machines';
import { branded, DATE, demand, FLAG, type Kind, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import { CONFIRMATION, unconfirmed } from '../../terraform/confirmation';
import { checkCommitment, COMMITMENT_OPTIONS, type CommitmentOptions } from './commitment-options';

/** Options for flex-start: machines are handed out together when there are enough, and taken back after some days. */
export interface FlexStartOptions {
  /** Days that a node lives, up to 7. @default 7 */
  readonly maxRunDays?: number;
  /**
   * Whether nodes come only for a ProvisioningRequest, all of them or none, as Kueue makes them. Without it a pod that waits makes nodes
   * come one by one.
   *
   * @default false
   */
  readonly queued?: boolean;
}

/** Options for spare capacity. */
export interface SpotOptions {
  /** What takes over while there is no spare machine: on-demand. Replicas of a server take it; a pool by itself has one market. @default - nothing does */
  readonly fallback?: Capacity;
}

/** What of a reservation is used. */
export interface ReservationOptions {
  /** Project that owns it, where that is another one. @default - the project of the nodes */
  readonly project?: string;
  /** Block of the reservation, e.g. `my-reservation-block-0001`. @default - any */
  readonly block?: string;
  /** Sub-block of the block. @default - any */
  readonly subBlock?: string;
}

/** Options for a reservation to create. */
export interface NewReservationOptions {
  /** The moment at which it ends by itself, in whole seconds. Another one later makes a new reservation. @default - it lives, and costs, until it is deleted */
  readonly until?: Date;
  /** It costs from its first minute, used or not. Say so: `confirm: 'costs until deleted'`. */
  readonly confirm: typeof CONFIRMATION;
  /** The committed-use discount to buy for it, which binds for its whole term. @default - none: by the second, at the price of on-demand */
  readonly commitment?: CommitmentOptions;
}

interface CapacityState extends FlexStartOptions, ReservationOptions, SpotOptions {
  readonly reservation?: string;
  readonly until?: Date;
  readonly commitment?: CommitmentOptions;
}

/** Longest life of a flex-start node, in days. @see https://cloud.google.com/kubernetes-engine/docs/concepts/dws */
const LONGEST_RUN_DAYS = 7;

/** How the nodes are bought. One pool uses one kind. */
export class Capacity {
  /** Pay by the second, take what is free. */
  static onDemand(): Capacity {
    return new Capacity('on-demand');
  }

  /** Spare capacity at a discount, which Google takes back on 30 seconds' notice. */
  static spot(options: SpotOptions = {}): Capacity {
    demand(options, { fallback: CAPACITY }, { name: 'options' });
    const { fallback } = options;
    if (fallback && fallback.market !== 'on-demand') throw wrongFallback(fallback.market);
    return new Capacity('spot', options);
  }

  /**
   * The Dynamic Workload Scheduler: waits for enough machines, then runs them for at most seven days.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/dws
   */
  static flexStart(options: FlexStartOptions = {}): Capacity {
    demand(options, FLEX_START, { name: 'options' });
    const { maxRunDays = LONGEST_RUN_DAYS } = options;
    if (!(maxRunDays > 0 && maxRunDays <= LONGEST_RUN_DAYS)) throw outOfRange(maxRunDays);
    return new Capacity('flex-start', { ...options, maxRunDays });
  }

  /**
   * A reservation that exists, by its name; only machines that name it may use it.
   *
   * @see https://cloud.google.com/compute/docs/instances/reservations-overview
   */
  static reservation(name: string, options: ReservationOptions = {}): Capacity {
    demand({ name }, { name: required(TEXT) });
    demand(options, RESERVATION, { name: 'options' });
    if (options.subBlock !== undefined && options.block === undefined) throw blockMissing(options.subBlock);
    return new Capacity('reservation', { ...options, reservation: name });
  }

  /** A reservation made together with the nodes, in their zone. It costs from its first minute. */
  static newReservation(options: NewReservationOptions): Capacity {
    demand(options, NEW_RESERVATION, { name: 'options' });
    const { confirm, until, commitment } = options;
    const problems = new Problems();
    if (confirm !== CONFIRMATION) problems.add(unconfirmed(confirm));
    if (commitment) checkCommitment(problems.within('commitment'), commitment);
    if (until && !isEnd(until)) problems.add(noEnd(until));
    if (commitment && until) problems.add(endsEarly(until));
    problems.throwIfAny();
    return new Capacity('reservation', { until, commitment }, true);
  }

  private constructor(
    public readonly market: GoogleProvisioning & ('on-demand' | 'spot' | 'flex-start' | 'reservation'),
    private readonly state: CapacityState = {},
    /** Whether a reservation is to be created. */
    readonly createsReservation = false,
  ) {}

  /** Name of the reservation used. @default - none exists yet */
  get reservationName(): string | undefined {
    return this.state.reservation;
  }

  /** What takes over while there is no spot machine. @default - nothing does */
  get fallback(): Capacity | undefined {
    return this.state.fallback;
  }

  /** Whether nodes come only all together, for a request. */
  get isQueued(): boolean {
    return this.state.queued ?? false;
  }

  /** Days that a node lives. @default - without end */
  get maxRunDays(): number | undefined {
    return this.state.maxRunDays;
  }

  /** The moment at which a reservation to create ends. @default - never by itself */
  get until(): Date | undefined {
    return this.state.until;
  }

  /** The commitment to buy for a reservation to create. @default - none */
  get commitment(): CommitmentOptions | undefined {
    return this.state.commitment;
  }

  /** Whether the nodes run in one sub-block of a reservation. */
  get namesSubBlock(): boolean {
    return this.state.subBlock !== undefined;
  }

  /** How a node pool names the reservation: by name in its own project, by path elsewhere or where a block is meant. */
  get reservationPath(): string | undefined {
    const { reservation, project, block, subBlock } = this.state;
    if (reservation === undefined) return undefined;
    const below =
      (block === undefined ? '' : `/reservationBlocks/${block}`) +
      (subBlock === undefined ? '' : `/reservationSubBlocks/${subBlock}`);
    return project === undefined ? `${reservation}${below}` : `projects/${project}/reservations/${reservation}${below}`;
  }

  /** Whether the number of nodes follows the work that waits, from 0. */
  get isElastic(): boolean {
    return this.market === 'spot' || this.market === 'flex-start';
  }
}

/** A capacity, of whichever copy of the package. */
export const CAPACITY: Kind = branded(Capacity, 'GoogleCapacity', 'a Capacity', 'Use Capacity.onDemand() or its like.');

const FLEX_START: Shape<FlexStartOptions> = { maxRunDays: NUMBER, queued: FLAG };
const RESERVATION: Shape<ReservationOptions> = { project: TEXT, block: TEXT, subBlock: TEXT };
const NEW_RESERVATION: Shape<NewReservationOptions> = {
  until: DATE,
  confirm: required(TEXT),
  commitment: COMMITMENT_OPTIONS,
};

function outOfRange(got: number): AiInfraError {
  const allowed = `more than 0 and at most ${LONGEST_RUN_DAYS}`;
  return new AiInfraError([
    {
      code: 'CapacityDuration',
      prop: 'maxRunDays',
      allowed,
      got,
      fix: 'Flex-start ends after a week: checkpoint, and start again.',
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

function blockMissing(subBlock: string): AiInfraError {
  return new AiInfraError([
    {
      code: 'ReservationBlock',
      prop: 'block',
      allowed: `given, since the sub-block '${subBlock}' lies in one`,
      got: undefined,
      fix: 'Name its block, too.',
    },
  ]);
}

/** The years of an end. Seconds that were taken for the milliseconds of a `Date` are long before, and microseconds long behind. */
const YEARS = { least: 2020, most: 9999 };

// Whether it is in the past is for Google to say: the same app gives the same files on every day.
function isEnd(date: Date): boolean {
  return isWithin(date.getUTCFullYear(), YEARS);
}

function noEnd(date: Date): Problem {
  const got = Number.isNaN(date.getTime()) ? 'an invalid date' : date.toISOString();
  return {
    code: 'CapacityDate',
    prop: 'until',
    allowed: `a date from ${YEARS.least} to ${YEARS.most}`,
    got,
    fix: "Write it like new Date('2030-01-31'), or leave it out.",
  };
}

/** A commitment holds its reservation to the end of its term. */
function endsEarly(got: Date): Problem {
  const allowed = 'left out: a reservation with a commitment has no end of its own';
  return { code: 'CommitmentTerm', prop: 'until', allowed, got, fix: 'Leave it out, or the commitment.' };
}
