import type { ReportWorkload } from './document';
import { dollars, estimate, time, times } from './format';
import { countsText } from './headline';
import { mainCost } from './totals';

/** What every report says of its figures. */
export const RANGE_NOTE =
  'A plan is an estimate. Ranges run from what is likely to what a quarter of comparable runs exceed.';

/** Columns of the table of workloads. */
export const OVERVIEW_COLUMNS = ['Workload', 'Machines', 'Time', 'Cost', 'Findings'] as const;

/** A workload as a row of text. */
export function overviewRow(workload: ReportWorkload): readonly string[] {
  const { title, topology, seconds, atLeastSeconds, costs, work, findings } = workload;
  const main = mainCost(costs);
  const cost = estimate(main?.usd, main?.atLeastUsd, dollars);
  return [
    title,
    topology ? times(topology.nodes.count, topology.nodes.machine) : '',
    estimate(seconds, atLeastSeconds, time),
    cost === '' ? 'not known' : `${cost}${work === 'serving' ? ' a month' : ''}`,
    countsText(findings),
  ];
}

/** The day of the prices as a sentence, where one is told. */
export function prices({ asOf }: { readonly asOf?: string }): string {
  return asOf === undefined ? '' : `Prices as of ${asOf}.`;
}
