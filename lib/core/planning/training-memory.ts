import { type Activations, activationBytes, logitBytes } from './activations';
import { checkNumbers } from './inputs';
import { checkShape, type ModelShape } from './model-shape';
import { stateBytes, type TrainingStates } from './training-states';

/** A training job as far as memory goes. */
export interface TrainingMemoryInput
  extends Omit<TrainingStates, 'parameters' | 'largestLayer'>, Omit<Activations, 'layers' | 'hidden' | 'heads'> {
  readonly shape: ModelShape;
  /** Memory of one accelerator that a program can allocate. */
  readonly memoryBytes: number;
}

/** Bytes on the fullest accelerator, and what they are. */
export interface TrainingMemory {
  readonly states: number;
  /** Embeddings that the fullest stage holds beyond its share of the parameters. */
  readonly embeddings: number;
  readonly activations: number;
  readonly logits: number;
  /** Kept free: fragments, communication buffers, the driver. */
  readonly reserve: number;
  /** All of the above. */
  readonly total: number;
  /** `total` over the memory there is. */
  readonly used: number;
  readonly fits: boolean;
  /** The largest part: what to shrink first. */
  readonly binds: 'states' | 'activations' | 'embeddings' | 'logits';
}

/**
 * Share of the memory, and bytes, that states and activations cannot have. Measured on BLOOM's prequel: about 10 GB of an
 * A100 with 80 GB were buffers, embeddings and CUDA itself.
 * @see https://github.com/bigscience-workshop/bigscience/blob/master/train/tr11-176B-ml/chronicles-prequel.md
 */
const RESERVE = { share: 0.1, bytes: 4e9 } as const;

/** What a training job takes of each accelerator's memory, on the stage of the pipeline that holds most. */
export function trainingMemory(input: TrainingMemoryInput): TrainingMemory {
  checkNumbers(input, { memoryBytes: 'positive' });
  checkShape(input.shape);
  const { shape, memoryBytes, pipeline = 1, tensor = 1 } = input;
  const { layers, hidden, heads, vocabulary, parameters } = shape;

  const states = stateBytes({ ...input, parameters, largestLayer: parameters / layers });
  const table = Math.min(vocabulary * hidden, parameters);
  const embeddings =
    pipeline === 1
      ? 0
      : stateBytes({ ...input, parameters: table / tensor, tensor: 1, pipeline: 1 }) * (1 - 1 / pipeline);
  const atFirst = activationBytes({ ...input, layers, hidden, heads });
  const logitsAtLast = logitBytes({ ...input, vocabulary });
  const first = { activations: atFirst, logits: pipeline === 1 ? logitsAtLast : 0 };
  const last = { activations: atFirst / pipeline, logits: logitsAtLast };
  const fullest = first.activations + first.logits >= last.activations + last.logits ? first : last;

  const reserve = RESERVE.share * memoryBytes + RESERVE.bytes;
  const parts = { states, embeddings, ...fullest };
  const total = states + embeddings + fullest.activations + fullest.logits + reserve;
  return { ...parts, reserve, total, used: total / memoryBytes, fits: total <= memoryBytes, binds: largest(parts) };
}

function largest<K extends string>(parts: Readonly<Record<K, number>>): K {
  return (Object.entries(parts) as [K, number][]).reduce((most, part) => (part[1] > most[1] ? part : most))[0];
}
