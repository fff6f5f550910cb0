import { ModelSpec } from '../workload/model-spec';
import type { ModelShape } from './model-shape';
import { shapeOf } from './plan-model';
import { modelKey } from './run-classes';

let byKey: ReadonlyMap<string, ModelSpec> | undefined;

/** Models by the key of their name, longest first. Versions of one architecture share a key: the first of them stands for all. */
function models(): ReadonlyMap<string, ModelSpec> {
  byKey ??= new Map(
    ModelSpec.all
      .map((model) => [modelKey(model.name), model] as const)
      .reverse()
      .sort(([a], [b]) => b.length - a.length),
  );
  return byKey;
}

/** A name without its owner, and as the publisher writes what MLPerf calls `gptj-99` and `llama3_1-405b`. */
function withoutHabits(name: string): string {
  return name
    .replace(/^[\w.-]+\/(?=\w)/, '')
    .replace(/^meta[-_ ](?=llama)/i, '')
    .replace(/^(llama[-_ ]?\d)[-_](\d)(?=[-_ ]\d+b)/i, '$1.$2')
    .replace(/^gptj(?![-_ ]?6b)/i, 'gptj-6b');
}

/** What follows the name of a model where another is meant, smaller or of other parts. */
const ANOTHER = /distill|mini|lite|nano|tiny|vision|embed/;

/**
 * The model of the table that a publisher's name means: `DeepSeek-R1-0528` is `DeepSeek-R1`, `LLAMA3_70B` is Llama 3 70B,
 * `Qwen3-30B` is `Qwen3-30B-A3B`; `DeepSeek-R1-Distill-Llama-70B` is none of them.
 */
export function modelCalled(name: unknown): ModelSpec | undefined {
  if (typeof name !== 'string') return undefined;
  const key = modelKey(withoutHabits(name));
  const exact = models().get(key);
  if (exact) return exact;
  const keys = [...models().keys()];
  const start =
    keys.find((one) => key.startsWith(one) && !ANOTHER.test(key.slice(one.length))) ??
    keys.find((one) => /\db$/.test(key) && one.startsWith(key) && /^a\d/.test(one.slice(key.length)));
  return start === undefined ? undefined : models().get(start);
}

/** The shape of the model that a name means. */
export function shapeNamed(name: unknown): ModelShape | undefined {
  const model = modelCalled(name);
  return model && shapeOf(model);
}
