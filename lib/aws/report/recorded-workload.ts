import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis, type ISynthesisSession, Stage } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { keepPlan, type PlannedWorkload, plansIn } from '../../core/recorded-workload';
import type * as Files from '../../core/report/report-files';

/**
 * Records the plan of a construct, so that a report of all plans of the assembly is written at its synthesis. The hook is on a child
 * of its own: a construct takes one, which its user may want.
 */
export function recordWorkload(scope: Construct, workload: PlannedWorkload): void {
  keepPlan(scope, workload);
  attachCustomSynthesis(new Construct(scope, 'Plan'), {
    onSynthesize: (session: ISynthesisSession) => writeOnce(Stage.of(scope) ?? scope, session),
  });
}

const WRITTEN = new WeakSet();

/** The first workload of an assembly that is synthesized writes for all: by then the tree is whole. */
function writeOnce(stage: IConstruct, { assembly, outdir }: ISynthesisSession): void {
  if (WRITTEN.has(assembly)) return;
  WRITTEN.add(assembly);
  const { reportFiles } = require('../../core/report/report-files') as typeof Files;
  // Stages within the stage have assemblies of their own.
  const files = reportFiles(plansIn(stage, (part) => Stage.isStage(part)));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(outdir, name), text);
}
