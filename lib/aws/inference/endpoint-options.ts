import type { Prices } from '../../core/catalog/price-override';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type InferenceAmi, SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { AwsMachine } from '../machine/machine';
import { EndpointKind, type EndpointKindName } from './endpoint-kind';
import type { EndpointScaling } from './endpoint-scaling';
import type { EndpointUpdate } from './endpoint-update';
import type { ServedModel } from './served-model';
import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import type { ProblemCollector } from '../../core/errors';
import { bucketOf, type IDataBucket } from '../storage/data-bucket';
import { checkBounds } from '../props/tokens';
import { Names, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { MAX_ENDPOINT_CHARACTERS } from './endpoint-checks';
import { assertProps, brand } from '../../core/prop-schema';
import { PREFIX_AWARE_OPTIONS } from '../prop-schemas';

/** Properties for `InferenceEndpoint`. */
export interface InferenceEndpointProps {
  /**
   * Models by name, the first one first. A name has 1 to 20 lower-case letters, digits and `-`, and becomes part of the name of the component or
   * variant.
   */
  readonly models: Readonly<Record<string, ServedModel>>;
  /** Machine type of every instance. Required unless the endpoint is serverless. @default - none, for a serverless endpoint */
  readonly machine?: AwsMachine;
  /** Kind of the endpoint. @default EndpointKind.components() */
  readonly kind?: EndpointKind;
  /**
   * Expected load of the first model. Sizes the copies and limits that you leave out, and validates the ones you set.
   *
   * @default - only the hardware is validated
   */
  readonly load?: ServingLoad;
  /** Range and target of autoscaling. @default - derived from `load`, or one copy or instance without a load */
  readonly scaling?: EndpointScaling;
  /** Strategy that selects the instance or copy for a request. @default EndpointRouting.leastOutstanding() */
  readonly routing?: EndpointRouting;
  /** How a new version is deployed. Alarms roll back a bad one. @default - rolling for two or more replicas, otherwise all at once */
  readonly update?: EndpointUpdate;
  /** VPC of the containers and of the model download. @default - the network of SageMaker */
  readonly vpc?: IVpc;
  /** Subnets of the containers in `vpc`. @default - the private subnets, or the isolated ones */
  readonly subnets?: SubnetSelection;
  /** Whether containers have no network access. SageMaker still downloads the model. @default true, or false for serverless endpoints */
  readonly isolated?: boolean;
  /**
   * AMI of the instances. Containers do not start if their CUDA is newer than the one of the AMI: CUDA 13 needs
   * `al2023-ami-sagemaker-inference-gpu-4-1`.
   *
   * @default - set by SageMaker
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
   */
  readonly inferenceAmi?: InferenceAmi;
  /** Capture of requests and answers in a bucket. @default - no capture */
  readonly dataCapture?: DataCapture;
  /** KMS key of the volumes. Machines with local disks encrypt them in hardware and accept no key. @default - a new key if the machine accepts one */
  readonly encryptionKey?: IKey;
  /** Name of the endpoint, 1 to 42 lower-case letters, digits and `-`. @default - generated from the construct path */
  readonly endpointName?: string;
  /** Execution role of SageMaker. Permissions for images, models and logs are added. @default - a new role */
  readonly role?: IRole;
  /** SNS topic that receives alarm notifications. @default - alarms only change state */
  readonly alertTopic?: ITopic;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
}

/** Kind of an endpoint, or the default. */
export function kindOf({ kind = EndpointKind.components() }: Pick<InferenceEndpointProps, 'kind'>): EndpointKind {
  return kind;
}

/** Whether containers have no network access. */
export function isIsolated(props: InferenceEndpointProps): boolean {
  return props.isolated ?? kindOf(props).name !== 'serverless';
}

/**
 * Capture of requests and answers in a bucket, in full. Protect the bucket as you protect the most sensitive prompt.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture.html
 */
export interface DataCapture {
  /** Bucket that receives the requests and answers. */
  readonly bucket: IDataBucket;
  /** Percentage of the requests to capture, from 1 to 100. @default 10 */
  readonly percent?: number;
  /** Prefix of the object keys. @default 'captured/' */
  readonly prefix?: string;
}

/** Prefix of the keys of captured requests. */
export function capturePrefix({ prefix = 'captured/' }: DataCapture): string {
  return prefix;
}

/** The capture configuration of SageMaker. */
export function captureConfig(capture: DataCapture): CfnEndpointConfig.DataCaptureConfigProperty {
  const bucket = bucketOf(capture.bucket);
  return {
    enableCapture: true,
    initialSamplingPercentage: capture.percent ?? 10,
    destinationS3Uri: bucket.s3UrlForObject(capturePrefix(capture)),
    kmsKeyId: bucket.encryptionKey?.keyArn,
    captureOptions: [{ captureMode: 'Input' }, { captureMode: 'Output' }],
  };
}

/** Adds what is wrong with a capture. */
export function checkCapture(problems: ProblemCollector, { percent }: DataCapture): void {
  checkBounds(problems.within('dataCapture'), 'CaptureInvalid', 'percent', percent, SAGEMAKER_HOSTING.capturePercent);
}

/**
 * The name of an endpoint from its path. Alarms and log groups are created first and refer to the endpoint by name, and so do its callers.
 * SageMaker replaces an endpoint only if its name changes, so a fixed name does not block updates.
 */
export function defaultEndpointName(scope: Construct): string {
  return Names.uniqueResourceName(scope, { maxLength: MAX_ENDPOINT_CHARACTERS, separator: '-' }).toLowerCase();
}

/** The name of an inference component. Unique in the region, like the name of the endpoint. */
export function componentName(endpointName: string, model: string): string {
  return `${endpointName}-${model}`;
}

/** Name of the log group that the containers of a model write to. */
export function logGroupName(kind: EndpointKindName, endpointName: string, model: string): string {
  return kind === 'components'
    ? `/aws/sagemaker/InferenceComponents/${componentName(endpointName, model)}`
    : `/aws/sagemaker/Endpoints/${endpointName}`;
}

/** The ARN of a SageMaker resource. */
export function arnOf(scope: Construct, resource: 'endpoint' | 'inference-component', resourceName: string): string {
  return Stack.of(scope).formatArn({ service: 'sagemaker', resource, resourceName });
}

/** Options for prefix-aware routing. */
export interface PrefixAwareOptions {
  /** Number of bytes at the start of a request that select the instance, from 1024 to 65536. Exceed the part that all prompts share. @default 4096 */
  readonly prefixLength?: number;
  /** Concurrent requests of one instance or copy above which other ones are used, from 1 to 1024. @default 16 */
  readonly concurrencyThreshold?: number;
}

const DEFAULTS = { prefixLength: 4_096, concurrencyThreshold: 16 };

/**
 * Strategy that selects the instance or copy for a request.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantRoutingConfig.html
 */
export class EndpointRouting {
  /** Selects the replica with the least outstanding requests. Suits generation, where answers differ in length. */
  static leastOutstanding(): EndpointRouting {
    return new EndpointRouting('LEAST_OUTSTANDING_REQUESTS');
  }

  /** Selects a random instance or copy. */
  static random(): EndpointRouting {
    return new EndpointRouting('RANDOM');
  }

  /** Selects the replica that served the same prefix before and has its keys and values in the cache. */
  static prefixAware(options: PrefixAwareOptions = {}): EndpointRouting {
    assertProps(options, PREFIX_AWARE_OPTIONS, { name: 'options' });
    return new EndpointRouting('PREFIX_AWARE', { ...DEFAULTS, ...definedOf(options) });
  }

  private constructor(
    /** @internal */
    public readonly strategy: 'LEAST_OUTSTANDING_REQUESTS' | 'RANDOM' | 'PREFIX_AWARE',
    private readonly prefix?: Required<PrefixAwareOptions>,
  ) {}

  /** @internal The routing configuration of SageMaker. */
  get config(): CfnEndpointConfig.RoutingConfigProperty {
    return { routingStrategy: this.strategy, prefixAwareRoutingConfig: this.prefix };
  }

  /** @internal Adds what SageMaker rejects. */
  check(problems: ProblemCollector): void {
    if (!this.prefix) return;
    const of = problems.within('routing');
    const { prefixLength, prefixConcurrency } = SAGEMAKER_HOSTING;
    checkBounds(of, 'RoutingPolicy', 'prefixLength', this.prefix.prefixLength, prefixLength);
    checkBounds(of, 'RoutingPolicy', 'concurrencyThreshold', this.prefix.concurrencyThreshold, prefixConcurrency);
  }
}

brand(EndpointRouting, 'aws.EndpointRouting');

/** Options without explicit `undefined` values, which would override the defaults. */
function definedOf(options: PrefixAwareOptions): PrefixAwareOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
