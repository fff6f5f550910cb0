import type { Prices } from '../../core/catalog/own-prices';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { AzureMachine } from '../machine/machine';
import type { IMachineLearningWorkspace } from '../machine-learning/workspace-attributes';
import type { IManagedIdentity } from '../operations/identity';
import { EndpointAuthorization } from './endpoint-authorization';
import type { EndpointScaling } from './endpoint-scaling';
import type { ServedModel } from './served-model';

/** Requests and answers to store in the workspace. */
export interface DataCapture {
  /** Percentage of requests to store, 1 to 100. @default 100 */
  readonly percent?: number;
}

/** Properties for `InferenceEndpoint`. */
export interface InferenceEndpointProps {
  /** Workspace of the endpoint. The endpoint uses its region and its managed network. */
  readonly workspace: IMachineLearningWorkspace;
  /** Models by name, 1 to 20. Azure ML calls each one a deployment. A name has 3 to 32 letters, digits and hyphens. */
  readonly models: Readonly<Record<string, ServedModel>>;
  /** Machine type of all instances. */
  readonly machine: AzureMachine;
  /**
   * Expected load of the first model. Sizes the settings you leave out, and validates the ones you set.
   *
   * @default - only the hardware is validated
   */
  readonly load?: ServingLoad;
  /** Scaling of each model. @default - derived from `load`, or 1 instance without a load */
  readonly scaling?: EndpointScaling;
  /** Whether the internet can reach the endpoint. Otherwise clients use the private endpoint of the workspace. @default false */
  readonly publicAccess?: boolean;
  /** How callers authenticate. @default EndpointAuthorization.ENTRA */
  readonly authorization?: EndpointAuthorization;
  /** Requests and answers to store. @default - none */
  readonly dataCapture?: DataCapture;
  /**
   * Identity of the containers. It cannot change later.
   *
   * @default - a new identity that pulls images, reads models of the workspace, and writes the data of `dataCapture`
   */
  readonly identity?: IManagedIdentity;
  /**
   * Name of the endpoint, unique in the region: 3 to 32 letters, digits and hyphens.
   *
   * @default - derived from the construct path and the subscription
   */
  readonly endpointName?: string;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/** Names of the models that a monitor can read. A custom server stores whole requests, which monitors cannot read. */
export function monitorableIn({
  dataCapture,
  models,
}: Pick<InferenceEndpointProps, 'dataCapture' | 'models'>): string[] {
  if (!dataCapture) return [];
  return Object.entries(models)
    .filter(([, { container }]) => container.kind !== 'image')
    .map(([name]) => name);
}
