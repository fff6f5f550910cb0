import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { nearest } from '../../core/nearest';

/** A value for each model of an endpoint, by model name, the first model first. */
export type PerModel<T> = Readonly<Record<string, T>>;

/** Creates a value for each model. */
export function byModel<M extends { readonly name: string }, T>(
  models: readonly M[],
  make: (model: M, index: number) => T,
): PerModel<T> {
  return Object.fromEntries(models.map((model, index) => [model.name, make(model, index)]));
}

/** Returns the value for a model, or for the first one. */
export function ofModel<T>(scope: Construct, all: PerModel<T>, name = Object.keys(all)[0]): T {
  const found = name !== undefined && Object.hasOwn(all, name) ? all[name] : undefined;
  if (found !== undefined) return found;
  const problems = new ProblemCollector();
  const names = Object.keys(all);
  if (names.length === 0) {
    problems.add({
      code: 'ValueMissing',
      prop: 'variantNames',
      allowed: 'set for metrics, which SageMaker publishes by variant or by inference component',
      got: undefined,
      fix: 'Pass `variantNames` or `inferenceComponentNames` to InferenceEndpoint.fromInferenceEndpointAttributes.',
    });
    problems.throwIfAny(scope);
  }
  problems.add({
    code: 'ServedModels',
    prop: 'model',
    allowed: `one of ${names.join(', ')}`,
    got: name,
    fix: `Use the name of a model of the endpoint, for example ${nearest(name ?? '', names, 1)[0] ?? names[0]}.`,
  });
  problems.throwIfAny(scope);
  return found!;
}
