import type { TrainingJob } from '../../workload/training-job';
import type { Layout } from './layout';
import type { PlanHardware } from './plan-hardware';

/** Bytes that an accelerator sends per step and parameter: two gathers of weights and one scatter of gradients, in bf16. */
const EXCHANGED_BYTES = 6;

/** The parts of a layout that determine the data between replicas. */
export interface ReplicaExchange extends Pick<Layout, 'tensor' | 'pipeline' | 'sharding'> {
  /** Data-parallel replicas. */
  readonly data: number;
}

/**
 * Returns the seconds that an accelerator's share of the fabric needs for the weights and gradients of a step, without overlap. Only trained
 * parameters have gradients. `undefined` with one replica, or if the bandwidth is unknown.
 */
export function exchangeSeconds(
  job: Pick<TrainingJob, 'model' | 'trainableParameters'>,
  { tensor, pipeline, sharding, data }: ReplicaExchange,
  { fabricBytesPerSecond }: PlanHardware,
): number | undefined {
  if (fabricBytesPerSecond === undefined || data === 1) return undefined;
  const exchanged = sharding === 'zero-3' ? job.model.parameters : job.trainableParameters;
  return (EXCHANGED_BYTES * exchanged) / (tensor * pipeline) / fabricBytesPerSecond;
}
