import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachCustomSynthesis, type ISynthesisSession, Stage, Stack, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { keepPlan, type PlannedWorkload, plansIn } from '../../core/cost-allocation';
import type * as Files from '../../core/report/report-files';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import type { TrainingPlan } from '../../core/planning/plan-training';
import type { Capacity } from '../capacity/capacity';
import { record } from '../template/findings';

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

/** Records the findings of the price that a plan uses. */
export function recordPriceFindings(
  scope: IConstruct,
  { cluster: { region }, costs }: ServingPlan | TrainingPlan,
  { market }: Capacity,
): void {
  const price = [...costs].find(({ chosen }) => chosen)?.price;
  if (!price) return;
  if (Token.isUnresolved(Stack.of(scope).region) && region !== undefined) {
    record(scope, {
      id: 'cost/region',
      level: 'info',
      message: `The region is known only at deployment, so the plan uses prices of ${region}.`,
      fix: 'Set env.region of the stack.',
      evidence: price.source,
    });
  }
  // The table has prices for terms of years, but a block lasts days.
  if (market !== 'capacity-block' || price.termYears === undefined) return;
  record(scope, {
    id: 'cost/price',
    level: 'warning',
    message: `The plan uses the price of a commitment of ${price.termYears} years, but a capacity block is paid up front.`,
    fix: "Set the hourly price of the block in prices, with market 'committed'.",
    evidence: price.source,
  });
}
