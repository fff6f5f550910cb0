import { dollars, duration, range, times } from '../format';
import type { Option, Options } from '../planning/options';
import type { ReportAlternative } from './document';
import { ofRange } from './from-plan';
import { htmlTable } from './html-table';

const MAX_ALTERNATIVES = 8;

/** Returns the best alternatives to a plan: one per machine and market, without the machine of the plan, at most `max`. */
export function alternativesOf(
  { ranked }: Options,
  own: { readonly cloud: string; readonly machine: string },
  max = MAX_ALTERNATIVES,
): readonly ReportAlternative[] {
  const seen = new Set<string>();
  const best = ranked.filter(({ cloud, machine, market, wideExperts }) => {
    const key = `${cloud} ${machine} ${market} ${wideExperts}`;
    const fresh = !seen.has(key) && !(cloud === own.cloud && machine === own.machine);
    seen.add(key);
    return fresh;
  });
  return best.slice(0, max).map(alternativeOf);
}

/** Converts an option to an alternative of a report. */
export function alternativeOf(option: Option): ReportAlternative {
  const { cloud, machine, nodes, region, market, layout, evidence, seconds, usd, priceRegion } = option;
  return {
    cloud,
    machine,
    machines: nodes,
    region,
    ...(priceRegion !== undefined && { priceRegion }),
    market,
    layout,
    evidence,
    ...(seconds && { seconds: ofRange(seconds) }),
    ...(usd && { usd: ofRange(usd) }),
  };
}

/** Columns of the table of alternatives. */
export const ALTERNATIVE_COLUMNS = ['Machines', 'Where', 'Market', 'Time', 'Cost', 'Evidence', 'Layout'] as const;

/** Returns the columns of a table of alternatives. The cost of serving is that of a month. */
export function alternativeColumns(alternatives: readonly { readonly seconds?: unknown }[]): readonly string[] {
  const serves = alternatives.length > 0 && alternatives.every(({ seconds }) => seconds === undefined);
  return ALTERNATIVE_COLUMNS.map((name) => (serves && name === 'Cost' ? 'Cost per month' : name));
}

/** Returns an alternative as a table row. */
export function alternativeRow(one: ReportAlternative): readonly string[] {
  return [
    one.machines === undefined ? one.machine : times(one.machines, one.machine),
    [one.cloud, one.region, one.priceRegion && `(price of ${one.priceRegion})`].filter(Boolean).join(' '),
    one.market ?? '',
    one.seconds ? range(one.seconds, duration) : '',
    one.usd ? range(one.usd, dollars) : '',
    one.evidence,
    one.reason ?? one.layout ?? '',
  ];
}

/** Returns alternatives as a table without its empty columns. */
export function alternativeTable(alternatives: readonly ReportAlternative[]): {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
} {
  const rows = alternatives.map(alternativeRow);
  const kept = ALTERNATIVE_COLUMNS.map((_, at) => at).filter((at) => rows.some((row) => row[at] !== ''));
  return {
    columns: kept.map((at) => alternativeColumns(alternatives)[at]!),
    rows: rows.map((row) => kept.map((at) => row[at]!)),
  };
}

/** Returns alternatives as a table of the page. */
export function alternativesHtml(alternatives: readonly ReportAlternative[]): string {
  const { columns, rows } = alternativeTable(alternatives);
  const heads = columns.map((name) => ({ name, ...(UNBROKEN.has(name) ? { kind: 'short' as const } : {}) }));
  return htmlTable(
    'Alternatives',
    heads,
    rows.map((cells) => ({ cells })),
  );
}

/** Columns whose cells stay on one line. */
const UNBROKEN: ReadonlySet<string> = new Set(['Market', 'Time', 'Cost', 'Cost per month']);
