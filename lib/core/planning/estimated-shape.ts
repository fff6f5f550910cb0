import { ModelSpec } from '../workload/model-spec';
import { BYTES_PER_VALUE } from '../workload/precision';
import { isMixture, kvBytesPerToken, type ModelShape } from './model-shape';
import { type ModelSizes, sizesInName, sizesNamed } from './named-sizes';
import { shapeOf } from './plan-model';
import { isKnown } from './run-classes';

/** What a published row may tell of a model that the tables lack. */
export interface ModelTraits {
  readonly model?: unknown;
  /** Parameters in thousands of millions: all, and those that a token passes. */
  readonly paramsB?: unknown;
  readonly activeParamsB?: unknown;
  readonly layers?: unknown;
  readonly hidden?: unknown;
  readonly heads?: unknown;
}

/** Parameters, and how they became known where neither the row nor the tables have them. */
export interface EstimatedSizes extends ModelSizes {
  readonly estimate?: string;
}

/** A shape that was not read anywhere, and what it was told from. */
export interface EstimatedShape {
  readonly shape: ModelShape;
  /** In words, to stand beside whatever follows from it. */
  readonly estimate: string;
}

/** The sizes of a model: those of the row, of the tables, in its name, or those that layers of that width have. */
export function estimatedSizes(traits: ModelTraits & { readonly dense?: unknown }): EstimatedSizes {
  const { model, paramsB, activeParamsB, dense } = traits;
  const named = sizesNamed(model);
  const active = isKnown(activeParamsB) ? activeParamsB : dense === true ? undefined : named.activeParamsB;
  const passes = active === undefined ? {} : { activeParamsB: active };
  if (isKnown(paramsB)) return { paramsB, ...passes };
  if (named.paramsB === undefined) return { ...sizesOfLayers(traits), ...passes };
  const own = sizesInName(model).paramsB === named.paramsB;
  return { paramsB: named.paramsB, ...passes, ...(own && { estimate: `size told from the name '${String(model)}'` }) };
}

/** Parameters of a layer in squares of its width: four in attention, eight in the MLP; embeddings are left out. */
const SQUARES = 12;

function sizesOfLayers({ layers, hidden }: ModelTraits): EstimatedSizes {
  if (!isKnown(layers) || !isKnown(hidden)) return {};
  const paramsB = (SQUARES * layers * hidden ** 2) / 1e9;
  return { paramsB, estimate: `size estimated from ${layers} layers of width ${hidden}` };
}

/**
 * A shape for a model that the tables lack, between those of models about as large; absent where nothing tells its size.
 * What the row tells of the shape itself is kept.
 */
export function estimatedShape(traits: ModelTraits): EstimatedShape | undefined {
  const { paramsB, activeParamsB } = estimatedSizes(traits);
  if (!isKnown(paramsB) || paramsB > LARGEST_IN_BILLIONS) return undefined;
  const size = { parameters: paramsB * 1e9, active: Math.min(activeParamsB ?? paramsB, paramsB) * 1e9 };
  const between = weightedMean(size);
  const layers = countOr(
    traits.layers,
    between(({ layers: own }) => own),
  );
  const hidden = countOr(
    traits.hidden,
    between(({ hidden: own }) => own),
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

function countOr(told: unknown, otherwise: number): number {
  const value = isKnown(told) ? told : otherwise;
  return Math.max(1, Math.min(LARGEST, Math.round(value)));
}

/** Depth and width grow alike, each about as the cube root of the parameters that a token passes. */
const GROWTH = 1 / 3;
/** Within a tenth in size a model counts in full, further off ever less. */
const NEAR = 0.1;

/** The mean of a figure over the models of the tables, dense or mixtures, near ones before others, each grown to the size. */
function weightedMean(size: Size): (figure: (shape: ModelShape) => number, growth?: number) => number {
  const mixture = size.active < 0.9 * size.parameters;
  const models = ModelSpec.all.map(shapeOf).filter((shape) => isMixture(shape) === mixture);
  const weighed = models.map((shape) => {
    const active = shape.activeParameters ?? shape.parameters;
    const far = Math.log(size.active / active) ** 2 + Math.log(size.parameters / shape.parameters) ** 2;
    return { shape, times: size.active / active, weight: 1 / (far + NEAR ** 2) ** 2 };
  });
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return (figure, growth = GROWTH) => {
    const logs = weighed.map(({ shape, times, weight }) => weight * Math.log(figure(shape) * times ** growth));
    return Math.exp(logs.reduce((sum, log) => sum + log, 0) / total);
  };
}
