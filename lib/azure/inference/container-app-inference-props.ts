import type { Prices } from '../../core/catalog/price-override';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { IMlNetwork } from '../network/ml-network';
import type { ILogWorkspace } from '../operations/log-workspace';
import type { IResourceGroup } from '../props/resource-group';
import type { IContainerAppEnvironment } from './container-app-environment';
import type { ContainerAppModel } from './container-app-model';
import type { ContainerAppServer } from './container-app-server';
import type { ServerlessGpu } from './serverless-gpu';

/** A container registry: a `ContainerRegistry` of the provider, or an existing one. */
export interface IContainerRegistry {
  /** Resource id of the registry. */
  readonly id: string;
  /** Host of the registry, for example `myregistry.azurecr.io`. */
  readonly loginServer: string;
}

/** Scaling of the replicas of an app. */
export interface ContainerAppScaling {
  /** Minimum number of replicas. With 0, the first request waits for a replica. @default - derived from `load`, or 1 without a load */
  readonly minReplicas?: number;
  /** Maximum number of replicas, at most 300. @default - twice the number for `load`; without a load, `minReplicas` but at least 1 */
  readonly maxReplicas?: number;
  /** Concurrent requests of each replica. Above it, replicas are added. @default - derived from `load`, or 10 without a load */
  readonly targetConcurrency?: number;
  /** Seconds without requests after which the last replica stops. @default 300 */
  readonly cooldownSeconds?: number;
}

/** Properties for `ContainerAppInference`. */
export interface ContainerAppInferenceProps {
  /** Resource group of the app. Its region must have the accelerator. */
  readonly resourceGroup: IResourceGroup;
  /** GPU of each replica. */
  readonly accelerator: ServerlessGpu;
  /** Model to serve. */
  readonly model: ContainerAppModel;
  /** Server of the model. @default ContainerAppServer.vllm() */
  readonly server?: ContainerAppServer;
  /**
   * Expected load. Sizes the settings you leave out, and validates the ones you set.
   *
   * @default - only the memory for the weights is validated
   */
  readonly load?: ServingLoad;
  /** Scaling of the replicas. @default - derived from `load`, or 1 replica without a load */
  readonly scaling?: ContainerAppScaling;
  /** CIDR blocks that can call the app. @default - the whole network of the environment */
  readonly clientCidrs?: readonly string[];
  /** Registry of the image, if it requires authentication. @default - the image is public */
  readonly registry?: IContainerRegistry;
  /** Existing environment of the app. @default - a new environment in `network` */
  readonly environment?: IContainerAppEnvironment;
  /** Network of a new environment. @default - the network of `environment`; required without one */
  readonly network?: IMlNetwork;
  /** CIDR block of a new subnet for a new environment, /27 or larger. Without `environment`, set either this or `subnetId`. @default - `subnetId` */
  readonly cidr?: string;
  /** Resource id of an existing subnet for a new environment. @default - a new subnet with `cidr` */
  readonly subnetId?: string;
  /** Workspace for the logs of a new environment. @default - a new workspace with a retention of one year */
  readonly logs?: ILogWorkspace;
  /**
   * Name of the app, and of the model in requests: 2 to 32 lower-case letters, digits and single hyphens.
   *
   * @default - derived from the construct path
   */
  readonly name?: string;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}
