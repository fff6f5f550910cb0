import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { INFERENCE_AMIS, type InferenceAmi } from '../../core/catalog/sagemaker-hosting';
import { PRICE_OVERRIDE, type PriceOverride } from '../../core/catalog/price-override';
import { FLAG, listOf, oneOf, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import { SERVING_LOAD, type ServingLoad } from '../../core/workload/serving-load';
import { AWS_MACHINE, type AwsMachine } from '../machine/machine';
import { KEY, ROLE, SUBNET_SELECTION, TOPIC, VPC } from '../props/shapes';
import { DATA_CAPTURE, type DataCapture } from './data-capture';
import { ENDPOINT_KIND, EndpointKind } from './endpoint-kind';
import { ENDPOINT_ROUTING, type EndpointRouting } from './endpoint-routing';
import { ENDPOINT_SCALING, type EndpointScaling } from './endpoint-scaling';
import { ENDPOINT_UPDATE, type EndpointUpdate } from './endpoint-update';
import { SERVED_MODEL, type ServedModel } from './served-model';

/** Properties for `InferenceEndpoint`: what is served, on what, and for whom. */
export interface InferenceEndpointProps {
  /** The models by name, the first one first: 1 to 20 lower-case letters, digits and `-`. Components and variants take their names. */
  readonly models: Readonly<Record<string, ServedModel>>;
  /** The machine that every instance is; serverless endpoints have none. */
  readonly machine?: AwsMachine;
  /** @default EndpointKind.components() */
  readonly kind?: EndpointKind;
  /**
   * What the first model must bear. It sizes what is left open, copies and limits, and what is stated is checked against it.
   *
   * @default - the hardware alone is checked
   */
  readonly load?: ServingLoad;
  /** Limits and target of scaling. @default - those of the load; one copy or instance without one */
  readonly scaling?: EndpointScaling;
  /** Which instance or copy answers. @default EndpointRouting.leastOutstanding() */
  readonly routing?: EndpointRouting;
  /** How a new version takes over. @default - rolling where two or more are kept, else all at once, both with alarms that roll it back */
  readonly update?: EndpointUpdate;
  /** The VPC that containers, and the download of models, go through. @default - SageMaker's own network */
  readonly vpc?: IVpc;
  /** @default - the private subnets of `vpc`, or its isolated ones */
  readonly subnets?: SubnetSelection;
  /** Whether containers reach no network at all; SageMaker still brings the model. @default true, but for serverless endpoints */
  readonly isolated?: boolean;
  /**
   * The system of the instances. Containers with a newer CUDA than SageMaker's own choice has do not start: those with CUDA 13 need
   * `al2023-ami-sagemaker-inference-gpu-4-1`.
   *
   * @default - SageMaker chooses
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
   */
  readonly inferenceAmi?: InferenceAmi;
  /** Requests and answers to keep. @default - none */
  readonly dataCapture?: DataCapture;
  /** Key of the volumes, where the machine takes one: local disks are encrypted in hardware. @default - a new key, where it takes one */
  readonly encryptionKey?: IKey;
  /** Name of the endpoint, 1 to 42 lower-case letters, digits and `-`: who invokes it needs it. @default - from its path */
  readonly endpointName?: string;
  /** What SageMaker acts as. Rights to images, models and logs are added. @default - a new role */
  readonly role?: IRole;
  /** Where alarms speak. @default - they only change colour */
  readonly alarmTopic?: ITopic;
  /** Prices of your own for the plan of `load`, by SageMaker's names (`ml.g6e.xlarge`), before those of the table. @default - none */
  readonly prices?: readonly PriceOverride[];
  /** The day from which the age of prices counts. @default - the day of the newest price of the table */
  readonly pricesAsOf?: string;
}

/** The kinds of the props of an endpoint. */
export const INFERENCE_ENDPOINT: Shape<InferenceEndpointProps> = {
  models: required(recordOf(SERVED_MODEL)),
  machine: AWS_MACHINE,
  kind: ENDPOINT_KIND,
  load: SERVING_LOAD,
  scaling: ENDPOINT_SCALING,
  routing: ENDPOINT_ROUTING,
  update: ENDPOINT_UPDATE,
  vpc: VPC,
  subnets: SUBNET_SELECTION,
  isolated: FLAG,
  inferenceAmi: oneOf(Object.keys(INFERENCE_AMIS)),
  dataCapture: DATA_CAPTURE,
  encryptionKey: KEY,
  endpointName: TEXT,
  role: ROLE,
  alarmTopic: TOPIC,
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
};

/** Fills in what decides how the rest is checked and made. */
export function kindOf({ kind = EndpointKind.components() }: Pick<InferenceEndpointProps, 'kind'>): EndpointKind {
  return kind;
}

/** Whether containers reach no network. */
export function isIsolated(props: InferenceEndpointProps): boolean {
  return props.isolated ?? kindOf(props).name !== 'serverless';
}
