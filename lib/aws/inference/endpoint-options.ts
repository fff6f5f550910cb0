import type { Prices } from '../../core/catalog/own-prices';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { InferenceAmi } from '../../core/catalog/sagemaker-hosting';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { AwsMachine } from '../machine/machine';
import type { DataCapture } from './data-capture';
import { EndpointKind } from './endpoint-kind';
import type { EndpointRouting } from './endpoint-routing';
import type { EndpointScaling } from './endpoint-scaling';
import type { EndpointUpdate } from './endpoint-update';
import type { ServedModel } from './served-model';

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
