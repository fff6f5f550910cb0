import { ProblemCollector } from '../../core/errors';
import { assertProps, required, brand } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import type { ModelSource } from '../../kubernetes';
import {
  type BucketModelOptions,
  type HubModelOptions,
  hubSource,
  type VolumeModelOptions,
  volumeSource,
} from '../../kubernetes/serving/model-volume';
import type { IDataBucket } from '../storage/data-bucket';
import { DATA_BUCKET, INFERENCE_GATEWAY_OPTIONS, INTERNAL_LOAD_BALANCER_OPTIONS } from '../prop-schemas';
import { BUCKET_MODEL_OPTIONS, GATEWAY_OPTIONS } from '../../kubernetes/prop-schemas';
import type { GatewayOptions } from '../../kubernetes/serving/gateway';

/**
 * Image that downloads from a bucket, with `sh`, `sha256sum` and the gcloud CLI. A public repository pins the same tag; read 2026-11.
 *
 * @see https://cloud.google.com/sdk/docs/downloads-docker
 */
export const FETCH_IMAGE = 'gcr.io/google.com/cloudsdktool/google-cloud-cli:562.0.0-slim';

/**
 * The source of a served model: one fixed version.
 *
 * @example
 * ```ts
 * import { ServingModel } from 'ai-infra-constructs/google';
 *
 * ServingModel.huggingFace('Qwen/Qwen3-8B', {
 *   revision: '0123456789abcdef0123456789abcdef01234567',
 *   sizeGiB: 15.3,
 * });
 * ```
 */
export class ServingModel {
  /** A model in a bucket. Each file is checked against a list of digests, whose own digest is in the options. */
  static bucket(bucket: IDataBucket, options: BucketModelOptions): ServingModel {
    assertProps({ bucket }, { bucket: required(DATA_BUCKET) });
    assertProps(options, BUCKET_MODEL_OPTIONS, { name: 'options' });
    checkPrefix(options.prefix);
    return new ServingModel(options.sizeGiB, undefined, { bucket, ...options });
  }

  /** A commit of a Hugging Face repository, `<organization>/<name>`. Only for vLLM. */
  static huggingFace(repository: string, options: HubModelOptions): ServingModel {
    const source = hubSource(repository, options);
    return new ServingModel(options.sizeGiB, source);
  }

  /** A folder of a volume with a claim in the namespace, for example Managed Lustre or a disk for many readers. */
  static volume(claimName: string, options: VolumeModelOptions): ServingModel {
    const source = volumeSource(claimName, options);
    return new ServingModel(options.sizeGiB, source);
  }

  private constructor(
    /** Size of the weights, in GiB. */
    public readonly sizeGiB: number,
    private readonly fixedSource?: ModelSource,
    private readonly files?: BucketModelOptions & { readonly bucket: IDataBucket },
  ) {}

  /** Bucket of the model. @default - the model is not in a bucket */
  get bucket(): IDataBucket | undefined {
    return this.files?.bucket;
  }

  /** Address of the model: `gs://…` without a trailing slash. @default - the model is not in a bucket */
  get address(): string | undefined {
    if (!this.files) return undefined;
    return `gs://${this.files.bucket.name}/${this.files.prefix}`.replace(/\/+$/, '');
  }

  /** @internal The source for the Kubernetes layer. @param address address of the files, or the name of a variable */
  source(address = this.address): ModelSource {
    if (this.fixedSource) return this.fixedSource;
    return {
      kind: 'object-storage',
      address: address ?? '',
      sha256: this.files?.sha256 ?? '',
      image: FETCH_IMAGE,
      // Backticks, because the kubelet expands `$(`.
      copy: 'mkdir -p "`dirname "$to"`" && gcloud storage cp --quiet --no-user-output-enabled "$from" "$to"',
    };
  }
}

brand(ServingModel, 'google.ServingModel');

