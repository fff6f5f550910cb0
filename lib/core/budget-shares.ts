import type { ProblemCollector } from './errors';

/** Percentages of a budget that trigger a notification. */
export interface BudgetShares {
  /** Percentages of the actual spend. @default [50, 80, 100] */
  readonly actualPercent?: readonly number[];
  /** Percentages of the forecast for the month. @default [100] */
  readonly forecastPercent?: readonly number[];
}

/** Default percentages of this library, the same on every cloud. */
export const ACTUAL_PERCENT: readonly number[] = [50, 80, 100];
export const FORECAST_PERCENT: readonly number[] = [100];

/** Adds a problem if percentages are not positive, are listed twice, or exceed the number of notifications that the service supports. */
export function checkShares(problems: ProblemCollector, props: BudgetShares, max = Infinity): void {
  const shares = [props.actualPercent ?? ACTUAL_PERCENT, props.forecastPercent ?? FORECAST_PERCENT];
  const distinct = shares.every((each) => new Set(each).size === each.length);
  const all = shares.flat();
  if (distinct && all.every((percent) => percent > 0 && Number.isFinite(percent)) && all.length <= max) return;
  problems.add({
    code: 'BudgetInvalid',
    prop: 'actualPercent and forecastPercent',
    allowed: `percentages above 0 without duplicates${max < Infinity ? `, at most ${max} in total` : ''}`,
    got: all,
    fix: 'Keep the percentages that someone acts on.',
  });
}
