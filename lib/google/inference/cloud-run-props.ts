import { PRICE_OVERRIDE, type PriceOverride } from '../../core/catalog/price-override';
import { FLAG, type Kind, listOf, NUMBER, objectOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { SERVING_LOAD, type ServingLoad } from '../../core/workload/serving-load';
import { SERVING_SERVER, type ServingServer } from '../../kubernetes';
import { type IMlNetwork, ML_NETWORK } from '../network/network-attributes';
import { ENCRYPTION_KEY, type EncryptionKey } from '../operations/encryption-key';
import { CloudRunGpu } from './cloud-run-gpu';
import { CLOUD_RUN_MODEL, type CloudRunModel } from './cloud-run-model';

/** From where requests may come. IAM decides in any case who may send them. */
export enum CloudRunIngress {
  /** From networks of the project and its perimeter, and from other services of the region. */
  INTERNAL = 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  /** Also from a load balancer, which has the address, the certificate and the firewall of an application. */
  LOAD_BALANCER = 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
  /** From anywhere. */
  ALL = 'INGRESS_TRAFFIC_ALL',
}

/** Between which numbers instances move. */
export interface InstanceScaling {
  /** Fewest, which are paid whether they work or not. @default - what the load takes; 0 without one */
  readonly minimum?: number;
  /** Most. @default - twice what the load takes; 1 without one */
  readonly maximum?: number;
}

/** Properties for `CloudRunInference`: what is served, on what, and for whom. */
export interface CloudRunInferenceProps {
  /** The region that it stands in, e.g. `europe-west4`. */
  readonly region: string;
  /** The GPU of each instance. */
  readonly gpu: CloudRunGpu;
  /** What is served. */
  readonly model: CloudRunModel;
  /** What serves it. @default ServingServer.vllm() */
  readonly server?: ServingServer;
  /**
   * What the model must bear. It sizes what is left open, and what is stated is checked against it.
   *
   * @default - only that the weights fit is checked
   */
  readonly load?: ServingLoad;
  /** How many instances there are. @default - as many as `load` takes; none to one without it */
  readonly scaling?: InstanceScaling;
  /** Requests that one instance takes at once, 1 to 1,000: others wait, and make further instances come. @default - its share of `load`; 16 without one */
  readonly concurrency?: number;
  /** Seconds that an answer may take, 1 to 3,600. @default 600 */
  readonly timeoutSeconds?: number;
  /** Cores of an instance. @default 8 with an L4, 20 with an RTX PRO 6000 */
  readonly vcpus?: number;
  /** Memory of an instance, in GiB. @default 32 with an L4, 80 with an RTX PRO 6000 */
  readonly memoryGiB?: number;
  /** Whether GPUs are kept for the failure of a zone: for more money, under a quota of its own. @default false */
  readonly zonalRedundancy?: boolean;
  /** From where requests may come. @default CloudRunIngress.INTERNAL */
  readonly ingress?: CloudRunIngress;
  /** The network that all of its own traffic goes through, in its region. @default - Google's, with the internet behind it */
  readonly network?: IMlNetwork;
  /** Members of IAM that may send requests, e.g. `serviceAccount:…`. @default - none */
  readonly invokers?: readonly string[];
  /** Email of the account that it runs as; the right to read the model is added. @default - a new one, with that right alone */
  readonly serviceAccount?: string;
  /** The key of its image, in its region. @default - a new key */
  readonly encryptionKey?: EncryptionKey;
  /** Name of the service, up to 49 lower-case letters, digits and hyphens. @default - from its path */
  readonly name?: string;
  /** Whether Terraform may not delete it. @default true */
  readonly deletionProtection?: boolean;
  /** Prices of your own for the plan of `load`, by the names `cloud-run-nvidia-l4` and `cloud-run-nvidia-rtx-pro-6000`. @default - what is known of an L4 */
  readonly prices?: readonly PriceOverride[];
  /** The day from which the age of prices counts. @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
}

const INSTANCE_SCALING: Kind = objectOf<InstanceScaling>(
  { minimum: NUMBER, maximum: NUMBER },
  'a scaling { minimum, maximum }',
);

/** The kinds of the props of a service. */
export const CLOUD_RUN_INFERENCE: Shape<CloudRunInferenceProps> = {
  region: required(TEXT),
  gpu: required(oneOf(Object.values(CloudRunGpu))),
  model: required(CLOUD_RUN_MODEL),
  server: SERVING_SERVER,
  load: SERVING_LOAD,
  scaling: INSTANCE_SCALING,
  concurrency: NUMBER,
  timeoutSeconds: NUMBER,
  vcpus: NUMBER,
  memoryGiB: NUMBER,
  zonalRedundancy: FLAG,
  ingress: oneOf(Object.values(CloudRunIngress)),
  network: ML_NETWORK,
  invokers: listOf(TEXT),
  serviceAccount: TEXT,
  encryptionKey: ENCRYPTION_KEY,
  name: TEXT,
  deletionProtection: FLAG,
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
};
