/** Precision of the matrix products, in classes with different rates. */
export type PrecisionClass = 'bf16' | 'fp8' | 'fp4' | 'mixed';

/** Returns the class of a publisher's name of a precision: `amp_bf16` and `fp16` are `bf16`, `MXFP8` and `int8` are `fp8`. @default bf16 */
export function precisionClass(precision: string | undefined): PrecisionClass | undefined {
  const name = precisionName(precision);
  if (name.includes('fp8') && name.includes('fp4')) return 'mixed';
  if (name.includes('fp4')) return 'fp4';
  if (name.includes('fp8') || name.includes('int8')) return 'fp8';
  if (name.includes('bf16') || name.includes('fp16')) return 'bf16';
  return undefined;
}

/** Normalizes the name of a precision. Returns an empty string for other types. @default bf16 */
export function precisionName(precision: string | undefined = 'bf16'): string {
  if (typeof precision !== 'string') return '';
  return precision
    .toLowerCase()
    .replace(/bfloat16/, 'bf16')
    .replace(/float(?=(4|8|16)\b)/, 'fp');
}

/** Kind of training in published rows. */
export type TrainingKind = 'pretrain' | 'lora' | 'sft';

/** Returns the kind of training for the value in a row. */
export function trainingKind(kind: string | undefined): TrainingKind {
  const name = typeof kind === 'string' ? kind.toLowerCase() : '';
  if (name.includes('lora')) return 'lora';
  return name.includes('sft') ? 'sft' : 'pretrain';
}

/**
 * Normalizes the name of a model: `LLAMA3_70B`, `Llama-3.1-70B` and `llama 3 70b` are the same model. Versions of one architecture (Llama 3,
 * 3.1, 3.3) have the same rates and the same key. Text in brackets is ignored.
 */
export function modelKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/\([^)]*\)/g, '')
    .replace(/lora/g, '')
    .replace(/(llama[-_ ]?[23])\.\d/g, '$1')
    .replace(/[^a-z0-9.]/g, '');
}

/** Returns the generation of a chip for features that only differ on Blackwell. */
export function generation(chip: string): 'blackwell' | 'earlier' {
  return /B[23]00$/.test(chip) ? 'blackwell' : 'earlier';
}

/** Generation of a chip. Chips of one generation have the same architecture and software. */
export type ChipGeneration =
  'ampere' | 'ada' | 'hopper' | 'blackwell' | 'cdna3' | 'cdna4' | 'tpu' | 'neuron' | 'earlier';

const GENERATIONS: readonly (readonly [RegExp, ChipGeneration])[] = [
  [/B[23]00$|BLACKWELL|^RTXPRO/, 'blackwell'],
  [/^H\d|HOPPER/, 'hopper'],
  [/^A\d/, 'ampere'],
  [/^L\d/, 'ada'],
  [/^MI3[0-2]/, 'cdna3'],
  [/^MI35/, 'cdna4'],
  [/^TPU/, 'tpu'],
  [/^(Trainium|Inferentia)/, 'neuron'],
];

/** Returns the generation of a chip. */
export function chipGeneration(chip: string): ChipGeneration {
  return GENERATIONS.find(([pattern]) => pattern.test(chip))?.[1] ?? 'earlier';
}

/** Training software, by how it compiles and splits the model. */
export type TrainingStack = 'xla' | 'neuron' | 'megatron' | 'mlperf' | 'fsdp' | 'unknown';

const STACK_NAMES: readonly (readonly [RegExp, TrainingStack])[] = [
  [/maxtext|levanter|tpu/, 'xla'],
  [/neuron/, 'neuron'],
  [/mlperf/, 'mlperf'],
  [/megatron|nemo|dgxc|mbridge/, 'megatron'],
  [/mosaic|foundry|torchtitan|colossal|fsdp|litgpt|accelerate|axolotl/, 'fsdp'],
];

interface StackTraits {
  readonly chip: string;
  readonly suite?: string;
  readonly parallelism?: string;
  readonly tp?: number;
  readonly pp?: number;
}

/** Returns the software of a run: from its suite, its chip, or how the model is split. */
export function trainingStack({ chip, suite, parallelism, tp, pp }: StackTraits): TrainingStack {
  const era = chipGeneration(chip);
  if (era === 'tpu') return 'xla';
  if (era === 'neuron') return 'neuron';
  const name = isText(suite) ? suite.toLowerCase() : '';
  const named = STACK_NAMES.find(([pattern]) => pattern.test(name))?.[1];
  if (named !== undefined) return named;
  if (isText(parallelism) && /fsdp|zero/i.test(parallelism)) return 'fsdp';
  return (isKnown(tp) && tp > 1) || (isKnown(pp) && pp > 1) ? 'megatron' : 'unknown';
}

/** Returns `moe` if only a part of the model processes each token. */
export function modelKind({
  activeParamsB,
  paramsB,
}: {
  readonly activeParamsB?: number;
  readonly paramsB: number;
}): 'moe' | 'dense' {
  return isKnown(activeParamsB) && activeParamsB < 0.9 * paramsB ? 'moe' : 'dense';
}

const SMALLEST = 1e-9;
const LARGEST = 1e15;

/** Returns whether a value is a number that can be used in a feature. */
export function isKnown(value: unknown): value is number {
  return typeof value === 'number' && value >= SMALLEST && value <= LARGEST;
}

/** Returns whether a value is a string that is not empty. A row of a file can contain anything. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

const MAX_DOUBLINGS = 7;

/** Returns the binary logarithm relative to a typical value, limited to a factor of 128. No measurement is further away. */
export function doublings(value: number, typical: number): number {
  return Math.max(-MAX_DOUBLINGS, Math.min(MAX_DOUBLINGS, Math.log2(value / typical)));
}

/** Features of a fitted model, by name. A missing feature counts as 0. */
export type FeatureList = readonly (readonly [name: string, value: number])[];

/** Returns a feature with the value 1 for each name. */
export function categories(names: readonly string[]): FeatureList {
  return names.map((name) => [name, 1] as const);
}
