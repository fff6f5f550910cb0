import type { Prices } from '../../core/catalog/price-override';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { AzureMachine } from '../machine/machine';
import type { IMachineLearningWorkspace } from '../machine-learning/workspace-attributes';
import type { IManagedIdentity } from '../operations/identity';
import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import { checkReplicaOrder } from '../../core/bounds';
import type { ProblemCollector } from '../../core/errors';
import { checkBounds } from '../../terraform/tokens';
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
  /** Concurrent requests of each instance. @default - derived from `load` and the traffic of the model; otherwise 1, the default of Azure ML */
  readonly concurrency?: number;
  /** Timeout of a request, in seconds, 1 to 180. @default 180 */
  readonly timeoutSeconds?: number;
  /** Time for a new instance to fetch and load the model, in minutes, 1 to 60. @default - 10, and one more per 15 GB */
  readonly startupMinutes?: number;
  /** Scaling of the instances. @default - the scaling of the endpoint */
  readonly scaling?: EndpointScaling;
}

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
   * Expected load of the endpoint. It sizes each model for its share of live and mirrored requests, and validates the settings you set.
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

/** Scaling of the instances of a model. */
export interface EndpointScaling {
  /** Minimum number of instances, at least 1. @default - derived from `load`, or 1 without a load */
  readonly minReplicas?: number;
  /** Maximum number of instances, at most 50. @default - twice the number for `load`; `minReplicas` without a load, which turns scaling off */
  readonly maxReplicas?: number;
  /**
   * Target GPU utilization, in percent, 10 to 95. Above it, instances are added. Below three sevenths of it, instances are removed.
   *
   * @default 70
   */
  readonly targetUtilizationPercent?: number;
  /** Minutes between two removals of an instance, 1 to 1,440. @default 10 */
  readonly scaleInCooldownMinutes?: number;
  /** Minutes between two additions of an instance, 1 to 1,440. A new instance must start before it reduces the load. @default 5 */
  readonly scaleOutCooldownMinutes?: number;
}

/** A choice of this library: the examples of Azure ML use it for CPUs. @see https://learn.microsoft.com/en-us/azure/machine-learning/how-to-autoscale-endpoints */
export const TARGET_PERCENT = 70;

/** Adds each problem of the scaling of a model, or of all models. */
export function checkScaling(problems: ProblemCollector, scaling: EndpointScaling | undefined): void {
  if (!scaling) return;
  const of = problems.within('scaling');
  const { instances } = AZURE_ML_LIMITS;
  const replicas = { min: 1, max: instances };
  const limit = ', the maximum of the service for one model';
  const minutes = { min: 1, max: 1440 };
  const fine = [
    checkBounds(of, 'ScalingLimits', 'minReplicas', scaling.minReplicas, replicas, limit),
    checkBounds(of, 'ScalingLimits', 'maxReplicas', scaling.maxReplicas, replicas, limit),
    checkBounds(of, 'ScalingLimits', 'targetUtilizationPercent', scaling.targetUtilizationPercent, {
      min: 10,
      max: 95,
    }),
    checkBounds(of, 'ScalingLimits', 'scaleInCooldownMinutes', scaling.scaleInCooldownMinutes, minutes, ', one day'),
    checkBounds(of, 'ScalingLimits', 'scaleOutCooldownMinutes', scaling.scaleOutCooldownMinutes, minutes, ', one day'),
  ].every(Boolean);
  const { minReplicas, maxReplicas } = scaling;
  if (fine && minReplicas !== undefined && maxReplicas !== undefined)
    checkReplicaOrder(of, { minReplicas, maxReplicas });
}

/** How callers of an online endpoint authenticate. */
export enum EndpointAuthorization {
  /** With a token of Microsoft Entra, and a role assignment for the endpoint. */
  ENTRA = 'ENTRA',
  /** With a key of the endpoint, which does not expire. */
  KEY = 'KEY',
}
