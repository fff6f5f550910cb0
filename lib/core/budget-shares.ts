import type { Problems } from './errors';

/** Shares of a budget at which someone is told, in percent. */
export interface BudgetShares {
  /** Of actual spend. */
  readonly actualPercent?: readonly number[];
  /** Of the month's forecast. */
  readonly forecastPercent?: readonly number[];
}

/** This library's own choice, the same on every cloud. */
export const ACTUAL_PERCENT: readonly number[] = [50, 80, 100];
export const FORECAST_PERCENT: readonly number[] = [100];

/** Adds a problem where shares are none, are named twice, or are more than the service tells of. */
export function checkShares(problems: Problems, props: BudgetShares, most = Infinity): void {
  const shares = [props.actualPercent ?? ACTUAL_PERCENT, props.forecastPercent ?? FORECAST_PERCENT];
  const distinct = shares.every((each) => new Set(each).size === each.length);
  const all = shares.flat();
  if (distinct && all.every((percent) => percent > 0 && Number.isFinite(percent)) && all.length <= most) return;
  problems.add({
    code: 'BudgetInvalid',
    prop: 'actualPercent and forecastPercent',
    allowed: `shares above 0, each named once${most < Infinity ? `, and at most ${most} in all` : ''}`,
    got: all,
    fix: 'Keep those that someone acts on.',
  });
}
