import type { AzureMachine } from '../machine/machine';
import type { EndpointScaling } from './endpoint-scaling';
import type { ModelArtifact } from './model-artifact';
import type { ServingContainer } from './serving-container';

/** A model on an online endpoint. Azure ML calls it a deployment. */
export interface ServedModel {
  /** Server of the model. */
  readonly container: ServingContainer;
  /** Files of the model. */
  readonly artifact: ModelArtifact;
  /** Machine type of the instances. @default - the machine type of the endpoint */
  readonly machine?: AzureMachine;
  /**
   * Percentage of the live requests, a whole number. The percentages of all models add up to 100.
   *
   * @default - if no model sets it, 100 for the first model; otherwise 0
   */
  readonly trafficPercent?: number;
  /**
   * Percentage of the live requests that are copied to this model, whose answers are discarded. 1 to 50, for one model without live requests.
   *
   * @default 0
   */
  readonly mirrorPercent?: number;
  /** Concurrent requests of each instance. @default - derived from `load` for the first model; otherwise 1, the default of Azure ML */
  readonly concurrency?: number;
  /** Timeout of a request, in seconds, 1 to 180. @default 180 */
  readonly timeoutSeconds?: number;
  /** Time for a new instance to fetch and load the model, in minutes, 1 to 60. @default - 10, and one more per 15 GB */
  readonly startupMinutes?: number;
  /** Scaling of the instances. @default - the scaling of the endpoint */
  readonly scaling?: EndpointScaling;
}
