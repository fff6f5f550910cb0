import type { IConstruct } from 'constructs';
import { plansIn } from '../lib/core/cost-allocation';
import type { ReportAlternative } from '../lib/core/report/document';
import { workloadAlternatives } from '../lib/core/report/report-files';

/** The alternatives that the report lists for a construct. */
export function alternativesIn(construct: IConstruct): readonly ReportAlternative[] {
  const [one] = plansIn(construct, () => false);
  return workloadAlternatives(one!.workload!, one!.plan, one!);
}

/** What the alternatives buy, for example `aws on-demand`. */
export function offersIn(alternatives: readonly ReportAlternative[]): readonly string[] {
  return [...new Set(alternatives.map(({ cloud, market, region }) => `${cloud} ${market} ${region}`))].sort();
}
