import { allMachines } from '../core/catalog/machines';
import { isKnown } from '../core/planning/run-classes';
import { chipIdOf } from './chip-names';
import { bareName } from './replay-model-name';

/** A row of a file, as it was written. */
export type Row = Readonly<Record<string, unknown>>;

/** What published runs are of. */
export type RunKind = 'training' | 'serving';

/** A row in the terms of the tables, and the names of those fields whose values say nothing. */
export interface ReadRow {
  readonly fields: Row;
  readonly ignored: readonly string[];
}

const isWord = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isFlag = (value: unknown) => typeof value === 'boolean';
const isCountOrNought = (value: unknown) => isKnown(value) || value === 0;

const fieldsOf = (holds: (value: unknown) => boolean, ...names: readonly string[]) =>
  names.map((name) => [name, holds] as const);
const BOTH = [
  ...fieldsOf(isWord, 'chip', 'accelerator', 'instance', 'precision', 'model', 'suite'),
  ...fieldsOf(isKnown, 'count', 'acceleratorMemGB', 'paramsB', 'activeParamsB', 'layers', 'hidden'),
];

/** Fields that a prediction reads, and what each may hold. */
const FIELDS: Readonly<Record<RunKind, ReadonlyMap<string, (value: unknown) => boolean>>> = {
  training: new Map([
    ...BOTH,
    ...fieldsOf(isWord, 'kind', 'parallelism', 'release', 'network'),
    ...fieldsOf(isKnown, 'tflopsPerChip', 'seqLen'),
    ...fieldsOf(isKnown, 'globalBatchSeqs', 'globalBatchTokens', 'microBatch', 'tp', 'pp', 'cp', 'ep', 'vp'),
    ...fieldsOf((value) => isCountOrNought(value) || isFlag(value), 'fsdp'),
    ...fieldsOf((value) => isFlag(value) || isWord(value), 'activationCheckpointing'),
    ...fieldsOf(isFlag, 'dense'),
  ]),
  serving: new Map([
    ...BOTH,
    ...fieldsOf(
      isKnown,
      'outputTokPerSec',
      'outputTokPerSecPerChip',
      'isl',
      'osl',
      'batch',
      'tp',
      'pp',
      'dep',
      'heads',
    ),
  ]),
};

const NOTHING = new Set<unknown>([undefined, null, '']);

/** Reads a row: keeps what makes sense, and takes from the tables what it does not tell and they know. */
export function readRow(row: Row, kind: RunKind): ReadRow {
  const told = [...FIELDS[kind]].filter(([name]) => !NOTHING.has(row[name]));
  const good = told.filter(([name, holds]) => holds(row[name]));
  const bad = told.filter(([name, holds]) => !holds(row[name]));
  const known: Row = Object.fromEntries(good.map(([name]) => [name, row[name]]));
  const fields = { ...known, ...ofMachine(known), ...ofNames(known, kind) };
  return {
    fields: { ...fields, ...(kind === 'training' ? fields.fsdp === true && { fsdp: 1 } : ofReplica(fields)) },
    ignored: bad.map(([name]) => name),
  };
}

/** Chip and count, where another field tells them. */
function ofMachine({ chip, accelerator, acceleratorMemGB, instance, count }: Row): Row {
  const machine = isWord(instance) ? allMachines().find(({ name }) => name === instance) : undefined;
  const name = chip ?? accelerator;
  const id = chipIdOf([name, `${String(name)}-${String(acceleratorMemGB)}`, chip === undefined && machine?.chip]);
  return {
    ...(id !== undefined && { chip: id }),
    ...(count === undefined && machine && { count: machine.accelerators }),
  };
}

/** A model and a precision by the names that the tables know. */
function ofNames({ model, precision }: Row, kind: RunKind): Row {
  return {
    ...(isWord(model) && { model: bareName(model) }),
    ...(isWord(precision) && { precision: kind === 'serving' ? servedPrecision(precision) : usualName(precision) }),
  };
}

const usualName = (precision: string) => precision.replace(/bfloat16/i, 'bf16').replace(/float16/i, 'fp16');

/** What serves: the format of 8 or 4 bits does not matter as it does in training. */
function servedPrecision(precision: string): string {
  const name = usualName(precision).toLowerCase();
  const found = ['fp4', 'fp8', 'bf16', 'fp16'].filter((one) => name.includes(one));
  return found.length === 1 ? found[0]! : name;
}

/** Accelerators of a replica, and its tokens a second, where other fields tell them. */
function ofReplica({ chip, count, tp, pp = 1, dep, outputTokPerSec, outputTokPerSecPerChip }: Row): Row {
  // What splits a model on AWS's own chips is their cores, of which a chip has several.
  const split = dep ?? (/^(Trainium|Inferentia)/.test(String(chip)) ? undefined : tp);
  const all = count ?? (isKnown(split) && isKnown(pp) ? split * pp : undefined);
  const perSecond =
    outputTokPerSec ?? (isKnown(outputTokPerSecPerChip) && isKnown(all) ? outputTokPerSecPerChip * all : undefined);
  return {
    ...(all !== undefined && { count: all }),
    ...(perSecond !== undefined && { outputTokPerSec: perSecond }),
  };
}
