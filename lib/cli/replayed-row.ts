import { estimatedShape, estimatedSizes } from '../core/planning/memory/estimated-shape';
import { chipNamed } from '../core/planning/named-chip';
import { shapeNamed } from '../core/planning/named-model';
import { type Prediction, predictServing, predictTraining } from '../core/planning/time/predict';
import { isKnown, precisionClass, precisionName } from '../core/planning/time/run-classes';
import { unknownChip } from './chip-names';
import { UsageError } from './exit';
import { readRow, type Row, type RunKind } from './published-run';

/** A published run and its prediction. */
export interface ReplayedRow extends Prediction {
  readonly id: string;
  readonly suite: string;
  readonly kind: RunKind;
  /** Fields with invalid values, which the prediction ignores. */
  readonly ignored?: readonly string[];
}

/** Returns the rows of a file with published runs: `{ "rows": [ … ] }`, or a list. */
export function rowsOf(value: unknown, place: string): readonly Row[] {
  const rows: unknown =
    typeof value === 'object' && value !== null && 'rows' in value && !Array.isArray(value) ? value.rows : value;
  if (!Array.isArray(rows)) throw new UsageError(`${place}: must be a list, or an object with a list of rows`);
  if (rows.length === 0) throw new UsageError(`${place}: has no rows`);
  return rows.map((row: unknown) => (typeof row === 'object' && row !== null ? (row as Row) : {}));
}

/** Fields that only one kind of run has. */
const SIGNS: Readonly<Record<RunKind, readonly string[]>> = {
  training: ['tflopsPerChip', 'paramsB', 'seqLen', 'globalBatchSeqs'],
  serving: ['outputTokPerSec', 'outputTokPerSecPerChip', 'isl', 'osl'],
};

/** Derives the kind of each row from its fields. An ambiguous row gets the kind of the majority. */
export function kindsOf(rows: readonly Row[], place: string): readonly RunKind[] {
  const kinds = rows.map(kindOf);
  const count = (kind: RunKind) => kinds.filter((one) => one === kind).length;
  const [training, serving] = [count('training'), count('serving')];
  if (training + serving === 0) {
    throw new UsageError(
      `${place}: no row has fields of training runs (${SIGNS.training.join(', ')}) or of serving runs (${SIGNS.serving.join(', ')})`,
    );
  }
  const max = training >= serving ? 'training' : 'serving';
  return kinds.map((kind) => kind ?? max);
}

function kindOf(row: Row): RunKind | undefined {
  const signs = (kind: RunKind) => SIGNS[kind].filter((field) => row[field] !== undefined).length;
  const [training, serving] = [signs('training'), signs('serving')];
  if (training === serving) return undefined;
  return training > serving ? 'training' : 'serving';
}

/** Returns a row with its prediction, or with the reason why it has none. */
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

/** Returns whether a prediction is based on published runs of its class. */
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

/** Returns whether the row is a mixture of experts with an unknown number of active parameters. */
function isOfUnknownMixture(fields: Row): boolean {
  return fields.dense === false && estimatedSizes(fields).activeParamsB === undefined;
}

/** Returns why a row has no prediction: the first missing field, or the missing catalog value. */
function whyNot(row: Row, fields: Row, kind: RunKind): string {
  const chip = fields.chip ?? row.chip ?? row.accelerator;
  if (typeof chip !== 'string') return missing('chip', 'the name of a chip', chip);
  if (!chipNamed(chip)) return unknownChip(chip);
  return (kind === 'training' ? whyNotTrained(row, fields) : whyNotServed(row, fields)) ?? withoutPeak(chip, fields);
}

function whyNotTrained(row: Row, fields: Row): string | undefined {
  if (!isKnown(estimatedSizes(fields).paramsB))
    return missing('paramsB', 'a number above 0, the model parameters in billions', row.paramsB);
  if (!isOfUnknownMixture(fields)) return undefined;
  return missing(
    'activeParamsB',
    'a number above 0, the active parameters per token in billions, because the model is not dense',
    row.activeParamsB,
  );
}

function whyNotServed(row: Row, fields: Row): string | undefined {
  const { model } = fields;
  if (!shapeNamed(model) && !estimatedShape(fields)) {
    return typeof model === 'string'
      ? `the catalog has no model '${model}', and neither its name nor the row (paramsB, or layers and hidden) gives its size`
      : missing('model', 'the name of a model', row.model);
  }
  const count = ['count', 'isl', 'osl'].find((field) => !isKnown(fields[field]) || fields[field] < 1);
  return count === undefined ? undefined : missing(count, 'a number of at least 1', row[count]);
}

function withoutPeak(chip: string, { precision }: Row): string {
  const name = precisionClass(precision as string | undefined);
  return name === undefined
    ? `no published run has precision '${String(precision)}'`
    : `the catalog has no peak for ${chip} in ${name}`;
}

function missing(field: string, what: string, got: unknown): string {
  return got === undefined || got === null
    ? `${field} is missing: it must be ${what}`
    : `${field} must be ${what} (got ${shown(got)})`;
}

const MAX_SHOWN = 40;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
