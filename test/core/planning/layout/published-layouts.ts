import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  allMachines,
  CHIPS,
  ModelSpec,
  type Parallelism,
  type Precision,
  type Sharding,
  TrainingJob,
  type TrainingJobProps,
} from 'ai-infra-constructs';
import { hardwareOf, type PlanHardware } from '../../../../lib/core/planning/layout/plan-hardware';
import { estimatedShape } from '../../../../lib/core/planning/memory/estimated-shape';
import { modelByAlias } from '../../../../lib/core/planning/named-model';

/** A published run. */
export interface PublishedLayout {
  readonly id: string;
  readonly suite: string;
  readonly kind: string;
  readonly model: string;
  readonly paramsB?: number;
  readonly activeParamsB?: number;
  readonly layers?: number;
  readonly hidden?: number;
  readonly heads?: number;
  readonly chip: keyof typeof CHIPS;
  readonly precision: string;
  readonly count: number;
  readonly seqLen?: number;
  readonly globalBatchSeqs?: number;
  readonly microBatch?: number;
  readonly tp?: number;
  readonly pp?: number;
  readonly cp?: number;
  readonly ep?: number;
  readonly vp?: number;
  readonly fsdp?: number;
  readonly parallelism?: string;
  readonly activationCheckpointing?: boolean | string;
}

/** Returns the published runs that state a number of chips. */
export function publishedRuns(): PublishedLayout[] {
  const files = ['training-runs.json', 'training-runs-2.json'];
  const rows = files.flatMap((file) => {
    const text = readFileSync(path.join(__dirname, '../../../../data', file), 'utf8');
    return (JSON.parse(text) as { rows: PublishedLayout[] }).rows;
  });
  return rows.filter(({ count }) => count > 0);
}

/** Returns whether a run states a layout. */
export function statesLayout({ tp, pp, parallelism }: PublishedLayout): boolean {
  return tp !== undefined || pp !== undefined || parallelism !== undefined;
}

/** Shapes of the GPT-like models of these suites that the table of models lacks: layers, hidden size and heads. */
const SHAPES: Readonly<Record<string, readonly [layers: number, hidden: number, heads: number, vocabulary: number]>> = {
  // github.com/mosaicml/llm-foundry, scripts/train/benchmarking
  'MPT-125m': [12, 768, 12, 50_368],
  'MPT-350m': [24, 1024, 16, 50_368],
  'MPT-760m': [24, 1536, 12, 50_368],
  'MPT-1b': [24, 2048, 16, 50_368],
  'MPT-3b': [32, 2560, 20, 50_368],
  'MPT-7b': [32, 4096, 32, 50_368],
  'MPT-13b': [40, 5120, 40, 50_368],
  'MPT-30b': [48, 7168, 56, 50_368],
  'MPT-70b': [80, 8192, 64, 50_368],
  // arXiv 2104.04473, table 1
  'GPT-1.7B': [24, 2304, 24, 51_200],
  'GPT-3.6B': [30, 3072, 32, 51_200],
  'GPT-7.5B': [36, 4096, 32, 51_200],
  'GPT-18.4B': [40, 6144, 48, 51_200],
  'GPT-39.1B': [48, 8192, 64, 51_200],
  'GPT-76.1B': [60, 10_240, 80, 51_200],
  'GPT-145.6B': [80, 12_288, 96, 51_200],
  'GPT-310.1B': [96, 16_384, 128, 51_200],
  'GPT-529.6B': [105, 20_480, 128, 51_200],
  'GPT-1008.0B': [128, 25_600, 160, 51_200],
  // arXiv 2205.05198, table 3
  '22B': [48, 6144, 64, 51_200],
  '1T': [128, 25_600, 160, 51_200],
  'MT-NLG 530B': [105, 20_480, 128, 51_200],
  // bigscience-workshop/bigscience, tr11-176B-ml chronicles
  'GPT-181B': [72, 14_336, 112, 250_880],
  'GPT-196B': [78, 14_336, 112, 250_880],
  // NVIDIA NeMo and Megatron-Bridge recipes
  'GPT3-5B': [24, 4096, 32, 51_200],
  'GPT3-20B': [44, 6144, 48, 51_200],
  'Nemotron-8B': [32, 4096, 32, 256_000],
  'Nemotron-22B': [40, 6144, 48, 256_000],
  'Nemotron4-15B': [32, 6144, 48, 256_000],
  'Nemotron4-340B': [96, 18_432, 96, 256_000],
};

/** Names and shapes of other models. */
const MODELS: Readonly<Record<string, ModelSpec>> = {
  'Llama-like 7B': ModelSpec.LLAMA_2_7B,
  'Llama-like 70B': ModelSpec.LLAMA_2_70B,
  // github.com/InternLM/InternLM
  'InternLM-7B': ModelSpec.of({
    ...{ name: 'InternLM-7B', layers: 32, hidden: 4096, heads: 32, intermediate: 11_008, vocabulary: 103_168 },
  }),
  // github.com/xai-org/grok-1
  'Grok-1': ModelSpec.of({
    ...{ name: 'Grok-1', layers: 64, hidden: 6144, heads: 48, kvHeads: 8, headDim: 128, vocabulary: 131_072 },
    moe: { experts: 8, activeExperts: 2, expertIntermediate: 32_768 },
  }),
};

