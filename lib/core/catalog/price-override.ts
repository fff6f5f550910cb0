import { type ProblemCollector, AiInfraError } from '../errors';
import type { Cloud } from './machines';
import { type ListedPrice, readPriceFile } from './price-file';
import type { PriceMarket, PriceRow } from './prices';
import { assertProps, brand, listOf, objectOf, required, STRING } from '../prop-schema';
import { isDay } from './day';
import { PRICE_OVERRIDE } from '../prop-schemas';

/** Your own price: a quote, a private agreement, or a newer list price. */
export interface PriceOverride {
  /** Name of the machine type, as the machine table writes it. */
  readonly machine: string;
  /** Purchase option of the price. */
  readonly market: PriceMarket;
  /** Price in USD per hour, for the whole machine. A spot price must be below the on-demand price. */
  readonly usdPerHour: number;
  /** Cloud of the machine. @default - the cloud of the plan or construct */
  readonly cloud?: Cloud;
  /** Region of the price. @default - every region */
  readonly region?: string;
  /** Day of the price, as `YYYY-MM-DD`. @default - the day of the plan, so that the price is never stale */
  readonly date?: string;
  /** Source of the price, for reports. @default given */
  readonly source?: string;
}

/** A price of the table or of a price file, to compare spot prices with. */
type OnDemandRow = Pick<PriceRow, 'machine' | 'region' | 'market' | 'usdPerHour'>;

/** Upper limit of a plausible price. The highest in the table is 27.04 (GB200 on Azure). */
const MAX_USD_PER_ACCELERATOR = 100;

/** A public catalog uses this value for unknown prices. */
const SENTINEL = 700;

/** Functions that look up machines in the tables. */
export interface KnownMachines {
  readonly acceleratorsOf: (machine: string) => number | undefined;
  /** Returns the name in the table that differs only in case. */
  readonly canonicalName: (price: PriceOverride) => string | undefined;
  readonly clouds: readonly Cloud[];
}

/** Adds a problem for each invalid price of the user. */
export function checkOverrides(
  problems: ProblemCollector,
  overrides: readonly PriceOverride[],
  priced: readonly OnDemandRow[],
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
    if (one.date !== undefined && !isDay(one.date)) {
      wrong(problems, `${prop}.date`, 'a day as YYYY-MM-DD', one.date, "Write the day as '2026-11-25'.");
    }
    const onDemand = one.market === 'spot' ? onDemandPrice(one, overrides, priced) : undefined;
    if (onDemand !== undefined && one.usdPerHour >= onDemand) {
      wrong(problems, `${prop}.usdPerHour`, `less than the on-demand price of ${onDemand} USD/h`, one.usdPerHour);
    }
  });
}

/** A name that differs from the table only in case would be ignored silently. Other names can belong to a service. */
function checkMachine(problems: ProblemCollector, prop: string, one: PriceOverride, { canonicalName, clouds }: KnownMachines): void {
  if (one.cloud !== undefined && !clouds.includes(one.cloud)) {
    wrong(problems, `${prop}.cloud`, `one of ${clouds.join(', ')}`, one.cloud, 'Leave it out to use the cloud of the construct.');
    return;
  }
  const name = canonicalName(one);
  if (name === undefined || name === one.machine) return;
  wrong(problems, `${prop}.machine`, `'${name}', as in the machine table`, one.machine, 'Use the name from the table.');
}

function checkAmount(problems: ProblemCollector, prop: string, one: PriceOverride, accelerators = 16): void {
  const { usdPerHour } = one;
  const max = MAX_USD_PER_ACCELERATOR * Math.max(1, accelerators);
  if (typeof usdPerHour === 'number' && usdPerHour > 0 && usdPerHour <= max && usdPerHour !== SENTINEL) return;
  const allowed =
    usdPerHour === SENTINEL
      ? `a price, not the ${SENTINEL} that a public catalog uses for unknown prices`
      : `greater than 0 and at most ${max} USD/h`;
  wrong(problems, `${prop}.usdPerHour`, allowed, usdPerHour);
}

