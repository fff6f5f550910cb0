/** Arithmetic of the matrix products, as far as rates differ by it. */
export type PrecisionClass = 'bf16' | 'fp8' | 'fp4' | 'mixed';

/** The class of a precision as publishers write it: `amp_bf16` and `fp16` are `bf16`, `MXFP8` and
 * `int8` are `fp8`. @default bf16 */
export function precisionClass(precision: string | undefined): PrecisionClass | undefined {
  const name = precisionName(precision);
  if (name.includes('fp8') && name.includes('fp4')) return 'mixed';
  if (name.includes('fp4')) return 'fp4';
  if (name.includes('fp8') || name.includes('int8')) return 'fp8';
  if (name.includes('bf16') || name.includes('fp16')) return 'bf16';
  return undefined;
}

/** A precision as it is compared; what is no name has none. @default bf16 */
export function precisionName(precision: string | undefined = 'bf16'): string {
  if (typeof precision !== 'string') return '';
  return precision
    .toLowerCase()
    .replace(/bfloat16/, 'bf16')
    .replace(/float(?=(4|8|16)\b)/, 'fp');
}

/** What is trained. */
export type TrainingKind = 'pretrain' | 'lora' | 'sft';

/** The kind of training that a row's own word for it means. */
export function trainingKind(kind: string | undefined): TrainingKind {
  const name = typeof kind === 'string' ? kind.toLowerCase() : '';
  if (name.includes('lora')) return 'lora';
  return name.includes('sft') ? 'sft' : 'pretrain';
}

/**
 * A model's name without what publishers vary: `LLAMA3_70B`, `Llama-3.1-70B` and `llama 3 70b` are one model.
 * Versions of one architecture (Llama 3, 3.1, 3.3) run alike and fall together; so do runs with and without an option
 * in brackets.
 */
export function modelKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/\([^)]*\)/g, '')
    .replace(/lora/g, '')
    .replace(/(llama[-_ ]?[23])\.\d/g, '$1')
    .replace(/[^a-z0-9.]/g, '');
}

/** Chips of one generation scale alike. */
export function generation(chip: string): 'blackwell' | 'earlier' {
  return /B[23]00$/.test(chip) ? 'blackwell' : 'earlier';
}

const SMALLEST = 1e-9;
const LARGEST = 1e15;

/** Whether a value is a number that a feature can be made of. */
export function isKnown(value: unknown): value is number {
  return typeof value === 'number' && value >= SMALLEST && value <= LARGEST;
}

/** Whether a value is a text that says something: a row of a file may hold anything. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

const MOST_DOUBLINGS = 7;

/** Binary logarithm about a typical value, within 128 times of it either way: further out nothing was measured. */
export function doublings(value: number, typical: number): number {
  return Math.max(-MOST_DOUBLINGS, Math.min(MOST_DOUBLINGS, Math.log2(value / typical)));
}

/** Features by name: what a fitted model weighs. An absent one counts as nought. */
export type FeatureList = readonly (readonly [name: string, value: number])[];

/** One feature of value 1 for each name. */
export function categories(names: readonly string[]): FeatureList {
  return names.map((name) => [name, 1] as const);
}
