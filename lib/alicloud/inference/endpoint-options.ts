import type { Prices } from '../../core/catalog/price-override';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ServingServer } from '../../kubernetes';
import type { AlicloudMachine } from '../machine/machine';
import type { IMlNetwork } from '../network/network-attributes';
import type { EndpointModel } from './endpoint-model';

/** Scaling of an EAS service by its requests. Each instance is one machine. */
export interface EndpointScaling {
  /** Minimum number of instances, at least 1. @default - derived from `load`, or 1 without a load */
  readonly minReplicas?: number;
  /** Maximum number of instances, at most 1,000. @default - twice what `load` needs, or `minReplicas` without a load */
  readonly maxReplicas?: number;
  /** Requests per second of each instance above which instances are added. Required for a range without a load. @default - derived from `load` */
  readonly targetRequestsPerSecond?: number;
  /** Minutes of lower load before instances are removed, 1 to 60. @default 10 */
  readonly scaleInCooldownMinutes?: number;
}

/** Spot machines for an EAS service. EAS takes them first, and regular machines of the same type if it gets none. */
export interface EndpointSpot {
  /** Maximum price per machine and hour, in the currency of your account: USD on the international site. */
  readonly maxPricePerHour: number;
  /** Whether EAS uses a regular machine if it gets no spot machine. @default true */
  readonly fallback?: boolean;
  /** Whether EAS can lose a machine in its first hour. Such machines cost about 10% less. @default false */
  readonly withoutProtectionPeriod?: boolean;
}

/** A logstore of Simple Log Service that receives all requests and responses. */
export interface RequestLog {
  /** Name of the project, in the region of the endpoint. */
  readonly project: string;
  /** Name of the logstore. */
  readonly logstore: string;
}

/** A model on an endpoint. Each model is an EAS service. */
export interface ServedModel {
  /** Files of the model. */
  readonly model: EndpointModel;
  /** Server program. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /** Machine type of the instances. @default - the machine type of the endpoint */
  readonly machine?: AlicloudMachine;
  /**
   * Percentage of the requests to the endpoint, a whole number. The sum of all models is 100. EAS splits requests by the number of instances, which
   * follows from the percentages. A model with 0 has its own address only.
   *
   * @default - if no model sets it, 100 for the first model; otherwise 0
   */
  readonly trafficPercent?: number;
  /** Timeout of a request in seconds, 1 to 3,600. @default 600 */
  readonly timeoutSeconds?: number;
  /** Scaling of the instances. Not for several models with requests. @default - the scaling of the endpoint */
  readonly scaling?: EndpointScaling;
}

/** Properties for `InferenceEndpoint`. */
export interface InferenceEndpointProps {
  /** Network of the instances, in the region of the provider. Their outgoing traffic uses it. */
  readonly network: IMlNetwork;
  /** Models by name, 1 to 20. A name has 1 to 20 lower-case letters, digits, and underscores. */
  readonly models: Readonly<Record<string, ServedModel>>;
  /** Machine type of the instances, for example `AlicloudMachine.ECS_GN8IS_2XLARGE`. */
  readonly machine: AlicloudMachine;
  /** Machine types to use in this order if `machine` is not available. They need the same number of accelerators. @default - none */
  readonly fallbackMachines?: readonly AlicloudMachine[];
  /** Spot machines. @default - regular machines only */
  readonly spot?: EndpointSpot;
  /**
   * Expected load of the endpoint. Sizes the settings you leave out, and validates the ones you set.
   *
   * @default - no load: only the hardware is checked
   */
  readonly load?: ServingLoad;
  /** Scaling of a model. With several models with requests, only `maxReplicas` is allowed: the maximum of all of them together. @default - derived from `load`, or 1 instance */
  readonly scaling?: EndpointScaling;
  /** Whether the internet can reach the endpoint. Callers need its token in both cases. @default false */
  readonly publicAccess?: boolean;
  /** ID of a dedicated gateway, `gw-…`. @default - the shared gateway of the region: at most 1,000 requests per second */
  readonly gatewayId?: string;
  /** ID of the PAI workspace. It cannot change later. @default - the default workspace of the account */
  readonly workspaceId?: string;
  /** Name of the RAM role of the containers. It must trust `eas.pai.aliyuncs.com`, and gets read access to the models. @default - a new role */
  readonly roleName?: string;
  /** Logstore for all requests and responses. @default - they are not stored */
  readonly requestLog?: RequestLog;
  /** Disk of an instance in GiB, 30 to 2,000, for the image. More than 30 is billed. @default - 30, and more for a model in the image */
  readonly diskGiB?: number;
  /** Whether the instances are stopped, without cost. Set `false`, not nothing, to start them again. @default - they run, and Terraform does not start stopped ones */
  readonly stopped?: boolean;
  /** Name of the endpoint: 3 to 40 lower-case letters, digits, and underscores, beginning with a letter. It cannot change later. @default - derived from the path of the construct */
  readonly endpointName?: string;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}
