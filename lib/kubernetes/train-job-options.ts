import { listOf, NUMBER, oneOf, required, type Shape, TEXT, TEXT_OR_EMPTY } from '../core/shapes';
import { PRIORITIES } from './queues';
import type { TrainJobProps } from './train-job';

/** A job of a training cluster. What is left out is all that the group has: its nodes, its image. */
export interface TrainJobOptions extends Pick<TrainJobProps, 'nodes' | 'command' | 'image' | 'priority'> {
  /** Name of the job, a DNS label. */
  readonly name: string;
  /** The group whose nodes it takes. @default - the first group */
  readonly group?: string;
}

/** The kinds of the options of a job. */
export const TRAIN_JOB: Shape<TrainJobOptions> = {
  name: required(TEXT),
  group: TEXT,
  nodes: NUMBER,
  command: listOf(TEXT_OR_EMPTY),
  image: TEXT,
  priority: oneOf(Object.keys(PRIORITIES)),
};
