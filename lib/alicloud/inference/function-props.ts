import type { Prices } from '../../core/catalog/price-override';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ServingServer } from '../../kubernetes';
import type { IMlNetwork } from '../network/network-attributes';
import type { EndpointModel } from './endpoint-model';
import type { FunctionGpu } from './function-gpu';

/** Limits for the number of instances. */
export interface InstanceScaling {
  /** Minimum number of instances. Idle ones cost less, because their GPU is frozen. @default - derived from `load`, or 0 without a load */
  readonly minReplicas?: number;
  /** Maximum number of instances, at most 300. @default - twice what `load` needs, or 1 without a load */
  readonly maxReplicas?: number;
}

/** Published versions of a function that receive requests. Your pipeline publishes them, for example with `aliyun fc PublishFunctionVersion`. */
export interface FunctionTraffic {
  /** Version for most requests, for example `3`. */
  readonly version: string;
  /** Second version, for a gradual rollout. @default - all requests go to `version` */
  readonly nextVersion?: string;
  /** Percentage of the requests to `nextVersion`, 1 to 99. @default 10 */
  readonly nextPercent?: number;
}

/** A logstore of Simple Log Service for the output of a server. */
export interface FunctionLog {
  /** Name of the project, in the region of the function. */
  readonly project: string;
  /** Name of the logstore. */
  readonly logstore: string;
}

/** Properties for `FunctionInference`. */
export interface FunctionInferenceProps {
  /** GPU of each instance. */
  readonly gpu: FunctionGpu;
  /** Source of the model. */
  readonly model: EndpointModel;
  /** Server program, with an image in Container Registry (ACR) of the region. */
  readonly server: ServingServer;
  /**
   * Expected load. Sizes the settings you leave out, and validates the ones you set.
   *
   * @default - no load: only the size of the weights is checked
   */
  readonly load?: ServingLoad;
  /** Limits for the number of instances. @default - derived from `load`, or 0 to 1 without a load */
  readonly scaling?: InstanceScaling;
  /** Concurrent requests for each instance, 1 to 200. More requests start more instances. @default - derived from `load`, or 16 without a load */
  readonly concurrency?: number;
  /** Request timeout in seconds, 1 to 86,400. @default 600 */
  readonly timeoutSeconds?: number;
  /** Number of vCPUs of an instance. @default 8 */
  readonly vcpus?: number;
  /** Memory of an instance, in GiB. @default 32 */
  readonly memoryGiB?: number;
  /** Whether the internet can reach the function. Callers need permission in RAM in both cases. @default false */
  readonly publicAccess?: boolean;
  /** Network for outgoing traffic, in the region of the provider. @default - none; the server reaches only buckets */
  readonly network?: IMlNetwork;
  /** Names of RAM roles that can send requests. @default - no roles */
  readonly invokers?: readonly string[];
  /** Name of the RAM role of the function. It must trust `fc.aliyuncs.com`, and gets access to the model, the log, and the network. @default - a new role */
  readonly roleName?: string;
  /** Logstore for the output of the server. @default - a new project and logstore with a retention of one year */
  readonly log?: FunctionLog;
  /** Published versions that receive requests. @default - the latest configuration receives all requests */
  readonly traffic?: FunctionTraffic;
  /** Name of the function: up to 64 letters, digits, underscores, and hyphens. It cannot change later. @default - derived from the path of the construct */
  readonly name?: string;
  /** Your own prices, with the name of the GPU as machine, for example `fc.gpu.ada.1`. @default - no prices: the catalog has none */
  readonly prices?: Prices;
}
