import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Observation } from './fit/cross-validation';
import { trainingRuns } from './fit/data';
import { report } from './fit/report';
import { servingFitter, servingObservations } from './fit/serving';
import { rooflineTable, tableOf } from './fit/table';
import { trainingFitter, trainingObservations } from './fit/training';
import { fullRunsBy, fullRunTable } from './fit/full-runs';
import { fitWide, wideDeployments, wideTable } from './fit/wide';

const FOLDER = join(__dirname, '../lib/core/planning/catalog');

const SERVING_FILES = 'inference-runs.json and inference-runs-2.json';

/** The generated tables by file name. */
export function tables(): Record<string, string> {
  const training = trainingObservations();
  const serving = servingObservations();
  const trainingFit = report(training, trainingFitter);
  const servingFit = report(serving, servingFitter);
  return {
    'fitted-training.ts': tableOf(
      'FITTED_TRAINING',
      'training-runs.json and training-runs-2.json',
      training,
      trainingFit,
      maxAccelerators(training),
    ),
    'full-runs.ts': fullRunTable(fullRunsBy(trainingFit.fitted.coefficients)),
    'fitted-serving.ts': tableOf('FITTED_SERVING', SERVING_FILES, serving, servingFit, new Map()),
    'fitted-roofline.ts': rooflineTable(SERVING_FILES, servingFit),
    'fitted-wide.ts': wideTable(fitWide(wideDeployments(), servingFit.fitted.numbers!)),
  };
}

function maxAccelerators(rows: readonly Observation[]): Map<string, number> {
  const counts = new Map(trainingRuns().map(({ id, count }) => [id, count ?? 0]));
  const maxReplicas = new Map<string, number>();
  for (const row of rows)
    maxReplicas.set(row.class, Math.max(maxReplicas.get(row.class) ?? 0, counts.get(row.id) ?? 0));
  return maxReplicas;
}

if (require.main === module) {
  for (const [file, text] of Object.entries(tables())) writeFileSync(join(FOLDER, file), text);
}
