import type { Recompute } from '../../workload/training-job';

/** The activations of the stages of a pipeline, in bytes on one accelerator. */
export interface Stages {
  readonly pipeline: number;
  readonly virtualPipeline: number;
  readonly layers: number;
  /** A layer and a micro batch. */
  readonly layer: number;
  /** The same with full recomputation. */
  readonly input: number;
  /** The logits of a micro batch. */
  readonly logits: number;
}

/** Returns the activations and logits of the first or the last stage, the larger of the two, with a number of layers recomputed. */
export function stageBytes(stages: Stages, recomputed: number): number {
  const { pipeline, layers, layer, input, logits } = stages;
  const held = interleaving(stages) * ((layers - recomputed) * layer + recomputed * input);
  const first = held + (recomputed > 0 ? layer : 0);
  return pipeline === 1 ? first + logits : Math.max(first, first / pipeline + logits);
}

function interleaving({ pipeline, virtualPipeline }: Stages): number {
  return virtualPipeline > 1 ? 1 + (pipeline - 1) / (pipeline * virtualPipeline) : 1;
}

/**
 * Returns the smallest number of layers to recompute so that the activations fit, or `undefined` if they never fit.
 *
 * @param stated recomputation that the job states
 */
export function layersToRecompute(stages: Stages, available: number, stated?: Recompute): number | undefined {
  const { pipeline, layers, layer, input, logits } = stages;
  if (stated === 'full') return stageBytes(stages, layers) <= available ? layers : undefined;
  if (stageBytes(stages, 0) <= available) return 0;
  if (stated !== undefined || stageBytes(stages, layers) > available) return undefined;
  // The first stage holds the most activations, and the last one the logits.
  const onFirst = pipeline === 1 ? available - logits : Math.min(available, (available - logits) * pipeline);
  const held = (onFirst - layer) / interleaving(stages);
  return Math.min(layers, Math.max(1, Math.ceil((layers * layer - held) / (layer - input))));
}
