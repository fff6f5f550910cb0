import { ModelSpec } from '../workload/model-spec';
import { isMixture } from './model-shape';
import { shapeNamed } from './named-model';

/** Parameters in billions, as far as they are known. */
export interface ModelSizes {
  readonly paramsB?: number;
  /** Parameters that process each token, for a mixture of experts. */
  readonly activeParamsB?: number;
}

/** Returns the sizes of a model in the table, or else the sizes in the name. */
export function sizesNamed(name: unknown): ModelSizes {
  const shape = shapeNamed(name);
  if (!shape) return sizesInName(name);
  const { parameters, activeParameters = parameters } = shape;
  return { paramsB: parameters / 1e9, ...(isMixture(shape) && { activeParamsB: activeParameters / 1e9 }) };
}

const BILLIONS = { m: 1e-3, b: 1, t: 1e3 } as const;
const SIZE = /(?<![a-z\d.])(\d+(?:\.\d+)?)([mbt])(?![a-z\d])/i;
const ACTIVE = /(?<![a-z\d])a(\d+(?:\.\d+)?)b(?![a-z\d])/i;
const EXPERTS = /(?<![a-z\d.])(\d+)x(\d+(?:\.\d+)?)b(?![a-z\d])/i;

/** Returns the sizes in a name: `Foo-13B`, `Foo-30B-A3B`, `Foo-8x7B`, `Foo-500M`. */
export function sizesInName(name: unknown): ModelSizes {
  if (typeof name !== 'string') return {};
  const [, experts, each] = EXPERTS.exec(name) ?? [];
  if (experts !== undefined && each !== undefined) return sizesOfExperts(Number(experts) * Number(each));
  const [, all, unit] = SIZE.exec(name) ?? [];
  const [, active] = ACTIVE.exec(name) ?? [];
  const factor = BILLIONS[(unit?.toLowerCase() ?? 'b') as keyof typeof BILLIONS];
  return {
    ...(all !== undefined && Number(all) > 0 && { paramsB: Number(all) * factor }),
    ...(active !== undefined && Number(active) > 0 && { activeParamsB: Number(active) }),
  };
}

/** Estimates a model like `8x7B` from such models in the table. Experts share everything except their MLPs, so models are smaller than the product. */
function sizesOfExperts(product: number): ModelSizes {
  const alike = ModelSpec.all.flatMap(({ name, parameters, activeParameters }) => {
    const [, experts, each] = EXPERTS.exec(name) ?? [];
    return experts === undefined ? [] : [{ product: Number(experts) * Number(each), parameters, activeParameters }];
  });
  const share = (of: (model: (typeof alike)[number]) => number) =>
    alike.reduce((sum, model) => sum + of(model) / (model.product * 1e9), 0) / alike.length;
  if (!(product > 0)) return {};
  return {
    paramsB: product * share(({ parameters }) => parameters),
    activeParamsB: product * share(({ activeParameters }) => activeParameters),
  };
}
