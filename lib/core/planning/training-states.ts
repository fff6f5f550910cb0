import { checkChoice, checkNumbers } from './inputs';

/** ZeRO stage: data-parallel ranks share nothing, optimizer states, also gradients, or also weights. */
export const SHARDINGS = ['none', 'zero-1', 'zero-2', 'zero-3'] as const;
export type Sharding = (typeof SHARDINGS)[number];

/** Inputs for the memory of training states. */
export interface TrainingStates {
  readonly parameters: number;
  /** @default 1 */
  readonly tensor?: number;
  /** @default 1 */
  readonly pipeline?: number;
  /** Data-parallel ranks. @default 1 */
  readonly data?: number;
  /** ZeRO stage. `zero-3` is FSDP in PyTorch. @default none */
  readonly sharding?: Sharding;
  /** Bytes per gradient: 4 in Megatron, 2 in bf16. @default 4 */
  readonly gradientBytes?: number;
  /** Bytes of the optimizer per parameter. Adam has an fp32 copy and two moments. @default 12 */
  readonly optimizerBytes?: number;
  /** Parameters of the largest layer. `zero-3` gathers two layers: the current and the next one. @default 0 */
  readonly largestLayer?: number;
}

const WEIGHT_BYTES = 2;

/**
 * Returns the bytes of weights, gradients and optimizer states per accelerator.
 * @see https://arxiv.org/abs/1910.02054 (ZeRO, section 3) and https://arxiv.org/abs/2205.05198 (18 bytes with Adam)
 */
export function stateBytes(states: TrainingStates): number {
  checkStates(states);
  const { parameters, tensor = 1, pipeline = 1, data = 1, sharding = 'none' } = states;
  const { gradientBytes = 4, optimizerBytes = 12, largestLayer = 0 } = states;
  const share = parameters / (tensor * pipeline);
  const split = (stage: Sharding) => (SHARDINGS.indexOf(sharding) >= SHARDINGS.indexOf(stage) ? share / data : share);
  const gathered = sharding === 'zero-3' ? (2 * largestLayer * WEIGHT_BYTES) / tensor : 0;
  return WEIGHT_BYTES * split('zero-3') + gradientBytes * split('zero-2') + optimizerBytes * split('zero-1') + gathered;
}

function checkStates(states: TrainingStates): void {
  checkNumbers(states, {
    parameters: 'positive',
    tensor: '?count',
    pipeline: '?count',
    data: '?count',
    gradientBytes: '?notNegative',
    optimizerBytes: '?notNegative',
    largestLayer: '?notNegative',
  });
  checkChoice('sharding', states.sharding, SHARDINGS);
}
