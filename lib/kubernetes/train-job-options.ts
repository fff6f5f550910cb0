import type { TrainJobProps } from './train-job';

/** Options for a job on a training cluster. */
export interface TrainJobOptions extends Pick<TrainJobProps, 'nodes' | 'command' | 'image' | 'priority'> {
  /** Name of the job. A DNS label of at most 40 characters. */
  readonly name: string;
  /** Name of the node group that the job runs on. @default - the first group */
  readonly group?: string;
}
