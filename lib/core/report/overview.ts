import type { ReportWorkload } from './document';
import { dollars, estimate, time, times } from './format';
import { countsText } from './headline';
import { mainCost } from './totals';

/** The note about ranges in every report. */
export const RANGE_NOTE =
  'A plan is an estimate. A range starts at the likely value and ends at the value that a quarter of comparable runs exceed.';

/** Columns of the workload table. */
export const OVERVIEW_COLUMNS = ['Workload', 'Machines', 'Time', 'Cost', 'Findings'] as const;

/** Returns a workload as a table row. */
export function overviewRow(workload: ReportWorkload): readonly string[] {
  const { title, topology, seconds, atLeastSeconds, costs, work, findings } = workload;
  const main = mainCost(costs);
  const cost = estimate(main?.usd, main?.atLeastUsd, dollars);
  return [
    title,
    topology ? times(topology.nodes.count, topology.nodes.machine) : '',
    estimate(seconds, atLeastSeconds, time),
    cost === '' ? 'unknown' : `${cost}${work === 'serving' ? ' per month' : ''}`,
    countsText(findings),
  ];
}

/** Returns the date of the prices as a sentence, if there is one. */
export function prices({ asOf }: { readonly asOf?: string }): string {
  return asOf === undefined ? '' : `Prices as of ${asOf}.`;
}
