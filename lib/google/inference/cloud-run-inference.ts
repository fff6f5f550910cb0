import { Construct } from 'constructs';
import { CLOUD_RUN } from '../../core/catalog/cloud-run-gpus';
import type { ReplicaLimits } from '../../core/planning/serving/endpoint-load';
import type { ServingPlan } from '../../core/planning/serving/plan-serving';
import { validated } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { recordWorkload } from '../../terraform/recorded-workload';
import { EncryptionKey, type IEncryptionKey } from '../operations/encryption-key';
import {
  CloudRunV2Service,
  CloudRunV2ServiceIamMember,
  ServiceAccount,
  StorageBucketIamMember,
  type CloudRunV2ServiceConfig,
} from '../provider/google';
import { existingDependencies } from '../../terraform/existing-dependencies';
import { resolveService, type ResolvedService } from './cloud-run-checks';
import { type CloudRunGpu, type CloudRunModel, cloudRunOffers, gpuRow, MODEL_MOUNT } from './cloud-run-model';
import { cloudRunMetrics, type EndpointMetrics } from './inference-observability';
import { assertInvoker } from './invokers';
import { ServiceAgent } from '../operations/current-project';
import { CLOUD_RUN_INFERENCE_PROPS } from '../prop-schemas';
import type { Prices } from '../../core/catalog/price-override';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { ServingServer } from '../../kubernetes';
import type { IMlNetwork } from '../network/network-attributes';
import { STARTUP } from '../../kubernetes/serving/load-plan';
import { commandOf } from '../../kubernetes/serving/serving-server';
import { openContainer } from '../../core/machine-findings';
import { imageFindings, planFindings, sizeFindings } from '../../kubernetes/serving/inference-findings';
import { record } from '../../terraform/findings';
import { isUnknown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';
import { IMAGE_NAMES } from './image-names';
import { recordRequestTime } from '../../terraform/request-time';

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

/**
 * A model on Cloud Run, with one GPU for each instance.
 *
 * A service can scale to zero. Each start reads the weights again, from a bucket or from the image.
 *
 * @see https://cloud.google.com/run/docs/configuring/services/gpu
 * @example
 * ```ts
 * import { CloudRunGpu, CloudRunInference, CloudRunModel } from 'ai-infra-constructs/google';
 * import { App, TerraformStack } from 'cdktf';
 *
 * const stack = new TerraformStack(new App(), 'serving');
 * const service = new CloudRunInference(stack, 'Chat', {
 *   region: 'europe-west4',
 *   gpu: CloudRunGpu.L4,
 *   model: CloudRunModel.bucket({ name: 'my-models' }, { prefix: 'gemma-3-4b/v2/', sizeGiB: 8 }),
 * });
 * service.grantInvoke('App', 'serviceAccount:app@my-project.iam.gserviceaccount.com');
 * ```
 */
export class CloudRunInference extends Construct {
  /** The Cloud Run service. */
  public readonly resource: CloudRunV2Service;
  /** Name of the service. */
  public readonly name: string;
  /** Region of the service. */
  public readonly region: string;
  /** GPU of each instance. */
  public readonly gpu: CloudRunGpu;
  /** Minimum and maximum number of instances. */
  public readonly limits: ReplicaLimits;
  /** Concurrent requests for each instance. */
  public readonly concurrency: number;
  /** Email of the service account that the service runs as. */
  public readonly serviceAccount: string;
  /** Key that encrypts the image. */
  public readonly encryptionKey: IEncryptionKey;
  /** Replicas, memory, latency and cost for the load. @default - no load */
  public readonly plan?: ServingPlan;

  constructor(scope: Construct, id: string, props: CloudRunInferenceProps) {
    super(scope, id);
    checkProviders(this);
    const resolved = validated(this, props, CLOUD_RUN_INFERENCE_PROPS, (problems) => resolveService(problems, props));
    const { region, gpu, load, prices, ingress = CloudRunIngress.INTERNAL } = props;
    this.region = region;
    this.gpu = gpu;
    this.limits = resolved.limits;
    this.concurrency = resolved.concurrency;
    this.plan = resolved.planned?.plan;
    this.name = props.name ?? physicalName(this, CLOUD_RUN.maxNameLength);
    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { region });
    this.serviceAccount = props.serviceAccount ?? this.createAccount();
    const { name, serviceAccount, encryptionKey } = this;
    this.resource = new CloudRunV2Service(this, 'Resource', {
      name,
      location: region,
      ingress,
      deletionProtection: props.deletionProtection ?? true,
      template: serviceTemplate({ props, resolved, name, serviceAccount, encryptionKey: encryptionKey.keyId }),
      dependsOn: existingDependencies(this, [
        ...encryptionKey.grantTo(ServiceAgent.CLOUD_RUN, this),
        ...this.grantModel(props),
      ]),
      // The first instance pulls an image of several GB and reads the weights.
      timeouts: { create: '60m', update: '60m', delete: '30m' },
      // The API also sets limits on the service itself, next to those of its revisions. Source: hashicorp/terraform-provider-google#25310.
      lifecycle: { ignoreChanges: ['scaling'] },
    });
    props.invokers?.forEach((member, index) => this.grantInvoke(`Invoker-${index}`, member));
    recordServiceFindings(this, props, resolved);
    if (this.plan) {
      const offers = () => cloudRunOffers(resolved.size, prices);
      recordWorkload(this, { plan: this.plan, workload: load, prices, offers });
    }
  }

  /** URL of the service: `https://….run.app`. */
  get url(): string {
    return this.resource.uri;
  }

  /** Metrics of the service in Cloud Monitoring. */
  get metrics(): EndpointMetrics {
    return cloudRunMetrics(this.resource.name, this.region);
  }

  /** Allows an IAM member to send requests to this service. */
  grantInvoke(id: string, member: string): CloudRunV2ServiceIamMember {
    assertInvoker(this, id, member);
    const { region: location, resource } = this;
    return new CloudRunV2ServiceIamMember(this, id, {
      name: resource.name,
      location,
      role: 'roles/run.invoker',
      member,
    });
  }

  private createAccount(): string {
    return new ServiceAccount(this, 'Account', {
      accountId: physicalName(this, LONGEST_ACCOUNT),
      displayName: `Inference of ${this.node.path}`.slice(0, 100),
    }).email;
  }

  private grantModel({ model }: CloudRunInferenceProps): StorageBucketIamMember[] {
    if (!model.bucket) return [];
    const member = `serviceAccount:${this.serviceAccount}`;
    return [
      new StorageBucketIamMember(this, 'Model', {
        bucket: model.bucket.name,
        role: 'roles/storage.objectViewer',
        member,
      }),
    ];
  }
}

