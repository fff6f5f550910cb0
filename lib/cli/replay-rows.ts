import { type Prediction, predictServing, predictTraining } from '../core/planning/predict';
import { UsageError } from './usage-error';

/** What published runs are of. */
export type RunKind = 'training' | 'serving';

/** A published run beside what the planner says of it. */
export interface ReplayedRow extends Prediction {
  readonly id: string;
  readonly suite: string;
}

type Row = Readonly<Record<string, unknown>>;

/** The rows of a file of published runs: `{ "rows": [ … ] }`, or the list alone. */
export function rowsOf(value: unknown, place: string): readonly Row[] {
  const rows: unknown =
    typeof value === 'object' && value !== null && 'rows' in value && !Array.isArray(value) ? value.rows : value;
  if (!Array.isArray(rows)) throw new UsageError(`${place}: must be an object with a list of rows, or a list`);
  if (rows.length === 0) throw new UsageError(`${place}: has no rows`);
  return rows.map((row: unknown) => (typeof row === 'object' && row !== null ? (row as Row) : {}));
}

/** Fields that rows of one kind have, and those of the other lack. */
const SIGNS = {
  training: ['tflopsPerChip', 'paramsB', 'seqLen', 'globalBatchSeqs'],
  serving: ['outputTokPerSec', 'isl', 'osl', 'batch'],
} as const;

/** Whether rows are of training or of serving, by the fields that most of them have. */
export function kindOf(rows: readonly Row[], place: string): RunKind {
  const count = (kind: RunKind) =>
    rows.filter((row) => SIGNS[kind].some((field) => typeof row[field] === 'number')).length;
  const [training, serving] = [count('training'), count('serving')];
  if (training + serving > 0) return training >= serving ? 'training' : 'serving';
  throw new UsageError(
    `${place}: no row has a field of training runs (${SIGNS.training.join(', ')}) or of serving runs (${SIGNS.serving.join(', ')})`,
  );
}

/** A row beside its prediction. */
export function replay(row: Row, kind: RunKind, at: number): ReplayedRow {
  const prediction = kind === 'training' ? predictTraining(row) : predictServing(row);
  return { id: textOf(row.id, `row ${at + 1}`), suite: textOf(row.suite, 'no suite'), ...prediction };
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
