import { findingsOf } from '../findings';
import type { ConstructPlan } from '../recorded-workload';
import { workloadAlternatives } from './workload-alternatives';
import { WorkloadReport } from './workload-report';

/** Name of a report's files, without what they end in. */
const NAME = 'ai-infra-report';

/** One report of the plans of some constructs, with all that was recorded below these: text by file name. */
export function reportFiles(plans: readonly ConstructPlan[]): Readonly<Record<string, string>> {
  const report = WorkloadReport.of(
    plans.map(({ construct, plan, workload, prices }) => ({
      path: construct.node.path,
      plan,
      findings: findingsOf(construct),
      alternatives: workload && workloadAlternatives(workload, plan, { asOf: plan.asOf, priceOverrides: prices }),
    })),
  );
  return { [`${NAME}.json`]: report.toJson(), [`${NAME}.md`]: report.toMarkdown(), [`${NAME}.html`]: report.toHtml() };
}
