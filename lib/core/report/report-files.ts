import { findingsOf } from '../findings';
import type { ConstructPlan } from '../recorded-workload';
import { workloadAlternatives } from './workload-alternatives';
import { filesOf, WorkloadReport } from './workload-report';

/** Returns one report of several plans, with the findings of their constructs, by file name. */
export function reportFiles(plans: readonly ConstructPlan[]): Readonly<Record<string, string>> {
  const report = WorkloadReport.of(
    plans.map(({ construct, plan, workload, prices }) => ({
      path: construct.node.path,
      plan,
      findings: findingsOf(construct),
      alternatives: workload && workloadAlternatives(workload, plan, { prices }),
    })),
  );
  return filesOf(report);
}
