import { InterfaceVpcEndpointAwsService, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Prices } from '../../core/catalog/price-override';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import type { DataClass } from '../../core/data-class';
import { ProblemCollector } from '../../core/errors';
import { overBudget } from '../../core/planning/training-checks';
import { validateProps } from '../../core/prop-schema';
import type { ServingLoad } from '../../core/workload/serving-load';
import type { InferenceGateway } from '../gateway/inference-gateway';
import { checkZones, MlVpc, zonesOf } from '../network/ml-vpc';
import { AlertTopic, checkEmails } from '../operations/alert-topic';
import { hasBudgets, checkBudget, CostBudget } from '../operations/cost-budget';
import { CostAllocation } from '../operations/cost-allocation';
import { acceptRules } from '../template/accepted-rules';
import { record } from '../template/findings';
import type { IInferenceEndpoint } from './endpoint-base';
import { InferenceObservability } from './inference-observability';
import { checkPlatformGateway, platformGateway, type PlatformGatewayOptions } from './platform-gateway';
import type { RealtimeServing } from './realtime-serving';
import { REALTIME_INFERENCE_PLATFORM_PROPS } from '../prop-schemas';

/** Properties for `RealtimeInferencePlatform`. */
export interface RealtimeInferencePlatformProps {
  /** The endpoint that serves the models. */
  readonly serving: RealtimeServing;
  /**
   * Expected load of the first model. Sizes the settings of a new endpoint that you leave out, and validates the ones you set.
   *
   * @default - only the hardware is validated
   */
  readonly load?: ServingLoad;
  /** Your own prices. @default - the prices of the catalog */
  readonly prices?: Prices;
  /**
   * Cost allocation tags, applied to every resource that supports tags.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /**
   * Monthly budget in US dollars for all resources with the tag `project`. It sends alerts, but stops nothing.
   * @schema ANY
   */
  readonly monthlyBudgetUsd: number;
  /**
   * Email addresses that receive alarms and budget alerts. Each address must confirm.
   *
   * @default - no subscriptions. Add some to `alerts`
   * @schema ANY
   */
  readonly alertEmails?: readonly string[];
  /** Sensitivity of requests and answers, which becomes a tag. @default - no tag */
  readonly dataClass?: DataClass;
  /** VPC of the containers. @default - a new `MlVpc`. Serverless and existing endpoints get no VPC */
  readonly vpc?: IVpc;
  /** Zones of a new VPC, at least two. @default - up to three zones of the region */
  readonly availabilityZones?: readonly string[];
  /** Gateway with authentication, a firewall, limits and screening. @default - no gateway, and no public access */
  readonly gateway?: PlatformGatewayOptions;
}

/**
 * Reference architecture for real-time inference on SageMaker: an endpoint in a VPC, alarms, a dashboard, a budget and cost tags.
 *
 * The bucket of the models is not included. The weights must be uploaded before the first deployment, so put the bucket into another stack.
 *
 * @example
 * ```ts
 * import {
 *   AwsMachine,
 *   DataBucket,
 *   DataPurpose,
 *   ModelArtifact,
 *   RealtimeInferencePlatform,
 *   RealtimeServing,
 *   ServingContainer,
 *   ServingImage,
 * } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const app = new App();
 * const bucket = new DataBucket(new Stack(app, 'Models'), 'Models', { purpose: DataPurpose.MODELS });
 * const image = ServingImage.deepLearningContainer('vllm', '0.20.0-gpu-py312-cu130-ubuntu22.04-sagemaker');
 *
 * new RealtimeInferencePlatform(new Stack(app, 'Inference'), 'Platform', {
 *   serving: RealtimeServing.sageMaker({
 *     machine: AwsMachine.G6E_2XLARGE,
 *     inferenceAmi: 'al2023-ami-sagemaker-inference-gpu-4-1',
 *     models: {
 *       chat: {
 *         container: ServingContainer.vllm({ image }),
 *         artifact: ModelArtifact.files({ bucket, prefix: 'chat/v3/', version: 'v3', sizeGB: 16.1 }),
 *       },
 *     },
 *   }),
 *   costAllocation: { project: 'atlas', team: 'chat', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' },
 *   monthlyBudgetUsd: 12_000,
 * });
 * ```
 */
