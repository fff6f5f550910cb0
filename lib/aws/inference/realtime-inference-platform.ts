import { InterfaceVpcEndpointAwsService, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import { Problems } from '../../core/errors';
import { overBudget } from '../../core/planning/over-budget';
import { ANYTHING, fits, objectOf, oneOf, type Shape } from '../../core/shapes';
import type { InferenceGateway } from '../gateway/inference-gateway';
import { checkZones } from '../network/ml-vpc-checks';
import { MlVpc, zonesOf } from '../network/ml-vpc';
import { AlertTopic, checkEmails } from '../operations/alert-topic';
import { hasBudgets } from '../operations/budget-regions';
import { CostAllocation } from '../operations/cost-allocation';
import { checkBudget, CostBudget } from '../operations/cost-budget';
import { TEXTS } from '../props/shapes';
import { acceptRules } from '../template/accepted-rules';
import { record } from '../template/findings';
import { checkedEndpoint } from './checked-endpoint';
import { INFERENCE_ENDPOINT, type InferenceEndpointProps, kindOf } from './endpoint-options';
import { InferenceEndpoint } from './inference-endpoint';
import { InferenceObservability } from './inference-observability';
import {
  checkPlatformGateway,
  PLATFORM_GATEWAY,
  platformGateway,
  type PlatformGatewayOptions,
} from './platform-gateway';

/** Properties for `RealtimeInferencePlatform`: those of its endpoint, and who pays for it. */
export interface RealtimeInferencePlatformProps extends InferenceEndpointProps {
  /** Who pays: on every resource that takes tags. */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /** Most that all with the tag `project` may cost in a month, in US dollars. It warns, and stops nothing. */
  readonly monthlyBudgetUsd: number;
  /** Who is told of alarms and of the budget; each address must confirm. @default - nobody yet: subscribe to `alerts` */
  readonly alertEmails?: readonly string[];
  /** How sensitive requests and answers are. @default - no tag says it */
  readonly dataClass?: DataClass;
  /** Zones of a new VPC, at least two. @default - up to three of the stack's region */
  readonly availabilityZones?: readonly string[];
  /** The face for callers: authentication, a firewall, limits and screening before the endpoint. @default - none: nothing is public */
  readonly gateway?: PlatformGatewayOptions;
}

/**
 * Reference architecture: a model that answers at once on AWS, in a network of its own, with alarms, a dashboard, a budget and tags.
 *
 * The bucket of the model is not part of it: weights must be there before the first deployment, so the bucket has a stack of its own.
 */
export class RealtimeInferencePlatform extends Construct {
  /** The network of the containers, with a private way to invoke the endpoint. @default - a serverless endpoint has none */
  public readonly vpc?: IVpc;
  /** What answers: give it a gateway, or grant it to those who may invoke it. */
  public readonly endpoint: InferenceEndpoint;
  /** What callers reach. @default - none was asked for */
  public readonly gateway?: InferenceGateway;
  public readonly alerts: AlertTopic;
  public readonly observability: InferenceObservability;
  /** @default - none where the region is known to have no AWS Budgets */
  public readonly budget?: CostBudget;

  constructor(scope: Construct, id: string, props: RealtimeInferencePlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { costAllocation, monthlyBudgetUsd, dataClass } = props;

    CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.alerts = new AlertTopic(this, 'Alerts', { emails: props.alertEmails });
    const { topic } = this.alerts;
    this.vpc = kindOf(props).name === 'serverless' ? undefined : (props.vpc ?? this.createVpc(props));
    this.endpoint = new InferenceEndpoint(this, 'Endpoint', {
      ...props,
      vpc: this.vpc,
      alarmTopic: props.alarmTopic ?? topic,
    });
    this.gateway = props.gateway && platformGateway(this, this.endpoint, props.gateway, props.load);
    const { endpoint, gateway } = this;
    this.observability = new InferenceObservability(this, 'Observability', { endpoint, gateway, topic });
    if (hasBudgets(this)) {
      const tags = { project: costAllocation.project };
      this.budget = new CostBudget(this, 'Budget', { monthlyUsd: monthlyBudgetUsd, tags, topic });
    }
    const over = overBudget(this.endpoint.plan, monthlyBudgetUsd, 'scale to fewer at night by schedule');
    if (over) record(this, over);
    acceptRules(this);
  }

  private createVpc({ availabilityZones }: RealtimeInferencePlatformProps): IVpc {
    return new MlVpc(this, 'Vpc', { availabilityZones, interfaceEndpoints: interfaceEndpoints() }).vpc;
  }
}

/** What callers in the VPC need: the endpoint itself. SageMaker brings images, logs and metrics past the VPC. */
function interfaceEndpoints() {
  return { SageMakerRuntime: InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME };
}

const PLATFORM: Shape<RealtimeInferencePlatformProps> = {
  ...INFERENCE_ENDPOINT,
  // The first three are judged by `checkBill`.
  costAllocation: ANYTHING,
  monthlyBudgetUsd: ANYTHING,
  alertEmails: ANYTHING,
  dataClass: oneOf(Object.values(DataClass)),
  availabilityZones: TEXTS,
  gateway: objectOf(PLATFORM_GATEWAY),
};

function checkPlatform(scope: Construct, props: RealtimeInferencePlatformProps): void {
  const problems = new Problems();
  const typed = fits(problems, props, PLATFORM);
  if (props) checkBill(problems, props);
  if (typed) {
    checkedEndpoint(problems, props, scope);
    if (props.gateway) checkPlatformGateway(problems.within('gateway'), props.gateway, props);
    if (!props.vpc && kindOf(props).name !== 'serverless') checkZones(problems, zonesOf(scope, props));
  }
  problems.throwIfAny(scope);
}

function checkBill(problems: Problems, props: RealtimeInferencePlatformProps): void {
  checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
  checkBudget(problems, props.monthlyBudgetUsd, 'monthlyBudgetUsd');
  checkEmails(problems, props.alertEmails, 'alertEmails');
}
