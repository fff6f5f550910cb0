import type { Duration, Size } from 'aws-cdk-lib';
import type { ModelArtifact } from './model-artifact';
import type { ServingContainer } from './serving-container';

/** A model on an endpoint. */
export interface ServedModel {
  /** Container that serves the model. */
  readonly container: ServingContainer;
  /** Files of the model. */
  readonly artifact: ModelArtifact;
  /**
   * Number of accelerators of each copy. Copies share a machine only on `EndpointKind.components()`.
   *
   * @default - for the first component, the smallest number that handles `load`. Otherwise all accelerators of the machine
   */
  readonly accelerators?: number;
  /** Host memory that each copy of a component reserves. @default - half of the share of the copy, by its accelerators */
  readonly memory?: Size;
  /** Weight of the model in the split of requests between variants. @default 1 */
  readonly weight?: number;
  /** Timeout of the model download, from 1 to 60 minutes. @default - twice the expected time, at least 5 minutes */
  readonly downloadTimeout?: Duration;
  /** Timeout until the container answers, from 1 to 60 minutes. @default - twice the expected time, at least 5 minutes */
  readonly startupTimeout?: Duration;
}
