import { AiInfraError } from '../errors';
import { assertProps, brand, listOf, objectOf, required, STRING } from '../prop-schema';
import { isDay, type PriceOverride } from './price-override';
import { PRICE_OVERRIDE } from "../prop-schemas";

/** Options for `Prices.of`. */
export interface PricesOptions {
  /**
   * The day that prices are compared with, as `YYYY-MM-DD`. A price that is more than 90 days older is reported as stale.
   *
   * @default - the day of the newest price in the catalog
   */
  readonly asOf?: string;
}

/**
 * Prices that a plan uses: your own quotes, and the day that the age of a price is counted from. Prices that you leave out come from the
 * catalog.
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
    const price = objectOf(() => PRICE_OVERRIDE, 'a price { machine, market, usdPerHour }');
    assertProps({ prices, ...options }, { prices: required(listOf(price)), asOf: STRING });
    return new Prices(prices, options.asOf);
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

  private constructor(
    overrides: readonly PriceOverride[],
    /** The day that the age of a price is counted from, as `YYYY-MM-DD`. @default - the day of the newest price in the catalog */
    public readonly asOf?: string,
  ) {
    this.overrides = Object.freeze([...overrides]);
    if (asOf === undefined || isDay(asOf)) return;
    const fix = "Write the day as '2026-11-25'.";
    throw new AiInfraError([{ code: 'PriceQuery', prop: 'asOf', allowed: 'a day as YYYY-MM-DD', got: asOf, fix }]);
  }
}

brand(Prices, 'core.Prices');
