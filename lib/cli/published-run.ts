import { allMachines } from '../core/catalog/machines';
import { isKnown } from '../core/planning/time/run-classes';
import { chipIdOf } from './chip-names';

/** A row of a file, unchanged. */
export type Row = Readonly<Record<string, unknown>>;

/** Kind of published runs. */
export type RunKind = 'training' | 'serving';

/** A row with the names of the catalog, and the fields whose values are invalid. */
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

/** The fields that a prediction uses, and the check of each value. */
const FIELDS: Readonly<Record<RunKind, ReadonlyMap<string, (value: unknown) => boolean>>> = {
  training: new Map([
    ...BOTH,
    ...fieldsOf(isWord, 'kind', 'parallelism', 'release', 'network', 'flops'),
    ...fieldsOf(isKnown, 'tflopsPerChip', 'seqLen', 'heads'),
    ...fieldsOf(isKnown, 'globalBatchSeqs', 'globalBatchTokens', 'microBatch', 'tp', 'pp', 'cp', 'ep', 'vp'),
    ...fieldsOf((value) => isCountOrNought(value) || isFlag(value), 'fsdp'),
    ...fieldsOf((value) => isFlag(value) || isWord(value), 'activationCheckpointing'),
    ...fieldsOf(isFlag, 'dense'),
  ]),
  serving: new Map([
    ...BOTH,
    ...fieldsOf(isWord, 'scenario'),
    ...fieldsOf(
      isKnown,
      'concurrency',
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

const UNSET = new Set<unknown>([undefined, null, '']);

/** Reads a row. Keeps valid values, and fills missing values from the catalog. */
export function readRow(row: Row, kind: RunKind): ReadRow {
  const set = [...FIELDS[kind]].filter(([name]) => !UNSET.has(row[name]));
  const good = set.filter(([name, holds]) => holds(row[name]));
  const bad = set.filter(([name, holds]) => !holds(row[name]));
  const known: Row = Object.fromEntries(good.map(([name]) => [name, row[name]]));
  const fields = { ...known, ...ofMachine(known), ...ofNames(known, kind) };
  return {
    fields: { ...fields, ...(kind === 'training' ? fields.fsdp === true && { fsdp: 1 } : ofReplica(fields)) },
    ignored: bad.map(([name]) => name),
  };
}

/** Derives the chip and the count from other fields. */
function ofMachine({ chip, accelerator, acceleratorMemGB, instance, count }: Row): Row {
  const machine = isWord(instance) ? allMachines().find(({ name }) => name === instance) : undefined;
  const name = chip ?? accelerator;
  const id = chipIdOf([name, `${String(name)}-${String(acceleratorMemGB)}`, chip === undefined && machine?.chip]);
  return {
    ...(id !== undefined && { chip: id }),
    ...(count === undefined && machine && { count: machine.accelerators }),
  };
}

/** Converts the model and precision to the names of the catalog. */
function ofNames({ model, precision }: Row, kind: RunKind): Row {
  return {
    ...(isWord(model) && { model: bareName(model) }),
    ...(isWord(precision) && { precision: kind === 'serving' ? servedPrecision(precision) : usualName(precision) }),
  };
}

/** Returns the name of a model without its owner, and without suffixes for tuning or quantization. */
function bareName(model: string): string {
  return model.replace(/^[\w.-]+\/(?=\w)/, '').replace(/([-_ ](instruct|chat|hf|bf16|fp8|fp4|nvfp4))+$/i, '');
}

const usualName = (precision: string) => precision.replace(/bfloat16/i, 'bf16').replace(/float16/i, 'fp16');

/** Converts a serving precision. The exact 8-bit or 4-bit format matters less than in training. */
function servedPrecision(precision: string): string {
  const name = usualName(precision).toLowerCase();
  const found = ['fp4', 'fp8', 'bf16', 'fp16'].filter((one) => name.includes(one));
  return found.length === 1 ? found[0]! : name;
}

/** Derives the accelerators and tokens per second of a replica from other fields. */
function ofReplica({ chip, count, tp, pp = 1, dep, outputTokPerSec, outputTokPerSecPerChip }: Row): Row {
  // AWS chips have several cores, and tensor parallelism counts cores.
  const split = dep ?? (/^(Trainium|Inferentia)/.test(String(chip)) ? undefined : tp);
  const all = count ?? (isKnown(split) && isKnown(pp) ? split * pp : undefined);
  const perSecond =
    outputTokPerSec ?? (isKnown(outputTokPerSecPerChip) && isKnown(all) ? outputTokPerSecPerChip * all : undefined);
  return {
    ...(all !== undefined && { count: all }),
    ...(perSecond !== undefined && { outputTokPerSec: perSecond }),
  };
}