/** Returns the model of a run: from the table, from its shape, or with a shape like that of models of its size. */
export function modelOf(row: PublishedLayout): ModelSpec {
  const given = SHAPES[row.model];
  if (given) {
    const [layers, hidden, heads, vocabulary] = given;
    const spec = { name: row.model, layers, hidden, heads, vocabulary, intermediate: 4 * hidden, gatedMlp: false };
    return ModelSpec.of({ ...spec, tiedEmbeddings: true });
  }
  return MODELS[row.model] ?? modelByAlias(row.model.replace(/ \(.*\)$/, '').replace(/_/g, '-')) ?? standIn(row);
}

/** A model with the parameters of a run, and layers like those of models of its size. */
function standIn(row: PublishedLayout): ModelSpec {
  const { shape } = estimatedShape(row)!;
  const { layers, vocabulary, parameters, activeParameters = parameters } = shape;
  const heads = 8 * Math.max(1, Math.round(shape.heads / 8));
  const hidden = 128 * heads;
  const spec = { name: row.model, layers: stages(row, layers), hidden, heads, kvHeads: 8, vocabulary };
  const attention = ModelSpec.of({ ...spec, intermediate: 1 });
  if (activeParameters > 0.9 * parameters) {
    const intermediate = Math.round((parameters - attention.parameters) / (3 * hidden * spec.layers));
    return ModelSpec.of({ ...spec, intermediate });
  }
  const experts = 64;
  const activeExperts = 4;
  const routed = (parameters - activeParameters) / (experts - activeExperts) / (3 * hidden * spec.layers);
  return ModelSpec.of({ ...spec, moe: { experts, activeExperts, expertIntermediate: Math.round(routed) } });
}

/** An estimated number of layers is rounded so that the stages of the run divide it. */
function stages({ pp = 1, vp = 1 }: PublishedLayout, layers: number): number {
  return Math.max(1, Math.round(layers / (pp * vp))) * pp * vp;
}

/** Returns the hardware of a run: a machine of the catalog with its chip, or the chip alone. */
export function hardwareOfRun({ chip, count }: PublishedLayout): PlanHardware {
  const machines = allMachines().filter((machine) => machine.chip === chip && machine.accelerators <= count);
  const largest = machines.sort((a, b) => b.accelerators - a.accelerators || (b.fabricGbps ?? 0) - (a.fabricGbps ?? 0));
  if (largest[0]) return hardwareOf(largest[0]);
  const row = CHIPS[chip];
  const memoryBytes = row.memoryGiB * 2 ** 30;
  return { chip: row, fraction: 1, perNode: 8, memoryBytes, domain: row.scaleUpDomain, rdma: true };
}

const RECOMPUTE: Readonly<Record<string, TrainingJobProps['recompute']>> = {
  false: 'selective',
  true: 'full',
  'full-recompute': 'full',
  'seqpar+selective': 'selective',
};

/** Returns the sharding that a run states. */
function shardingOf({ fsdp = 0, parallelism = '' }: PublishedLayout): Sharding | undefined {
  if (/SHARD_GRAD_OP|ZeRO-2/.test(parallelism)) return 'zero-2';
  return fsdp > 0 || parallelism.startsWith('FSDP') ? 'zero-3' : undefined;
}

/** Returns the job of a run, without its layout. */
export function jobOf(row: PublishedLayout, layout: Partial<TrainingJobProps> = {}): TrainingJob {
  const props: TrainingJobProps = {
    model: modelOf(row),
    tokens: 1e13,
    ...(row.seqLen !== undefined && { sequenceLength: row.seqLen }),
    ...(row.globalBatchSeqs !== undefined && { globalBatch: row.globalBatchSeqs }),
    precision: precisionOf(row),
    ...layout,
  };
  return /lora/i.test(row.kind) ? TrainingJob.lora(props) : TrainingJob.pretrain(props);
}

function precisionOf({ precision }: PublishedLayout): Precision {
  if (/fp4/i.test(precision)) return 'fp4';
  return /fp8/i.test(precision) ? 'fp8' : 'bf16';
}

/** Returns the job of a run with the parts of the layout that it states. */
export function jobWithLayout(row: PublishedLayout): TrainingJob {
  const { tp, pp, cp, ep, vp, microBatch, activationCheckpointing } = row;
  const recompute = RECOMPUTE[String(activationCheckpointing)];
  const sharding = shardingOf(row);
  const split = tp !== undefined || pp !== undefined;
  const cores = CHIPS[row.chip] as { readonly logicalCores?: number };
  const parallelism: Partial<Parallelism> = {
    // On AWS chips, the degree counts cores.
    tensor: Math.max(1, (tp ?? 1) / (cores.logicalCores ?? 1)),
    pipeline: pp ?? 1,
    ...(vp !== undefined && (pp ?? 1) > 1 && { virtualPipeline: vp }),
    context: cp ?? 1,
    expert: ep ?? 1,
  };
  return jobOf(row, {
    ...(microBatch !== undefined && { microBatch }),
    ...(recompute !== undefined && { recompute }),
    ...(sharding !== undefined && { sharding }),
    ...(split && { parallelism }),
  });
}
