import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ISynthesisSession } from 'cdktf';
import type { Construct } from 'constructs';
import { keepPlan, type PlannedWorkload, plansIn } from '../core/cost-allocation';
import type * as Files from '../core/report/report-files';
import { atSynthesis } from './stack-files';

/** Records the plan of a construct. Synthesis writes a report of all plans of the app to the output folder. */
export function recordWorkload(scope: Construct, workload: PlannedWorkload): void {
  keepPlan(scope, workload);
  atSynthesis(scope, 'Plan', (session) => {
    writeOnce(scope, session);
  });
}

const WRITTEN = new WeakSet();

/** The first workload writes the report for the whole app, whose construct tree is complete at synthesis. */
function writeOnce(scope: Construct, session: ISynthesisSession): void {
  if (WRITTEN.has(session)) return;
  WRITTEN.add(session);
  const { reportFiles } = require('../core/report/report-files') as typeof Files;
  const files = reportFiles(plansIn(scope.node.root, () => false));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(session.outdir, name), text);
}
