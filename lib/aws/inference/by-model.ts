import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { nearest } from '../../core/nearest';

/** What an endpoint has for each of its models, by their names, the first one first. */
export type ByModel<T> = Readonly<Record<string, T>>;

/** Makes something for each model. */
export function byModel<M extends { readonly name: string }, T>(
  models: readonly M[],
  make: (model: M, index: number) => T,
): ByModel<T> {
  return Object.fromEntries(models.map((model, index) => [model.name, make(model, index)]));
}

/** What belongs to the model of that name, or to the first one. */
export function ofModel<T>(scope: Construct, all: ByModel<T>, name = Object.keys(all)[0]!): T {
  const found = Object.hasOwn(all, name) ? all[name] : undefined;
  if (found !== undefined) return found;
  const problems = new Problems();
  const names = Object.keys(all);
  problems.add({
    code: 'ServedModels',
    prop: 'model',
    allowed: `one of ${names.join(', ')}`,
    got: name,
    fix: `Name a model of the endpoint, e.g. ${nearest(name, names, 1)[0] ?? names[0]}.`,
  });
  problems.throwIfAny(scope);
  return found!;
}
