import type { Problem, ProblemCollector } from '../errors';
import { countParameters, totalParameters } from './model-parameters';
import type { LatentAttention, MixtureOfExperts, ModelShape } from './model-shape';

/** Relative difference allowed between a stated size and the shape. Publishers round to two digits, and differ on which small parts they count. */
export const STATED_TOLERANCE = 0.03;

/** Adds a problem for each invalid value in the shape of a model. */
export function checkShape(problems: ProblemCollector, shape: ModelShape): void {
  if (typeof shape !== 'object' || shape === null) {
    problems.add(invalid('model', 'an object with name, layers, hidden, heads and vocabulary', shape));
    return;
  }
  const before = problems.all.length;
  if (typeof shape.name !== 'string' || shape.name === '') problems.add(invalid('name', 'a string', shape.name));
  for (const prop of ['layers', 'hidden', 'heads', 'vocabulary'] as const) checkCount(problems, prop, shape[prop]);
  for (const prop of ['kvHeads', 'headDim', 'intermediate', 'contextLength'] as const) {
    if (shape[prop] !== undefined) checkCount(problems, prop, shape[prop]);
  }
  if (shape.globalLayers !== undefined) checkCount(problems, 'globalLayers', shape.globalLayers);
  const { publishedWeightBytes: published } = shape;
  if (published !== undefined && !(typeof published === 'number' && published >= 0.1 && published < 2)) {
    problems.add(invalid('publishedWeightBytes', 'at least 0.1 and less than 2, the size in bf16', published));
  }
  if (shape.positions !== undefined) checkCount(problems, 'positions', shape.positions, 0);
  for (const prop of ['gatedMlp', 'tiedEmbeddings'] as const) {
    const value: unknown = shape[prop];
    if (value !== undefined && typeof value !== 'boolean') problems.add(invalid(prop, 'true or false', value));
  }
  if (shape.moe !== undefined) checkExperts(problems.within('moe'), shape.moe, shape.layers);
  if (shape.mla !== undefined) checkLatent(problems.within('mla'), shape.mla);
  if (problems.all.length > before) return;
  const { layers, globalLayers = layers } = shape;
  if (globalLayers > layers) {
    problems.add(invalid('globalLayers', `at most ${layers}, the layers of the model`, globalLayers));
  }
  checkHeads(problems, shape);
  checkMlp(problems, shape);
  if (problems.all.length === before) checkDeclared(problems, shape);
}

function checkHeads(problems: ProblemCollector, { hidden, heads, kvHeads = heads, headDim, mla }: ModelShape): void {
  if (headDim === undefined && mla === undefined && hidden % heads !== 0) {
    problems.add(invalid('heads', `a divisor of the hidden size ${hidden}, unless headDim is set`, heads));
  }
  if (heads % kvHeads !== 0) problems.add(invalid('kvHeads', `a divisor of the ${heads} heads`, kvHeads));
}

function checkMlp(problems: ProblemCollector, { layers, intermediate, moe }: ModelShape): void {
  const dense = layers - (moe ? (moe.layers ?? layers) : 0);
  if (dense > 0 && intermediate === undefined) {
    problems.add(invalid('intermediate', `a whole number, because ${dense} layers have a dense MLP`, intermediate));
  }
}

function checkExperts(problems: ProblemCollector, moe: MixtureOfExperts, layers: number): void {
  if (typeof moe !== 'object' || moe === null) {
    problems.add(
      invalid('experts', 'a whole number, in an object with experts, activeExperts and expertIntermediate', moe),
    );
    return;
  }
  const { experts, activeExperts, expertIntermediate, sharedExperts, layers: moeLayers } = moe;
  checkCount(problems, 'experts', experts);
  checkCount(problems, 'activeExperts', activeExperts);
  checkCount(problems, 'expertIntermediate', expertIntermediate);
  if (sharedExperts !== undefined) checkCount(problems, 'sharedExperts', sharedExperts, 0);
  if (activeExperts > experts)
    problems.add(invalid('activeExperts', `at most ${experts}, the experts of a layer`, activeExperts));
  if (moeLayers === undefined) return;
  checkCount(problems, 'layers', moeLayers);
  if (moeLayers > layers) problems.add(invalid('layers', `at most ${layers}, the layers of the model`, moeLayers));
}

function checkLatent(problems: ProblemCollector, mla: LatentAttention): void {
  if (typeof mla !== 'object' || mla === null) {
    problems.add(invalid('kvLoraRank', 'a whole number, in an object with the ranks and head dimensions', mla));
    return;
  }
  for (const prop of ['kvLoraRank', 'qkNopeHeadDim', 'qkRopeHeadDim', 'vHeadDim'] as const) {
    checkCount(problems, prop, mla[prop]);
  }
  if (mla.qLoraRank !== undefined) checkCount(problems, 'qLoraRank', mla.qLoraRank);
}

/** Checks a stated size against the shape. Sources differ on whether the input embedding counts as active. */
function checkDeclared(problems: ProblemCollector, shape: ModelShape): void {
  const { statedParameters, statedActiveParameters, hidden, vocabulary } = shape;
  const count = countParameters(shape);
  const total = totalParameters(count);
  const active = total - count.idleExperts;
  const stated = (prop: string, got: unknown, low: number, high: number) => {
    if (got === undefined || (typeof got === 'number' && got >= low && got <= high)) return;
    problems.add(invalid(prop, `from ${round(low)} to ${round(high)}, calculated from the shape`, got));
  };
  const lowest = 1 - STATED_TOLERANCE;
  const highest = 1 + STATED_TOLERANCE;
  stated('statedParameters', statedParameters, total * lowest, total * highest);
  stated('statedActiveParameters', statedActiveParameters, (active - vocabulary * hidden) * lowest, active * highest);
}

function checkCount(problems: ProblemCollector, prop: string, value: unknown, min = 1): void {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= MAX) return;
  problems.add(invalid(prop, `a whole number from ${min} to ${MAX}`, value));
}

/** Larger than any dimension of a model, and small enough that no product overflows. */
const MAX = 1e9;

function invalid(prop: string, allowed: string, got: unknown): Problem {
  return { code: 'ModelInvalid', prop, allowed, got, fix: 'Copy the shape from the configuration of the model.' };
}

function round(parameters: number): string {
  return `${(parameters / 1e9).toPrecision(4)}e9`;
}
