import type { Prices } from '../../core/catalog/own-prices';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ServingServer } from '../../kubernetes';
import type { IMlNetwork } from '../network/network-attributes';
import type { IEncryptionKey } from '../operations/encryption-key';
import { CloudRunGpu } from './cloud-run-gpu';
import type { CloudRunModel } from './cloud-run-model';

/** Networks that can send requests to a service. The caller also needs permission in IAM. */
export enum CloudRunIngress {
  /** Networks of the project and its service perimeter, and other services in the region. */
  INTERNAL = 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  /** The same, and load balancers. */
  LOAD_BALANCER = 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
  /** The internet. */
  ALL = 'INGRESS_TRAFFIC_ALL',
}

/** Limits for the number of instances. */
export interface InstanceScaling {
  /** Minimum number of instances. They cost the same when they are idle. @default - derived from `load`, or 0 without a load */
  readonly minReplicas?: number;
  /** Maximum number of instances. @default - twice what `load` needs, or 1 without a load */
  readonly maxReplicas?: number;
}

/** Properties for `CloudRunInference`. */
export interface CloudRunInferenceProps {
  /** Region of the service, for example `europe-west4`. */
  readonly region: string;
  /** GPU of each instance. */
  readonly gpu: CloudRunGpu;
  /** Source of the model. */
  readonly model: CloudRunModel;
  /** Server program. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /**
   * Expected load. Sizes the settings you leave out, and validates the ones you set.
   *
   * @default - no load: only the size of the weights is checked
   */
  readonly load?: ServingLoad;
  /** Limits for the number of instances. @default - derived from `load`, or 0 to 1 without a load */
  readonly scaling?: InstanceScaling;
  /** Concurrent requests for each instance, 1 to 1,000. More requests wait, and start more instances. @default - derived from `load`, or 16 without a load */
  readonly concurrency?: number;
  /** Request timeout in seconds, 1 to 3,600. @default 600 */
  readonly timeoutSeconds?: number;
  /** Number of vCPUs of an instance. @default 8 with an L4, 20 with an RTX PRO 6000 */
  readonly vcpus?: number;
  /** Memory of an instance, in GiB. @default 32 with an L4, 80 with an RTX PRO 6000 */
  readonly memoryGiB?: number;
  /** Whether Cloud Run reserves GPUs for a zone failure. This costs more and has its own quota. @default false */
  readonly zonalRedundancy?: boolean;
  /** Networks that can send requests. @default CloudRunIngress.INTERNAL */
  readonly ingress?: CloudRunIngress;
  /** Network for all outgoing traffic, in the region of the service. @default - Google's network, with access to the internet */
  readonly network?: IMlNetwork;
  /** IAM members that can send requests, for example `serviceAccount:…`. @default - no members */
  readonly invokers?: readonly string[];
  /** Email of the service account that the service runs as. It gets read access to the model. @default - a new service account */
  readonly serviceAccount?: string;
  /** Key that encrypts the image, in the region of the service. @default - a new key */
  readonly encryptionKey?: IEncryptionKey;
  /** Name of the service: up to 49 lowercase letters, digits and hyphens. @default - derived from the path of the construct */
  readonly name?: string;
  /** Whether Terraform is prevented from deleting the service. @default true */
  readonly deletionProtection?: boolean;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}
