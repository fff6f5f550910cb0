import type { Problem, Problems } from '../errors';
import { countParameters, totalParameters } from './model-parameters';
import type { LatentAttention, MixtureOfExperts, ModelShape } from './model-shape';

/** How far a stated size may be from the shape's: publishers round to two digits, and leave out or count in small parts. */
export const STATED_TOLERANCE = 0.03;

/** What is impossible about the shape of a model. */
export function checkShape(problems: Problems, shape: ModelShape): void {
  if (typeof shape !== 'object' || shape === null) {
    problems.add(invalid('model', 'the shape of a model: { name, layers, hidden, heads, … }', shape));
    return;
  }
  const before = problems.all.length;
  if (typeof shape.name !== 'string' || shape.name === '') problems.add(invalid('name', 'a name', shape.name));
  for (const prop of ['layers', 'hidden', 'heads', 'vocabulary'] as const) checkCount(problems, prop, shape[prop]);
  for (const prop of ['kvHeads', 'headDim', 'intermediate', 'contextLength'] as const) {
    if (shape[prop] !== undefined) checkCount(problems, prop, shape[prop]);
  }
  if (shape.globalLayers !== undefined) checkCount(problems, 'globalLayers', shape.globalLayers);
  const { publishedWeightBytes: published } = shape;
  if (published !== undefined && !(typeof published === 'number' && published >= 0.1 && published < 2)) {
    problems.add(invalid('publishedWeightBytes', 'from 0.1 to less than the 2 of bf16', published));
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
    problems.add(invalid('globalLayers', `at most the ${layers} layers of the model`, globalLayers));
  }
  checkHeads(problems, shape);
  checkMlp(problems, shape);
  if (problems.all.length === before) checkStated(problems, shape);
}

function checkHeads(problems: Problems, { hidden, heads, kvHeads = heads, headDim, mla }: ModelShape): void {
  if (headDim === undefined && mla === undefined && hidden % heads !== 0) {
    problems.add(invalid('heads', `a divisor of the hidden size ${hidden}, or stand beside headDim`, heads));
  }
  if (heads % kvHeads !== 0) problems.add(invalid('kvHeads', `a divisor of the ${heads} heads`, kvHeads));
}

function checkMlp(problems: Problems, { layers, intermediate, moe }: ModelShape): void {
  const dense = layers - (moe ? (moe.layers ?? layers) : 0);
  if (dense > 0 && intermediate === undefined) {
    problems.add(invalid('intermediate', `given, as ${dense} layers have a dense MLP`, intermediate));
  }
}

function checkExperts(problems: Problems, moe: MixtureOfExperts, layers: number): void {
  if (typeof moe !== 'object' || moe === null) {
    problems.add(invalid('experts', 'a number of experts', moe));
    return;
  }
  const { experts, activeExperts, expertIntermediate, sharedExperts, layers: moeLayers } = moe;
  checkCount(problems, 'experts', experts);
  checkCount(problems, 'activeExperts', activeExperts);
  checkCount(problems, 'expertIntermediate', expertIntermediate);
  if (sharedExperts !== undefined) checkCount(problems, 'sharedExperts', sharedExperts, 0);
  if (activeExperts > experts) problems.add(invalid('activeExperts', `at most the ${experts} experts`, activeExperts));
  if (moeLayers === undefined) return;
  checkCount(problems, 'layers', moeLayers);
  if (moeLayers > layers) problems.add(invalid('layers', `at most the ${layers} layers of the model`, moeLayers));
}

function checkLatent(problems: Problems, mla: LatentAttention): void {
  if (typeof mla !== 'object' || mla === null) {
    problems.add(invalid('kvLoraRank', 'the rank of the latent', mla));
    return;
  }
  for (const prop of ['kvLoraRank', 'qkNopeHeadDim', 'qkRopeHeadDim', 'vHeadDim'] as const) {
    checkCount(problems, prop, mla[prop]);
  }
  if (mla.qLoraRank !== undefined) checkCount(problems, 'qLoraRank', mla.qLoraRank);
}

/** A stated size must be what the shape gives. Sources differ on whether the input embedding counts as active. */
function checkStated(problems: Problems, shape: ModelShape): void {
  const { statedParameters, statedActiveParameters, hidden, vocabulary } = shape;
  const count = countParameters(shape);
  const total = totalParameters(count);
  const active = total - count.idleExperts;
  const stated = (prop: string, got: unknown, low: number, high: number) => {
    if (got === undefined || (typeof got === 'number' && got >= low && got <= high)) return;
    problems.add(invalid(prop, `from ${round(low)} to ${round(high)}, which the shape gives`, got));
  };
  const lowest = 1 - STATED_TOLERANCE;
  const highest = 1 + STATED_TOLERANCE;
  stated('statedParameters', statedParameters, total * lowest, total * highest);
  stated('statedActiveParameters', statedActiveParameters, (active - vocabulary * hidden) * lowest, active * highest);
}

function checkCount(problems: Problems, prop: string, value: unknown, least = 1): void {
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= MOST) return;
  problems.add(invalid(prop, `a whole number from ${least} to ${MOST}`, value));
}

/** Far beyond any dimension of a model, and small enough that no product overflows. */
const MOST = 1e9;

function invalid(prop: string, allowed: string, got: unknown): Problem {
  return { code: 'ModelInvalid', prop, allowed, got, fix: 'Read the shape off the configuration of the model.' };
}

function round(parameters: number): string {
  return `${(parameters / 1e9).toPrecision(4)}e9`;
}
