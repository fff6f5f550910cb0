import { ModelSpec } from '../workload/model-spec';
import type { ModelShape } from './memory/model-shape';
import { shapeOf } from './plan';
import { modelKey } from './time/run-classes';

let byKey: ReadonlyMap<string, ModelSpec> | undefined;

/** Returns the models by the key of their name, longest first. Versions of one architecture share a key, which maps to the first of them. */
function models(): ReadonlyMap<string, ModelSpec> {
  byKey ??= new Map(
    ModelSpec.all
      .map((model) => [modelKey(model.name), model] as const)
      .reverse()
      .sort(([a], [b]) => b.length - a.length),
  );
  return byKey;
}

/** Removes the owner from a name, and replaces the names of MLPerf, for example `gptj-99` and `llama3_1-405b`. */
function normalizeName(name: string): string {
  return name
    .replace(/^[\w.-]+\/(?=\w)/, '')
    .replace(/^meta[-_ ](?=llama)/i, '')
    .replace(/^(llama[-_ ]?\d)[-_](\d)(?=[-_ ]\d+b)/i, '$1.$2')
    .replace(/^gptj(?![-_ ]?6b)/i, 'gptj-6b');
}

/** Suffixes that denote another model, which is smaller or has other parts. */
const OTHER_MODEL = /distill|mini|lite|nano|tiny|vision|embed/;

/**
 * Returns the model in the table with a publisher's name. `DeepSeek-R1-0528` is `DeepSeek-R1`, `LLAMA3_70B` is Llama 3 70B, and
 * `Qwen3-30B` is `Qwen3-30B-A3B`. `DeepSeek-R1-Distill-Llama-70B` is not in the table.
 */
export function modelByAlias(name: unknown): ModelSpec | undefined {
  if (typeof name !== 'string') return undefined;
  const key = modelKey(normalizeName(name));
  const exact = models().get(key);
  if (exact) return exact;
  const keys = [...models().keys()];
  const start =
    keys.find((one) => key.startsWith(one) && !OTHER_MODEL.test(key.slice(one.length))) ??
    keys.find((one) => /\db$/.test(key) && one.startsWith(key) && /^a\d/.test(one.slice(key.length)));
  return start === undefined ? undefined : models().get(start);
}

/** Returns the shape of the model with a publisher's name. */
export function shapeNamed(name: unknown): ModelShape | undefined {
  const model = modelByAlias(name);
  return model && shapeOf(model);
}
