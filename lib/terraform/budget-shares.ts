import type { Problems } from '../core/errors';

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

/** Adds a problem where shares are none, or are named twice. */
export function checkShares(problems: Problems, props: BudgetShares): void {
  const shares = [props.actualPercent ?? ACTUAL_PERCENT, props.forecastPercent ?? FORECAST_PERCENT];
  if (shares.every((each) => new Set(each).size === each.length && each.every((percent) => percent > 0))) return;
  problems.add({
    code: 'BudgetInvalid',
    prop: 'actualPercent and forecastPercent',
    allowed: 'shares above 0, each named once',
    got: shares.flat(),
    fix: 'Keep those that someone acts on.',
  });
}
