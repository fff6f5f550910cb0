import {
  categories,
  chipGeneration,
  doublings,
  type FeatureList,
  generation,
  isKnown,
  isText,
  modelKey,
  modelKind,
  precisionClass,
  precisionName,
  trainingKind,
  trainingStack,
} from './run-classes';
import type { ChipRow } from '../../catalog/chips';
import { chipNamed } from '../named-chip';
import type { TrainingRun } from './training-rate';
import { isRecomputed, reachablePeak, trainingRoofline } from './training-roofline';

/**
 * Returns the features of a training run. Each number is in doublings of a typical value, so 0 means typical. A missing number has a
 * separate feature. Each category is a feature with the value 1. The effect of more accelerators ends at a maximum, for example that of
 * the published runs.
 */
export function trainingFeatures(run: TrainingRun, maxCount = Infinity): FeatureList {
  const numbers = [...sizeFeatures(run, maxCount), ...layoutFeatures(run), ...version(run)];
  return [['all', 1], ...numbers, ...platformFeatures(run, numbers), ...limitFeatures(run), ...categories(names(run))];
}

/** Numbers whose effect on mixtures of experts differs by platform. */
const BY_PLATFORM = ['active', 'microTokens', 'pp', 'version'];

/** Mixtures of experts have small matrices, so their speed depends on the host and the fabric, not only on the chip. */
function platformFeatures(run: TrainingRun, numbers: FeatureList): FeatureList {
  if (modelKind(run) !== 'moe') return [];
  const platform = platformOf(run.chip);
  const relevant = numbers.filter(([name]) => BY_PLATFORM.includes(name));
  return [[`on ${platform}`, 1], ...relevant.map(([name, value]) => [`on ${platform}: ${name}`, value] as const)];
}

/** How far the run is from the limits of the hardware. The fit corrects the constants of the roofline. */
function limitFeatures(run: TrainingRun): FeatureList {
  const limits = trainingRoofline(run);
  const chip = chipNamed(run.chip);
  const peak = reachablePeak(run.chip);
  if (!limits || !chip || peak === undefined) return [];
  const { overheads, attention, memory, speedup } = limits;
  const intensity = Math.log(peak / chip.memoryBandwidthGBps / USUAL_INTENSITY);
  return [
    ['limit attention', attention],
    ['limit memory', memory],
    ['limit speedup', speedup],
    ['limit intensity', intensity],
    ...Object.entries(overheads).map(([name, value]: [string, number]) => [`limit ${name}`, value] as const),
    ...(isRecomputed(run) ? [['limit recompute', 1] as const] : []),
    ...mixtureFeatures(run, chip, memory),
  ];
}

/** TFLOP/s per GB/s of memory bandwidth on H100. */
const USUAL_INTENSITY = 0.24;

/** Mixtures of few large experts run almost like dense models. Those of many small ones depend on the links between accelerators. */
function mixtureFeatures(run: TrainingRun, chip: ChipRow, memory: number): FeatureList {
  const kind = modelKind(run);
  if (kind === 'dense') return [['limit memory: dense', memory]];
  const sparsity = doublings(run.paramsB, run.activeParamsB! * 8);
  const precision = precisionClass(run.precision) === 'bf16' ? 'bf16' : 'low';
  return [
    ['limit memory: moe', memory],
    ['experts', sparsity],
    [`experts in: ${precision}`, sparsity],
    [`experts on: ${chipGeneration(run.chip)}`, sparsity],
    ['rack', chip.vendor === 'NVIDIA' ? doublings(chip.scaleUpDomain, NODE) / 3 : 0],
  ];
}

const NODE = 8;

/** Returns the generation of a chip, and whether NVLink connects a node or a rack. */
function platformOf(chip: string): string {
  const era = generation(chip);
  return era === 'earlier' ? era : `${era} ${(chipNamed(chip)?.scaleUpDomain ?? 1) > NODE ? 'rack' : 'node'}`;
}

/** Returns the class of a run: chip, precision, kind of model and kind of training. */
export function trainingClass(run: TrainingRun): string {
  const precision = precisionClass(run.precision) ?? 'unknown';
  return `${run.chip} ${precision} ${modelKind(run)} ${trainingKind(run.kind)}`;
}

/** Returns the feature of runs with the same model and the same class. */
export function measuredModel(run: TrainingRun): string | undefined {
  return isText(run.model) ? `model-class ${modelKey(run.model)} ${trainingClass(run)}` : undefined;
}

/** Returns a number in doublings, or the feature for a missing number. */
function number(name: string, value: number | undefined, typical: number): FeatureList {
  return isKnown(value) ? [[name, doublings(value, typical)]] : [[`no ${name}`, 1]];
}

function prefixed(group: string, features: FeatureList): FeatureList {
  return features.map(([name, value]) => [`${group}: ${name}`, value] as const);
}

