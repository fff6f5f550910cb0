import { type Prediction, predictServing, predictTraining } from '../core/planning/predict';
import { precisionName } from '../core/planning/run-classes';
import { readRow, type Row, type RunKind } from './replay-fields';
import { isOfUnknownMixture, whyNot } from './replay-reasons';
import { UsageError } from './usage-error';

/** A published run beside what the planner says of it. */
export interface ReplayedRow extends Prediction {
  readonly id: string;
  readonly suite: string;
  readonly kind: RunKind;
  /** Fields whose values say nothing, so that the prediction knows no more than if they were absent. */
  readonly ignored?: readonly string[];
}

/** The rows of a file of published runs: `{ "rows": [ … ] }`, or the list alone. */
export function rowsOf(value: unknown, place: string): readonly Row[] {
  const rows: unknown =
    typeof value === 'object' && value !== null && 'rows' in value && !Array.isArray(value) ? value.rows : value;
  if (!Array.isArray(rows)) throw new UsageError(`${place}: must be an object with a list of rows, or a list`);
  if (rows.length === 0) throw new UsageError(`${place}: has no rows`);
  return rows.map((row: unknown) => (typeof row === 'object' && row !== null ? (row as Row) : {}));
}

/** Fields that rows of one kind have, and those of the other lack. */
const SIGNS: Readonly<Record<RunKind, readonly string[]>> = {
  training: ['tflopsPerChip', 'paramsB', 'seqLen', 'globalBatchSeqs'],
  serving: ['outputTokPerSec', 'outputTokPerSecPerChip', 'isl', 'osl'],
};

/** What each row is of, by the fields that it has; a row that has of neither, or of both alike, is as most others are. */
export function kindsOf(rows: readonly Row[], place: string): readonly RunKind[] {
  const kinds = rows.map(kindOf);
  const count = (kind: RunKind) => kinds.filter((one) => one === kind).length;
  const [training, serving] = [count('training'), count('serving')];
  if (training + serving === 0) {
    throw new UsageError(
      `${place}: no row has a field of training runs (${SIGNS.training.join(', ')}) or of serving runs (${SIGNS.serving.join(', ')})`,
    );
  }
  const most = training >= serving ? 'training' : 'serving';
  return kinds.map((kind) => kind ?? most);
}

function kindOf(row: Row): RunKind | undefined {
  const signs = (kind: RunKind) => SIGNS[kind].filter((field) => row[field] !== undefined).length;
  const [training, serving] = [signs('training'), signs('serving')];
  if (training === serving) return undefined;
  return training > serving ? 'training' : 'serving';
}

/** A row beside its prediction, or why it has none. */
export function replay(row: Row, kind: RunKind, at: number): ReplayedRow {
  const { fields, ignored } = readRow(row, kind);
  const prediction = predict(fields, kind);
  return {
    id: textOf(row.id, `row ${at + 1}`),
    suite: textOf(row.suite, 'no suite'),
    kind,
    ...prediction,
    ...(prediction.predicted === undefined && {
      reason: prediction.class === undefined ? whyNot(row, fields, kind) : prediction.reason,
    }),
    ...(ignored.length > 0 && { ignored }),
  };
}

function predict(fields: Row, kind: RunKind): Prediction {
  if (kind === 'training') return predictTraining(isOfUnknownMixture(fields) ? pick(fields, 'tflopsPerChip') : fields);
  const stated = predictServing(fields);
  if (isOfRuns(stated) || stated.class === undefined) return stated;
  const alike = TWINS[precisionName(fields.precision as string | undefined)];
  const other = alike === undefined ? undefined : predictServing({ ...fields, precision: alike });
  return other && isOfRuns(other) ? other : stated;
}

/** Whether published runs of its class stand behind a prediction. */
function isOfRuns({ evidence }: Prediction): boolean {
  return evidence === 'measured' || evidence === 'modelled';
}

/** Precisions of the same size and speed. */
const TWINS: Readonly<Record<string, string>> = { bf16: 'fp16', fp16: 'bf16' };

function pick(fields: Row, name: string): Row {
  return { [name]: fields[name] };
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
