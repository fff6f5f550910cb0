import type { Problems } from '../errors';
import { type Kind, NUMBER, objectOf, oneOf, required, TEXT } from '../shapes';
import type { Cloud } from './machines';
import type { PriceMarket, PriceRow } from './prices';

/** A price of the user's own: a quote, a private agreement, a newer list price. */
export interface PriceOverride {
  readonly machine: string;
  readonly market: PriceMarket;
  /** USD an hour, for the whole machine. */
  readonly usdPerHour: number;
  /** @default - the cloud that is asked for */
  readonly cloud?: Cloud;
  /** @default - every region */
  readonly region?: string;
  /** The day that it was read, `2026-11-25`. @default - it holds on the day asked for */
  readonly date?: string;
  /** Where it is from. @default given */
  readonly source?: string;
}

/** A price of the user's own, as a prop. What it may be, `checkOverrides` judges. */
export const PRICE_OVERRIDE: Kind = objectOf<PriceOverride>(
  {
    machine: required(TEXT),
    market: required(oneOf(['on-demand', 'spot', 'committed'] satisfies PriceMarket[])),
    usdPerHour: required(NUMBER),
    cloud: TEXT,
    region: TEXT,
    date: TEXT,
    source: TEXT,
  },
  'a price: { machine, market, usdPerHour }',
);

/** No accelerator costs more an hour: the dearest of the table is 27.04 (GB200 on Azure). */
const MOST_USD_PER_ACCELERATOR = 100;

/** One public catalogue prints it where it knows no price. */
const SENTINEL = 700;

/** What the tables say of machines. */
export interface KnownMachines {
  readonly acceleratorsOf: (machine: string) => number | undefined;
  /** The name of the table that is the same but for upper and lower case. */
  readonly writtenAs: (price: PriceOverride) => string | undefined;
  readonly clouds: readonly Cloud[];
}

/** What is impossible about prices that a user gave. */
export function checkOverrides(
  problems: Problems,
  overrides: readonly PriceOverride[],
  priced: readonly PriceRow[],
  known: KnownMachines,
): void {
  if (!Array.isArray(overrides)) {
    wrong(problems, 'overrides', 'a list of prices', overrides);
    return;
  }
  overrides.forEach((one: PriceOverride, index) => {
    const prop = `overrides[${index}]`;
    if (typeof one !== 'object' || one === null) {
      wrong(problems, prop, 'a price: { machine, market, usdPerHour }', one);
      return;
    }
    checkMachine(problems, prop, one, known);
    checkAmount(problems, prop, one, known.acceleratorsOf(one.machine));
    if (one.date !== undefined && !isDay(one.date)) wrong(problems, `${prop}.date`, 'a day as of 2026-11-25', one.date);
    const onDemand = one.market === 'spot' ? onDemandBeside(one, overrides, priced) : undefined;
    if (onDemand !== undefined && one.usdPerHour >= onDemand) {
      wrong(problems, `${prop}.usdPerHour`, `below the on-demand price, ${onDemand} USD/h`, one.usdPerHour);
    }
  });
}

/** A price under a name that is nearly one of the table would be passed over without a word. Other names may be those of a service. */
function checkMachine(problems: Problems, prop: string, one: PriceOverride, { writtenAs, clouds }: KnownMachines): void {
  if (one.cloud !== undefined && !clouds.includes(one.cloud)) {
    wrong(problems, `${prop}.cloud`, `one of ${clouds.join(', ')}`, one.cloud, 'Leave it out for that of the stack.');
    return;
  }
  const name = writtenAs(one);
  if (name === undefined || name === one.machine) return;
  wrong(problems, `${prop}.machine`, `written '${name}'`, one.machine, 'Write it as the table of machines does.');
}

function checkAmount(problems: Problems, prop: string, one: PriceOverride, accelerators = 16): void {
  const { usdPerHour } = one;
  const most = MOST_USD_PER_ACCELERATOR * Math.max(1, accelerators);
  if (typeof usdPerHour === 'number' && usdPerHour > 0 && usdPerHour <= most && usdPerHour !== SENTINEL) return;
  const allowed =
    usdPerHour === SENTINEL
      ? `a price: ${SENTINEL} stands for "unknown" in a public catalogue`
      : `more than 0 and at most ${most} USD/h`;
  wrong(problems, `${prop}.usdPerHour`, allowed, usdPerHour);
}

/** The on-demand price that a spot price must stay below: the user's own, else the highest of the table in that region. */
function onDemandBeside(
  spot: PriceOverride,
  overrides: readonly PriceOverride[],
  priced: readonly PriceRow[],
): number | undefined {
  const own = overrides.find(
    (one) => one?.market === 'on-demand' && one.machine === spot.machine && one.region === spot.region,
  );
  if (own) return own.usdPerHour;
  const rows = priced.filter(
    (row) => row.market === 'on-demand' && row.machine === spot.machine && (spot.region ?? row.region) === row.region,
  );
  return rows.length > 0 ? Math.max(...rows.map((row) => row.usdPerHour)) : undefined;
}

const READ = 'Read the price off the price list of the cloud.';

function wrong(problems: Problems, prop: string, allowed: string, got: unknown, fix = READ): void {
  problems.add({ code: 'PriceInvalid', prop, allowed, got, fix });
}

/** Whether a text starts with a day of the calendar, `2026-11-25`. */
export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(text)) return false;
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
}