function sizeFeatures(run: TrainingRun, maxCount: number): FeatureList {
  const { paramsB, seqLen, count, hidden } = run;
  const kind = modelKind(run);
  const active = isKnown(run.activeParamsB) ? Math.min(run.activeParamsB, paramsB) : paramsB;
  const tokens = stepTokens(run);
  const size = number('active', active, 10);
  // Above 64k tokens, attention dominates, and the rate does not depend on the length.
  const sequence = number('seq', isKnown(seqLen) ? Math.min(seqLen, 65_536) : undefined, 4096);
  const quadratic = [...size, ...sequence];
  const numbers: FeatureList = [
    ...quadratic,
    ...quadratic.flatMap(([name, value]): FeatureList => (name.startsWith('no ') ? [] : [[`${name}²`, value * value]])),
    ...number('count', isKnown(count) ? Math.min(count, maxCount) : undefined, 128),
    ...number('tokensPerChip', isKnown(count) && isKnown(tokens) ? tokens / count : undefined, 16_384),
  ];
  const groups = [
    kind,
    ...(precisionClass(run.precision) === 'bf16' ? [] : ['low precision']),
    ...(generation(run.chip) === 'blackwell' ? ['blackwell'] : []),
    ...(trainingKind(run.kind) === 'lora' ? ['lora'] : []),
  ];
  const mixture =
    kind === 'moe' ? [['sparsity', doublings(paramsB, active * 10)] as const, ...number('hidden', hidden, 4096)] : [];
  return [...numbers, ...mixture, ...groups.flatMap((group) => prefixed(group, numbers))];
}

/** Returns the tokens per step over all accelerators. */
function stepTokens({ globalBatchTokens, globalBatchSeqs, seqLen }: TrainingRun): number | undefined {
  if (isKnown(globalBatchTokens)) return globalBatchTokens;
  return isKnown(globalBatchSeqs) && isKnown(seqLen) ? globalBatchSeqs * seqLen : undefined;
}

function layoutFeatures(run: TrainingRun): FeatureList {
  const { tp, pp, cp, ep, vp, microBatch, seqLen } = run;
  const kind = modelKind(run);
  const atOnce = isKnown(microBatch) && isKnown(seqLen) ? (microBatch * seqLen) / (orOne(tp) * orOne(cp)) : undefined;
  const microBatches = microBatchesOf(run);
  const numbers: FeatureList = [
    ...number('tp', tp, 1),
    ...number('pp', pp, 1),
    ...number('cp', cp, 1),
    ...(kind === 'moe' ? number('ep', ep, 1) : []),
    ...number('vp', vp, 1),
    ...number('microTokens', atOnce, 4096),
    ...number('microBatches', microBatches, 8),
  ];
  const sharded = isKnown(run.fsdp) || (isText(run.parallelism) && run.parallelism.startsWith('FSDP'));
  const { activationCheckpointing: recompute } = run;
  const flags = categories([
    `recompute ${isText(recompute) || typeof recompute === 'boolean' ? recompute : 'unknown'}`,
    ...(sharded ? ['fsdp'] : []),
  ]);
  return [...numbers, ...prefixed(kind, numbers), ...flags];
}

const orOne = (value: number | undefined) => (isKnown(value) ? value : 1);

/** Returns the micro batches per replica and step. */
function microBatchesOf({ count, globalBatchSeqs, microBatch, tp, pp, cp }: TrainingRun): number | undefined {
  if (!isKnown(count) || !isKnown(globalBatchSeqs) || !isKnown(microBatch)) return undefined;
  const replicas = count / (orOne(tp) * orOne(pp) * orOne(cp));
  return globalBatchSeqs / microBatch / replicas;
}

function names(run: TrainingRun): string[] {
  const { chip, suite, release, network } = run;
  const kind = modelKind(run);
  const precision = precisionClass(run.precision) ?? 'bf16';
  const model = isText(run.model) ? modelKey(run.model) : undefined;
  const stack = trainingStack(run);
  const era = chipGeneration(chip);
  return [
    `stack ${stack}`,
    `stack-precision ${stack} ${precision === 'bf16' ? 'bf16' : 'low'}`,
    `stack-kind ${stack} ${kind}`,
    `vendor ${chipNamed(chip)?.vendor ?? 'unknown'}`,
    `era ${era}`,
    `era-precision ${era} ${precision}`,
    `era-kind ${era} ${kind}`,
    `kind ${kind}`,
    `job ${trainingKind(run.kind)}`,
    `precision ${precision}`,
    `format ${precisionName(run.precision)}`,
    `chip ${chip}`,
    `chip-precision ${chip} ${precision}`,
    `chip-kind ${chip} ${kind}`,
    `precision-kind ${precision} ${kind}`,
    `class ${trainingClass(run)}`,
    ...(isText(suite) ? [`suite ${suite}`] : []),
    ...(model === undefined ? [] : [`model ${model}`, measuredModel(run)!]),
    ...(isText(release) ? [`release ${release}`] : []),
    ...(isText(network) ? [`network ${network}`] : []),
  ];
}

/** Month of the software of MLPerf rounds, whose rows have no release. @see https://github.com/mlcommons/training_results_v5.1 */
const ROUNDS: Readonly<Record<string, string>> = { 'mlperf-training-v5.0': '25.04', 'mlperf-training-v5.1': '25.09' };

/** Returns the age of the software in years from the start of 2026. Later versions are faster, most of all on new chips. */
function version(run: TrainingRun): FeatureList {
  const [, year, month] = /^(\d\d)\.(\d\d)/.exec(run.release ?? ROUNDS[run.suite ?? ''] ?? '') ?? [];
  if (year === undefined || month === undefined) return [];
  const years = Math.max(-1, Math.min(1, Number(year) + (Number(month) - 1) / 12 - 26));
  return [
    ['version', years],
    [`${modelKind(run)}: version`, years],
    [`version-era ${chipGeneration(run.chip)}`, years],
  ];
}