/** Maximum length of a service account ID. Source: documentation of the provider, google 6.50.0. */
const LONGEST_ACCOUNT = 30;

type StartProps = Pick<CloudRunInferenceProps, 'model' | 'network'>;

/** Returns the assumed rate at which an instance reads weights, in GiB/s, within the limit of Direct VPC egress. */
export function readGiBPerSecond({ model, network }: StartProps): number {
  const max = network && model.bucket ? (CLOUD_RUN.directVpcGbps * 1e9) / 8 / 2 ** 30 : Number.POSITIVE_INFINITY;
  return Math.min(STARTUP.readGiBPerSecond, max);
}

/** Returns the allowed start time in seconds, a multiple of the probe period. */
export function startSeconds(props: StartProps): number {
  const seconds = props.model.sizeGiB / readGiBPerSecond(props) + STARTUP.initializationSeconds;
  const periods = Math.ceil(seconds / STARTUP.periodSeconds);
  return Math.min(periods * STARTUP.periodSeconds, CLOUD_RUN.startupSeconds);
}

type Template = CloudRunV2ServiceConfig['template'];

/** Input for a revision of a service. */
export interface ServiceContext {
  readonly props: CloudRunInferenceProps;
  readonly resolved: ResolvedService;
  /** Name of the service. It is also the default model name in requests. */
  readonly name: string;
  readonly serviceAccount: string;
  readonly encryptionKey: string;
}

const VOLUME = 'model';

/** Returns the template of a revision. */
export function serviceTemplate({ props, resolved, name, serviceAccount, encryptionKey }: ServiceContext): Template {
  const { model, network } = props;
  const { size, limits, concurrency, requestTime } = resolved;
  return {
    serviceAccount,
    encryptionKey,
    // GPUs and bucket mounts need the second generation.
    executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
    timeout: `${requestTime.seconds}s`,
    maxInstanceRequestConcurrency: concurrency,
    scaling: { minInstanceCount: limits.minReplicas, maxInstanceCount: limits.maxReplicas },
    nodeSelector: { accelerator: size.gpu },
    gpuZonalRedundancyDisabled: !size.zonalRedundancy,
    containers: [containerOf(props, resolved, name)],
    volumes: model.bucket && [{ name: VOLUME, gcs: { bucket: model.bucket.name, readOnly: true } }],
    vpcAccess: network && {
      egress: 'ALL_TRAFFIC',
      networkInterfaces: [{ network: network.networkId, subnetwork: network.subnetworkId }],
    },
  };
}

