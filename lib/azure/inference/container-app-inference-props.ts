import { PRICE_OVERRIDE, type PriceOverride } from '../../core/catalog/price-override';
import { having, listOf, NUMBER, objectOf, required, type Shape, TEXT } from '../../core/shapes';
import { SERVING_LOAD, type ServingLoad } from '../../core/workload/serving-load';
import { type IMlNetwork, ML_NETWORK } from '../network/network-attributes';
import { type ILogWorkspace, LOG_WORKSPACE } from '../operations/log-workspace';
import { type IResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
import { CONTAINER_APP_ENVIRONMENT, type IContainerAppEnvironment } from './container-app-environment';
import { CONTAINER_APP_MODEL, type ContainerAppModel } from './container-app-model';
import { CONTAINER_APP_SERVER, type ContainerAppServer } from './container-app-server';
import { SERVERLESS_GPU, type ServerlessGpu } from './serverless-gpu';

/** A registry of images, made here or elsewhere: the resource of the provider is one. */
export interface IContainerRegistry {
  /** Resource id. */
  readonly id: string;
  /** Its host, e.g. `myregistry.azurecr.io`. */
  readonly loginServer: string;
}

/** Between which limits the replicas of an app move, and by what. */
export interface ContainerAppScaling {
  /** Fewest, or 0: a request then waits for the first one. @default - what the load takes; 1 without one */
  readonly minimum?: number;
  /** Most, up to the quota of accelerators. @default - twice what the load takes; as many as the fewest without one, and at least 1 */
  readonly maximum?: number;
  /** Requests at once of each replica: more of them, and another replica comes. @default - the share of the load that each one has; 10 without one */
  readonly target?: number;
  /** Seconds without need after which the last one goes. @default 300 */
  readonly cooldownSeconds?: number;
}

/** Properties for `ContainerAppInference`. */
export interface ContainerAppInferenceProps {
  /** Where it stands: in a region that has the accelerator. */
  readonly resourceGroup: IResourceGroup;
  /** What each replica has. */
  readonly accelerator: ServerlessGpu;
  /** What is served. */
  readonly model: ContainerAppModel;
  /** What serves it. @default ContainerAppServer.vllm() */
  readonly server?: ContainerAppServer;
  /** What the model must bear. It sizes what is left open, and what is stated is checked against it. @default - only that the model fits is checked */
  readonly load?: ServingLoad;
  /** Limits and target of scaling. @default - those of the load; one replica without one */
  readonly scaling?: ContainerAppScaling;
  /** Addresses that may call it, as blocks. @default - all that reach the network of the environment */
  readonly allowedCidrs?: readonly string[];
  /** The registry of the image, if that asks who pulls. @default - the image is public */
  readonly registry?: IContainerRegistry;
  /** Where it runs. @default - a new environment in `network` */
  readonly environment?: IContainerAppEnvironment;
  /** The network of a new environment: needed without `environment`. */
  readonly network?: IMlNetwork;
  /** Addresses of a new subnet of a new environment, of /27 or larger. One of this and `subnetId` is needed without `environment`. */
  readonly cidr?: string;
  /** Resource id of a subnet for a new environment. */
  readonly subnetId?: string;
  /** Where a new environment logs to. @default - a new workspace, which keeps logs for a year */
  readonly logs?: ILogWorkspace;
  /** Name of the app, and of the model in requests: 2 to 32 lower-case letters, digits and single hyphens. @default - from its path */
  readonly name?: string;
  /** Prices of your own for the plan of `load`, by the name of the workload profile. @default - none: Azure's table has none of them */
  readonly prices?: readonly PriceOverride[];
  /** The day from which the age of prices counts. @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
}

/** The kinds of the props of an app. */
export const CONTAINER_APP_INFERENCE: Shape<ContainerAppInferenceProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  accelerator: required(SERVERLESS_GPU),
  model: required(CONTAINER_APP_MODEL),
  server: CONTAINER_APP_SERVER,
  load: SERVING_LOAD,
  scaling: objectOf<ContainerAppScaling>(
    { minimum: NUMBER, maximum: NUMBER, target: NUMBER, cooldownSeconds: NUMBER },
    'a scaling { minimum, maximum }',
  ),
  allowedCidrs: listOf(TEXT),
  registry: having(
    'a container registry',
    ['id', 'loginServer'],
    'Pass a ContainerRegistry of the provider, or { id, loginServer } of one that stands.',
  ),
  environment: CONTAINER_APP_ENVIRONMENT,
  network: ML_NETWORK,
  cidr: TEXT,
  subnetId: TEXT,
  logs: LOG_WORKSPACE,
  name: TEXT,
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
};
