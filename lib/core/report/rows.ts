import type { ReportAlternative, ReportCost, ReportFinding } from './document';
import { dollars, estimate, hourly, number, time, times } from './format';

/** Columns of the cost table. */
export const COST_COLUMNS = ['Market', 'Cost', 'Machine-hour', 'Price'] as const;

/** Returns a market as a table row. */
export function costRow(cost: ReportCost): readonly string[] {
  const { market, usd, atLeastUsd, usdPerMillionTokens, usdPerMachineHour, reason = 'unknown' } = cost;
  const amount = estimate(usd, atLeastUsd, dollars);
  const perTokens = usdPerMillionTokens === undefined ? '' : `, $${number(usdPerMillionTokens)} per million tokens`;
  return [
    market,
    amount === '' ? reason : amount + perTokens,
    usdPerMachineHour === undefined ? '' : hourly(usdPerMachineHour),
    joined([cost.source, cost.priceDate, cost.stale ? 'stale' : undefined], ', '),
  ];
}

/** Columns of the table of alternatives. */
export const ALTERNATIVE_COLUMNS = ['Machines', 'Where', 'Market', 'Time', 'Cost', 'Evidence', 'Layout'] as const;

/** Returns an alternative as a table row. */
export function alternativeRow(one: ReportAlternative): readonly string[] {
  return [
    one.machines === undefined ? one.machine : times(one.machines, one.machine),
    joined([one.cloud, one.region], ' '),
    one.market ?? '',
    estimate(one.seconds, one.atLeastSeconds, time),
    estimate(one.usd, one.atLeastUsd, dollars),
    one.evidence,
    one.reason ?? one.layout ?? '',
  ];
}

/** Returns a table without its empty columns. */
export function withoutEmpty(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const kept = columns.map((_, at) => at).filter((at) => rows.some((row) => row[at] !== ''));
  return { columns: kept.map((at) => columns[at]!), rows: rows.map((row) => kept.map((at) => row[at]!)) };
}

const LEVELS = { contradiction: 'Contradiction', warning: 'Warning', info: 'Note' } as const;

/** Returns the label of a level. */
export function levelName(level: ReportFinding['level']): string {
  return LEVELS[level];
}

function joined(parts: readonly (string | undefined)[], separator: string): string {
  return parts.filter((part) => part !== undefined && part !== '').join(separator);
}
