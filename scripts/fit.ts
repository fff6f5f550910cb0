import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Observation } from './fit/cross-validation';
import { trainingRuns } from './fit/data';
import { report } from './fit/report';
import { servingObservations, servingPenalty } from './fit/serving';
import { tableOf } from './fit/table';
import { trainingObservations, trainingPenalty } from './fit/training';

const FOLDER = join(__dirname, '../lib/core/planning/catalog');

/** The generated tables by file name. */
export function tables(): Record<string, string> {
  const training = trainingObservations();
  const serving = servingObservations();
  const trainingFit = report(training, trainingPenalty);
  const servingFit = report(serving, servingPenalty);
  return {
    'fitted-training.ts': tableOf(
      'FITTED_TRAINING',
      'training-runs.json',
      training,
      trainingFit,
      mostAccelerators(training),
    ),
    'fitted-serving.ts': tableOf('FITTED_SERVING', 'inference-runs.json', serving, servingFit, new Map()),
  };
}

function mostAccelerators(rows: readonly Observation[]): Map<string, number> {
  const counts = new Map(trainingRuns().map(({ id, count }) => [id, count ?? 0]));
  const most = new Map<string, number>();
  for (const row of rows) most.set(row.class, Math.max(most.get(row.class) ?? 0, counts.get(row.id) ?? 0));
  return most;
}

if (require.main === module) {
  for (const [file, text] of Object.entries(tables())) writeFileSync(join(FOLDER, file), text);
}
