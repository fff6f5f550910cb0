import type { Duration } from 'aws-cdk-lib';
import { type Kind, NUMBER, objectOf, required } from '../../core/shapes';
import { DURATION } from '../props/shapes';
import { MODEL_ARTIFACT, type ModelArtifact } from './model-artifact';
import { SERVING_CONTAINER, type ServingContainer } from './serving-container';

/** A model on an endpoint: what serves it, and what of the machine it takes. */
export interface ServedModel {
  readonly container: ServingContainer;
  readonly artifact: ModelArtifact;
  /**
   * Accelerators of each copy. Copies share a machine on `EndpointKind.components()` alone.
   *
   * @default - of the first component what its load takes least of; else all of the machine
   */
  readonly accelerators?: number;
  /** GiB of the host's memory that is kept for each copy of a component. @default - half of its share, by its accelerators */
  readonly memoryGiB?: number;
  /** Its part of the requests beside other variants. @default 1 */
  readonly weight?: number;
  /** Time that SageMaker allows for the download, 1 to 60 minutes. @default - twice what its size takes, at least 5 minutes */
  readonly downloadTimeout?: Duration;
  /** Time that SageMaker allows until the container answers, 1 to 60 minutes. @default - twice what server and size take, at least 5 minutes */
  readonly startupTimeout?: Duration;
}

/** A model by the kinds of its props. */
export const SERVED_MODEL: Kind = objectOf<ServedModel>(
  {
    container: required(SERVING_CONTAINER),
    artifact: required(MODEL_ARTIFACT),
    accelerators: NUMBER,
    memoryGiB: NUMBER,
    weight: NUMBER,
    downloadTimeout: DURATION,
    startupTimeout: DURATION,
  },
  'a model { container, artifact }',
);
