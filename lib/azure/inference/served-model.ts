import { type Kind, NUMBER, objectOf, required } from '../../core/shapes';
import { AZURE_MACHINE, type AzureMachine } from '../machine/machine';
import { ENDPOINT_SCALING, type EndpointScaling } from './endpoint-scaling';
import { MODEL_ARTIFACT, type ModelArtifact } from './model-artifact';
import { SERVING_CONTAINER, type ServingContainer } from './serving-container';

/** A model on an endpoint: what serves it, and which requests it gets. Azure ML calls it a deployment. */
export interface ServedModel {
  readonly container: ServingContainer;
  readonly artifact: ModelArtifact;
  /** The machine of its instances. @default - that of the endpoint */
  readonly machine?: AzureMachine;
  /** Share of the live requests, in whole percent. Those of all models add up to 100. @default - 100 for the first model where no share is given, 0 for others */
  readonly trafficPercent?: number;
  /** Share of the live requests that it gets copies of, whose answers nobody sees: 1 to 50, for one model that has no live ones. @default 0 */
  readonly mirrorPercent?: number;
  /** Requests at once of each instance. @default - what the load takes of the first model; 1 without one, as the service has it */
  readonly concurrency?: number;
  /** Time for an answer, in seconds, 1 to 180. @default 180 */
  readonly timeoutSeconds?: number;
  /** Time until a new instance answers, in minutes: files are fetched, and loaded. 1 to 60. @default - 10, and a minute for each 15 GB */
  readonly startupMinutes?: number;
  /** @default - that of the endpoint */
  readonly scaling?: EndpointScaling;
}

/** A model by the kinds of its props. */
export const SERVED_MODEL: Kind = objectOf<ServedModel>(
  {
    container: required(SERVING_CONTAINER),
    artifact: required(MODEL_ARTIFACT),
    machine: AZURE_MACHINE,
    trafficPercent: NUMBER,
    mirrorPercent: NUMBER,
    concurrency: NUMBER,
    timeoutSeconds: NUMBER,
    startupMinutes: NUMBER,
    scaling: ENDPOINT_SCALING,
  },
  'a model { container, artifact }',
);
