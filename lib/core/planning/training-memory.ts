import { type Activations, activationBytes, logitBytes } from './activations';
import { checkNumbers } from './inputs';
import { checkShape, type ModelShape } from './model-shape';
import { stateBytes, type TrainingStates } from './training-states';

/** Inputs for the memory of a training job. */
export interface TrainingMemoryInput
  extends Omit<TrainingStates, 'parameters' | 'largestLayer'>, Omit<Activations, 'layers' | 'hidden' | 'heads'> {
  readonly shape: ModelShape;
  /** Memory per accelerator that a program can allocate. */
  readonly memoryBytes: number;
}

/** Bytes on the fullest accelerator, by part. */
export interface TrainingMemory {
  readonly states: number;
  /** Embeddings in the fullest stage, in addition to its share of the parameters. */
  readonly embeddings: number;
  readonly activations: number;
  readonly logits: number;
  /** Reserve for fragmentation, communication buffers and the driver. */
  readonly reserve: number;
  /** Sum of the parts. */
  readonly total: number;
  /** Total as a share of the memory. */
  readonly used: number;
  readonly fits: boolean;
  /** The largest part, which to reduce first. */
  readonly binds: 'states' | 'activations' | 'embeddings' | 'logits';
}

/**
 * Reserve as a share of the memory, plus bytes. Measured for a precursor of BLOOM: buffers, embeddings and CUDA used about 10 GB of an
 * A100 with 80 GB.
 * @see https://github.com/bigscience-workshop/bigscience/blob/master/train/tr11-176B-ml/chronicles-prequel.md
 */
const RESERVE = { share: 0.1, bytes: 4e9 } as const;

/** Calculates the memory per accelerator of a training job, on the fullest pipeline stage. */
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
  return (Object.entries(parts) as [K, number][]).reduce((max, part) => (part[1] > max[1] ? part : max))[0];
}