/** A folder that a shell and a URL read as it is written. */
const PREFIX = /^[\w.@=+-]+(\/+[\w.@=+-]+)*\/*$/;

function checkPrefix(prefix: string): void {
  if (isUnknown(prefix) || (PREFIX.test(prefix) && !prefix.split('/').includes('..'))) return;
  const problems = new ProblemCollector();
  problems.add({
    code: 'ModelSourceInvalid',
    prop: 'options.prefix',
    allowed: 'a folder of the bucket: letters, digits, and . _ - = + @, separated by /',
    got: prefix,
    fix: 'For example, use llama-3.1-70b/v3/.',
  });
  problems.throwIfAny();
}

/** A host name, or all hosts of a domain. @see https://gateway-api.sigs.k8s.io/reference/spec/#hostname */
const HOST = /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

function checkHostnames(hostnames: readonly string[] = []): void {
  const problems = new ProblemCollector();
  hostnames.forEach((got, index) => {
    if (isUnknown(got) || HOST.test(got)) return;
    problems.add({
      code: 'IngressInvalid',
      prop: `options.hostnames[${index}]`,
      allowed: 'a host name in lower case, for example models.example.com or *.example.com',
      got,
      fix: 'Leave out the protocol, the port and the path.',
    });
  });
  problems.throwIfAny();
}

/** Options for a load balancer inside the network. */
export interface InternalLoadBalancerOptions {
  /** CIDR blocks of the clients. The pods accept requests only from these addresses. */
  readonly clientCidrs: readonly string[];
}

/** Options for an inference gateway inside the network. */
export interface InferenceGatewayOptions {
  /** Name of a regional SSL certificate of Compute Engine, for HTTPS on port 443. @default - HTTP on port 80 */
  readonly certificate?: string;
  /** Host names of the route. @default - all host names */
  readonly hostnames?: readonly string[];
}

/**
 * The ingress of a served model. It is always private.
 *
 * @example
 * ```ts
 * import { ServingIngress } from 'ai-infra-constructs/google';
 *
 * ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.0.0/18'] });
 * ```
 */
export class ServingIngress {
  /** A service in the cluster, for pods of the same namespace. */
  static clusterOnly(): ServingIngress {
    return new ServingIngress();
  }

  /** An internal passthrough network load balancer. */
  static internalLoadBalancer(options: InternalLoadBalancerOptions): ServingIngress {
    assertProps(options, INTERNAL_LOAD_BALANCER_OPTIONS, { name: 'options' });
    return new ServingIngress({ balancer: options });
  }

  /**
   * A new GKE Inference Gateway inside the network. Its endpoint picker sends each request to the replica with the lowest load, or with the
   * start of the prompt in its cache.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/about-gke-inference-gateway
   */
  static inferenceGateway(options: InferenceGatewayOptions = {}): ServingIngress {
    assertProps(options, INFERENCE_GATEWAY_OPTIONS, { name: 'options' });
    checkHostnames(options.hostnames);
    return new ServingIngress({ gateway: options });
  }

  /** An inference pool behind an existing gateway and endpoint picker of the cluster. */
  static gateway(options: GatewayOptions): ServingIngress {
    assertProps(options, GATEWAY_OPTIONS, { name: 'options' });
    checkHostnames(options.hostnames);
    return new ServingIngress({ route: options });
  }

  /** @internal Options of the load balancer. */
  readonly balancer?: InternalLoadBalancerOptions;
  /** @internal Options of the new gateway. */
  readonly gateway?: InferenceGatewayOptions;
  /** @internal The existing gateway. */
  readonly route?: GatewayOptions;

  private constructor(options: Pick<ServingIngress, 'balancer' | 'gateway' | 'route'> = {}) {
    this.balancer = options.balancer;
    this.gateway = options.gateway;
    this.route = options.route;
  }

  /** @internal Whether it has a reserved address. */
  get hasAddress(): boolean {
    return this.balancer !== undefined || this.gateway !== undefined;
  }

  /** Whether requests are encrypted on the network, as far as the library can determine. */
  get isEncrypted(): boolean {
    return this.balancer === undefined && (this.gateway === undefined || this.gateway.certificate !== undefined);
  }
}

brand(ServingIngress, 'google.ServingIngress');
