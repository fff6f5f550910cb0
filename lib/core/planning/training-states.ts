import { checkChoice, checkNumbers } from './inputs';

/** What data-parallel ranks split among them: nothing, the optimizer's states, gradients too, weights too. */
export const SHARDINGS = ['none', 'zero-1', 'zero-2', 'zero-3'] as const;
export type Sharding = (typeof SHARDINGS)[number];

/** What the states of training take. */
export interface TrainingStates {
  readonly parameters: number;
  /** @default 1 */
  readonly tensor?: number;
  /** @default 1 */
  readonly pipeline?: number;
  /** Data-parallel ranks. @default 1 */
  readonly data?: number;
  /** `zero-3` is what PyTorch calls fully sharded (FSDP). @default none */
  readonly sharding?: Sharding;
  /** Bytes of a gradient: 4 as Megatron keeps them, 2 in bf16. @default 4 */
  readonly gradientBytes?: number;
  /** Bytes of the optimizer per parameter: Adam keeps an fp32 copy and two moments. @default 12 */
  readonly optimizerBytes?: number;
  /** Parameters of the largest layer, which `zero-3` gathers twice: in use and ahead. @default 0 */
  readonly largestLayer?: number;
}

const WEIGHT_BYTES = 2;

/**
 * Bytes of weights, gradients and optimizer states on one accelerator.
 * @see https://arxiv.org/abs/1910.02054 (ZeRO, section 3) and https://arxiv.org/abs/2205.05198 (18 bytes with Adam)
 */
export function stateBytes(states: TrainingStates): number {
  checkStates(states);
  const { parameters, tensor = 1, pipeline = 1, data = 1, sharding = 'none' } = states;
  const { gradientBytes = 4, optimizerBytes = 12, largestLayer = 0 } = states;
  const own = parameters / (tensor * pipeline);
  const split = (stage: Sharding) => (SHARDINGS.indexOf(sharding) >= SHARDINGS.indexOf(stage) ? own / data : own);
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
