import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis, type ISynthesisSession, Stage } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { keepPlan, type PlannedWorkload, plansIn } from '../../core/recorded-workload';
import type * as Files from '../../core/report/report-files';

/**
 * Records the plan of a construct. Synthesis writes a report with all plans of the cloud assembly. The synthesis hook is on a separate
 * child, because a construct supports only one hook and users can need it.
 */
export function recordWorkload(scope: Construct, workload: PlannedWorkload): void {
  keepPlan(scope, workload);
  attachCustomSynthesis(new Construct(scope, 'Plan'), {
    onSynthesize: (session: ISynthesisSession) => writeOnce(Stage.of(scope) ?? scope, session),
  });
}

const WRITTEN = new WeakSet();

/** The first workload in synthesis writes the report for all workloads: the construct tree is complete by then. */
function writeOnce(stage: IConstruct, { assembly, outdir }: ISynthesisSession): void {
  if (WRITTEN.has(assembly)) return;
  WRITTEN.add(assembly);
  const { reportFiles } = require('../../core/report/report-files') as typeof Files;
  // Nested stages have their own assemblies.
  const files = reportFiles(plansIn(stage, (part) => Stage.isStage(part)));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(outdir, name), text);
}
