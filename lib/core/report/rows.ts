import type { ReportAlternative, ReportCost, ReportFinding } from './document';
import { dollars, estimate, hourly, number, time, times } from './format';

/** Columns of the table of costs. */
export const COST_COLUMNS = ['Market', 'Cost', 'Machine-hour', 'Price'] as const;

/** A market as a row of text. */
export function costRow(cost: ReportCost): readonly string[] {
  const { market, usd, atLeastUsd, usdPerMillionTokens, usdPerMachineHour, reason = 'not known' } = cost;
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

/** An alternative as a row of text. */
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

/** A table without the columns that are empty throughout. */
export function withoutEmpty(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const kept = columns.map((_, at) => at).filter((at) => rows.some((row) => row[at] !== ''));
  return { columns: kept.map((at) => columns[at]!), rows: rows.map((row) => kept.map((at) => row[at]!)) };
}

const LEVELS = { contradiction: 'Contradiction', warning: 'Warning', info: 'Note' } as const;

/** The word for a level. */
export function levelName(level: ReportFinding['level']): string {
  return LEVELS[level];
}

function joined(parts: readonly (string | undefined)[], separator: string): string {
  return parts.filter((part) => part !== undefined && part !== '').join(separator);
}