function containerOf(props: CloudRunInferenceProps, { server, size }: ResolvedService, name: string) {
  const { model } = props;
  const { command, args } = commandOf(server, name, model.path, { tensorParallel: 1, pipelineParallel: 1 });
  return {
    name: 'server',
    image: server.image,
    command: [...command],
    args: [...args],
    env: server.env.map(({ name: variable, value }) => ({ name: variable, value })),
    ports: { containerPort: server.port },
    resources: {
      limits: { cpu: String(size.vcpus), memory: `${size.memoryGiB}Gi`, 'nvidia.com/gpu': '1' },
      // Billing with a GPU is for the whole lifetime of an instance, so its CPU stays allocated.
      cpuIdle: false,
      startupCpuBoost: true,
    },
    startupProbe: {
      httpGet: { path: server.readyPath, port: server.port },
      periodSeconds: STARTUP.periodSeconds,
      timeoutSeconds: 5,
      failureThreshold: startSeconds(props) / STARTUP.periodSeconds,
    },
    // A long prompt can delay the answer: restart only after a minute without one.
    livenessProbe: {
      httpGet: { path: server.livePath, port: server.port },
      periodSeconds: 15,
      timeoutSeconds: 10,
      failureThreshold: 4,
    },
    volumeMounts: model.bucket && [{ name: VOLUME, mountPath: MODEL_MOUNT }],
  };
}

const GPU_PAGE = 'https://cloud.google.com/run/docs/configuring/services/gpu';

/** Records the findings of a model on Cloud Run. */
export function recordServiceFindings(
  service: CloudRunInference,
  props: CloudRunInferenceProps,
  resolved: ResolvedService,
): void {
  recordRegion(service);
  recordExposure(service, props);
  recordInstances(service, props);
  recordImage(service, props, resolved);
  const { plan } = service;
  if (!plan) return;
  for (const finding of planFindings(plan)) record(service, finding);
  recordRequestTime(service, plan, resolved.requestTime);
  const { model, load } = props;
  for (const finding of sizeFindings({ sizeGiB: model.sizeGiB, load, plan })) record(service, finding);
}

function recordRegion(service: CloudRunInference): void {
  const { region, gpu } = service;
  const { title, regions, byInvitation } = gpuRow(gpu);
  if (isUnknown(region) || (regions.includes(region) && !byInvitation.includes(region))) return;
  const open = regions.filter((one) => !byInvitation.includes(one)).join(', ');
  record(service, {
    id: 'machine/region',
    level: 'warning',
    message: byInvitation.includes(region)
      ? `In ${region}, Cloud Run offers ${title} only to invited projects.`
      : `No source lists ${title} on Cloud Run in ${region}. It is available in ${open}.`,
    fix: `Use one of ${open}, or acknowledge this if your project has the GPU in this region.`,
    evidence: GPU_PAGE,
  });
}

function recordExposure(service: CloudRunInference, { ingress, network }: CloudRunInferenceProps): void {
  if (ingress === CloudRunIngress.ALL) {
    record(service, {
      id: 'network/public-endpoint',
      level: 'warning',
      message: 'The service accepts requests from the internet, if IAM allows the caller.',
      fix: 'Leave ingress out, or use a load balancer and CloudRunIngress.LOAD_BALANCER.',
      evidence: 'https://cloud.google.com/run/docs/securing/ingress',
    });
  }
  if (network) return;
  const evidence = 'https://cloud.google.com/run/docs/configuring/vpc-direct-vpc';
  record(service, openContainer('Google', 'Set network: its firewall and flow logs then apply.', evidence));
}

function recordInstances(service: CloudRunInference, props: CloudRunInferenceProps): void {
  const { minReplicas, maxReplicas } = service.limits;
  if (minReplicas === 0) {
    record(service, {
      id: 'serving/cold-start',
      level: 'info',
      message: `After an idle period the first request waits until an instance is ready, for up to ${startSeconds(props)} s.`,
      fix: 'Set scaling.minReplicas to 1 if no request may wait.',
      evidence: 'https://cloud.google.com/run/docs/configuring/services/gpu-best-practices',
    });
  }
  if (maxReplicas > 1) return;
  record(service, {
    id: 'serving/one-replica',
    level: 'info',
    message: 'At most one instance answers all requests.',
    fix: 'Set scaling.maxReplicas to 2 or more for availability, within your GPU quota.',
    evidence: GPU_PAGE,
  });
}

function recordImage(
  service: CloudRunInference,
  { server }: CloudRunInferenceProps,
  { server: { image } }: ResolvedService,
): void {
  for (const finding of imageFindings(image, IMAGE_NAMES)) record(service, finding);
  const { title, driver, cuda } = gpuRow(service.gpu);
  if (server?.hasOwnImage || cuda >= CUDA_OF_PUBLIC_IMAGES) return;
  record(service, {
    id: 'image/driver',
    level: 'warning',
    message: `The ${title} on Cloud Run has driver ${driver}, which supports CUDA ${cuda}. The public image is newer and depends on its compatibility libraries.`,
    fix: 'Test the image once, or build one with that CUDA version.',
    evidence: GPU_PAGE,
  });
}

/** CUDA version of the public server images, 12.9 or newer. Recalled from the releases of vLLM, unverified. */
const CUDA_OF_PUBLIC_IMAGES = 12.9;