/** Returns the on-demand price of the user for the machine and region, or else the highest in the table. */
function onDemandPrice(
  spot: PriceOverride,
  overrides: readonly PriceOverride[],
  priced: readonly OnDemandRow[],
): number | undefined {
  const override = overrides.find(
    (one) => one?.market === 'on-demand' && one.machine === spot.machine && one.region === spot.region,
  );
  if (override) return override.usdPerHour;
  const rows = priced.filter(
    (row) => row.market === 'on-demand' && row.machine === spot.machine && (spot.region ?? row.region) === row.region,
  );
  return rows.length > 0 ? Math.max(...rows.map((row) => row.usdPerHour)) : undefined;
}

const READ_LIST = 'Copy the price from the price list of the cloud.';

function wrong(problems: ProblemCollector, prop: string, allowed: string, got: unknown, fix = READ_LIST): void {
  problems.add({ code: 'PriceInvalid', prop, allowed, got, fix });
}

const OVERRIDE = objectOf(() => PRICE_OVERRIDE, 'a price { machine, market, usdPerHour }');

/** Options for `Prices.of`. */
export interface PricesOptions {
  /**
   * The day that prices are compared with, as `YYYY-MM-DD`. A price that is more than 90 days older is reported as stale.
   *
   * @default - the day of the newest price in the catalog
   */
  readonly asOf?: string;
}

/** Options for `Prices.fromFile`. */
export interface PricesFileOptions extends PricesOptions {
  /** Your own prices. They take precedence over the file. @default - none */
  readonly overrides?: readonly PriceOverride[];
}

/**
 * Prices that a plan uses: your own quotes, a price file, and the day that the age of a price is counted from. Prices that you
 * leave out come from the catalog.
 *
 * @example
 * ```ts
 * import { Prices } from 'ai-infra-constructs';
 *
 * const prices = Prices.of([{ machine: 'p5.48xlarge', market: 'on-demand', usdPerHour: 55.04 }], { asOf: '2026-11-25' });
 * ```
 */
export class Prices {
  /**
   * Your own prices. They take precedence over the catalog. Problems with machine names and amounts are reported by the plan or construct
   * that uses them.
   *
   * @throws AiInfraError if a price has a missing or wrong field, or with code `PriceQuery` if `asOf` is not a valid day
   */
  static of(prices: readonly PriceOverride[], options: PricesOptions = {}): Prices {
    assertProps({ prices, ...options }, { prices: required(listOf(OVERRIDE)), asOf: STRING });
    return new Prices(prices, [], options.asOf);
  }

  /**
   * The prices of a file that `ai-infra prices update` wrote. They take precedence over the catalog. The file is read now, and never fetched.
   *
   * @throws AiInfraError with code `PriceFile` if the file cannot be read or has another format
   *
   * @example
   * ```ts
   * import { Prices } from 'ai-infra-constructs';
   *
   * const prices = Prices.fromFile('prices.json', { asOf: '2026-11-25' });
   * ```
   */
  static fromFile(path: string, options: PricesFileOptions = {}): Prices {
    const props = { path: required(STRING), asOf: STRING, overrides: listOf(OVERRIDE) };
    assertProps({ path, ...options }, props);
    return new Prices(options.overrides ?? [], readPriceFile(path), options.asOf);
  }

  /** @internal Adds prices that a plan uses after those of the user, for example of a service that has its own price list. */
  static withListed(prices: Prices | undefined, listed: readonly ListedPrice[], asOf = prices?.asOf): Prices {
    return new Prices(prices?.overrides ?? [], [...(prices?.listed ?? []), ...listed], asOf);
  }

  /**
   * The prices of the catalog, as of a day.
   *
   * @throws AiInfraError with code `PriceQuery` if it is not a valid day
   */
  static asOf(day: string): Prices {
    return Prices.of([], { asOf: day });
  }

  /** Your own prices. */
  public readonly overrides: readonly PriceOverride[];
  /** The prices of a price file. */
  public readonly listed: readonly ListedPrice[];

  private constructor(
    overrides: readonly PriceOverride[],
    listed: readonly ListedPrice[],
    /** The day that the age of a price is counted from, as `YYYY-MM-DD`. @default - the day of the newest price in the catalog */
    public readonly asOf?: string,
  ) {
    this.overrides = Object.freeze([...overrides]);
    this.listed = Object.freeze([...listed]);
    if (asOf === undefined || isDay(asOf)) return;
    const fix = "Write the day as '2026-11-25'.";
    throw new AiInfraError([{ code: 'PriceQuery', prop: 'asOf', allowed: 'a day as YYYY-MM-DD', got: asOf, fix }]);
  }
}

brand(Prices, 'core.Prices');
