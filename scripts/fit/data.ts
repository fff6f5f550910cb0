import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServingRun } from '../../lib/core/planning/serving-run';
import type { TrainingRun } from '../../lib/core/planning/training-run';

const VARIABLE = 'AI_INFRA_DATA';

export interface PublishedTraining extends TrainingRun {
  readonly id: string;
  readonly kind: string;
  readonly model: string;
  readonly suite: string;
  readonly tflopsPerChip: number;
}

export interface PublishedServing extends ServingRun {
  readonly id: string;
  readonly suite: string;
  readonly outputTokPerSec: number;
}

/** Rows of published steps of training. Full runs include hours without steps. */
export function trainingRuns(): PublishedTraining[] {
  return allTraining().filter(({ kind }) => kind !== WHOLE);
}

/** Rows of full training runs. */
export function fullRuns(): PublishedTraining[] {
  return allTraining().filter(({ kind }) => kind === WHOLE);
}

const WHOLE = 'full-run';

function allTraining(): PublishedTraining[] {
  return rowsOf('training-runs.json') as PublishedTraining[];
}

/** Rows of published serving runs with a throughput. */
export function servingRuns(): PublishedServing[] {
  return (rowsOf('inference-runs.json') as PublishedServing[]).filter((row) => row.outputTokPerSec !== undefined);
}

function rowsOf(file: string): object[] {
  const folder = process.env[VARIABLE];
  if (!folder) throw new Error(`set ${VARIABLE} to the folder that holds training-runs.json and inference-runs.json`);
  const { rows } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { rows: object[] };
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)));
}
