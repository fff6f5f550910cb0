import { ModelSpec, BYTES_PER_VALUE } from '../../workload/model-spec';
import { isMixture, kvBytesPerToken, type ModelShape } from './model-shape';
import { shapeOf } from '../plan';
import { isKnown } from '../time/run-classes';
import { shapeNamed } from '../named-model';

/** Properties of a model that is not in the table, in a published row. */
export interface ModelTraits {
  readonly model?: unknown;
  /** Parameters in billions: all, and those that process each token. */
  readonly paramsB?: unknown;
  readonly activeParamsB?: unknown;
  readonly layers?: unknown;
  readonly hidden?: unknown;
  readonly heads?: unknown;
}

/** Parameters, and how they were estimated if neither the row nor the table has them. */
export interface EstimatedSizes extends ModelSizes {
  readonly estimate?: string;
}

/** An estimated shape. */
export interface EstimatedShape {
  readonly shape: ModelShape;
  /** How it was estimated, for the text of a prediction. */
  readonly estimate: string;
}

/** Returns the sizes of a model: from the row, the table, the name, or the number and width of its layers. */
export function estimatedSizes(traits: ModelTraits & { readonly dense?: unknown }): EstimatedSizes {
  const { model, paramsB, activeParamsB, dense } = traits;
  const named = sizesNamed(model);
  const active = isKnown(activeParamsB) ? activeParamsB : dense === true ? undefined : named.activeParamsB;
  const activeSize = active === undefined ? {} : { activeParamsB: active };
  if (isKnown(paramsB)) return { paramsB, ...activeSize };
  if (named.paramsB === undefined) return { ...sizesOfLayers(traits), ...activeSize };
  const fromName = sizesInName(model).paramsB === named.paramsB;
  const estimate = fromName && { estimate: `size from the name '${String(model)}'` };
  return { paramsB: named.paramsB, ...activeSize, ...estimate };
}

/** Parameters of a layer, divided by its width squared: 4 in attention and 8 in the MLP. Embeddings are left out. */
const SQUARES = 12;

function sizesOfLayers({ layers, hidden }: ModelTraits): EstimatedSizes {
  if (!isKnown(layers) || !isKnown(hidden)) return {};
  const paramsB = (SQUARES * layers * hidden ** 2) / 1e9;
  return { paramsB, estimate: `size estimated from ${layers} layers of width ${hidden}` };
}

/**
 * Estimates the shape of a model that is not in the table, from models of about the same size. Values in the row stay. Returns
 * `undefined` if the size is unknown.
 */
export function estimatedShape(traits: ModelTraits): EstimatedShape | undefined {
  const { paramsB, activeParamsB } = estimatedSizes(traits);
  if (!isKnown(paramsB) || paramsB > LARGEST_IN_BILLIONS) return undefined;
  const size = { parameters: paramsB * 1e9, active: Math.min(activeParamsB ?? paramsB, paramsB) * 1e9 };
  const between = weightedMean(size);
  const layers = countOr(
    traits.layers,
    between((model) => model.layers),
  );
  const hidden = countOr(
    traits.hidden,
    between((model) => model.hidden),
  );
  const heads = countOr(traits.heads, hidden / HEAD_DIM);
  const headDim = isKnown(traits.heads) ? countOr(undefined, hidden / heads) : HEAD_DIM;
  const kvHeads = between(kvBytesPerToken) / (2 * layers * headDim * BYTES_PER_VALUE.bf16);
  const shape: ModelShape = {
    layers,
    hidden,
    heads,
    headDim,
    kvHeads: Math.min(heads, countOr(undefined, kvHeads)),
    vocabulary: countOr(
      undefined,
      between(({ vocabulary }) => vocabulary, 0),
    ),
    parameters: size.parameters,
    activeParameters: size.active,
  };
  return { shape, estimate: `shape estimated from ${inWords(size)} parameters` };
}

const HEAD_DIM = 128;
const LARGEST = 1e9;
const LARGEST_IN_BILLIONS = 1e6;

interface Size {
  readonly parameters: number;
  readonly active: number;
}

function inWords({ parameters, active }: Size): string {
  const billions = (count: number) => Number((count / 1e9).toPrecision(3));
  return active < parameters ? `${billions(parameters)} B, ${billions(active)} B active` : `${billions(parameters)} B`;
}

function countOr(known: unknown, otherwise: number): number {
  const value = isKnown(known) ? known : otherwise;
  return Math.max(1, Math.min(LARGEST, Math.round(value)));
}

/** Depth and width each grow with about the cube root of the active parameters. */
const GROWTH = 1 / 3;
/** A model within a tenth of the size has full weight. The weight decreases with distance. */
const NEAR = 0.1;

/** Returns the weighted mean of a figure over the models of the same kind in the table, scaled to the size. */
function weightedMean(size: Size): (figure: (shape: ModelShape) => number, growth?: number) => number {
  const mixture = size.active < 0.9 * size.parameters;
  const models = ModelSpec.all.map(shapeOf).filter((shape) => isMixture(shape) === mixture);
  const weighed = models.map((shape) => {
    const active = shape.activeParameters ?? shape.parameters;
    const distance = Math.log(size.active / active) ** 2 + Math.log(size.parameters / shape.parameters) ** 2;
    return { shape, times: size.active / active, weight: 1 / (distance + NEAR ** 2) ** 2 };
  });
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return (figure, growth = GROWTH) => {
    const logs = weighed.map(({ shape, times, weight }) => weight * Math.log(figure(shape) * times ** growth));
    return Math.exp(logs.reduce((sum, log) => sum + log, 0) / total);
  };
}

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