export class RealtimeInferencePlatform extends Construct {
  /** VPC of the containers. A new one has an interface endpoint for callers. @default - a serverless or existing endpoint gets no VPC */
  public readonly vpc?: IVpc;
  /** The endpoint: an `InferenceEndpoint` for `RealtimeServing.sageMaker`, or the existing one. */
  public readonly endpoint: IInferenceEndpoint;
  /** The gateway. @default - the platform has no gateway */
  public readonly gateway?: InferenceGateway;
  /** SNS topic that receives alarms and budget alerts. */
  public readonly alerts: AlertTopic;
  /** Dashboard and alarms. */
  public readonly observability: InferenceObservability;
  /** The budget. @default - the partition of the region has no AWS Budgets */
  public readonly budget?: CostBudget;

  constructor(scope: Construct, id: string, props: RealtimeInferencePlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { serving, load, prices, costAllocation, monthlyBudgetUsd, dataClass } = props;

    CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.alerts = new AlertTopic(this, 'Alerts', { alertEmails: props.alertEmails });
    const { topic } = this.alerts;
    this.vpc = serving.usesVpc ? (props.vpc ?? this.createVpc(props)) : undefined;
    this.endpoint = serving.provide(this, 'Endpoint', { load, prices, vpc: this.vpc, alertTopic: topic });
    this.gateway = props.gateway && platformGateway(this, this.endpoint, props.gateway, load);
    const { endpoint, gateway } = this;
    this.observability = new InferenceObservability(this, 'Observability', {
      endpoint,
      gateway,
      load,
      alertTopic: topic,
    });
    if (hasBudgets(this)) {
      const tags = { project: costAllocation.project };
      this.budget = new CostBudget(this, 'Budget', { monthlyUsd: monthlyBudgetUsd, tags, alertTopic: topic });
    }
    const over = overBudget(this.endpoint.plan, monthlyBudgetUsd, 'scale to fewer replicas at night by schedule');
    if (over) record(this, over);
    acceptRules(this);
  }

  private createVpc({ availabilityZones }: RealtimeInferencePlatformProps): IVpc {
    return new MlVpc(this, 'Vpc', { availabilityZones, interfaceEndpoints: interfaceEndpoints() }).vpc;
  }
}

/** Callers in the VPC need only the runtime endpoint. SageMaker transfers images, logs and metrics outside the VPC. */
function interfaceEndpoints() {
  return { SageMakerRuntime: InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME };
}

function checkPlatform(scope: Construct, props: RealtimeInferencePlatformProps): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, props, REALTIME_INFERENCE_PLATFORM_PROPS);
  if (props) checkBill(problems, props);
  if (typed) {
    const { serving, load, prices, vpc, gateway } = props;
    const ofServing = new ProblemCollector();
    const served = serving.check(ofServing, { load, prices, vpc }, scope);
    for (const problem of ofServing.all) problems.add({ ...problem, prop: platformPath(problem.prop) });
    if (gateway && served) checkPlatformGateway(problems.within('gateway'), gateway, served);
    if (!vpc && serving.usesVpc) checkZones(problems, zonesOf(scope, props));
  }
  problems.throwIfAny(scope);
}

/** Path of a prop of the endpoint in the props of the platform. */
function platformPath(prop: string): string {
  return /^(load|prices|vpc)\b/.test(prop) ? prop : `serving.${prop}`;
}

function checkBill(problems: ProblemCollector, props: RealtimeInferencePlatformProps): void {
  checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
  checkBudget(problems, props.monthlyBudgetUsd, 'monthlyBudgetUsd');
  checkEmails(problems, props.alertEmails, 'alertEmails');
}
