import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { type DataClass } from '../../core/data-class';
import { ProblemCollector } from '../../core/errors';
import { overBudget } from '../../core/planning/training-checks';
import { validateProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { AlertChannels, checkBudget, CostBudget } from '../operations/cost-budget';
import { CostAllocation } from '../operations/cost-allocation';
import type { KubernetesInference } from '../kubernetes-inference/kubernetes-inference';
import { KubernetesInferenceObservability } from '../kubernetes-inference/kubernetes-inference-observability';
import { InferenceObservability, type ObservedEndpoint } from './inference-observability';
import type { IRealtimeEndpoint, RealtimeServing, SharedServing } from './realtime-serving';
import { REALTIME_INFERENCE_PLATFORM_PROPS } from '../prop-schemas';

/** Properties for `RealtimeInferencePlatform`. */
export interface RealtimeInferencePlatformProps extends SharedServing {
  /** Backend that answers requests: Vertex AI, Cloud Run, GKE, or an existing endpoint. */
  readonly serving: RealtimeServing;
  /**
   * Labels for cost allocation, on every resource that supports labels.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /**
   * Billing account, for example `012345-567890-ABCDEF`.
   * @schema ANY
   */
  readonly billingAccount: string;
  /**
   * Monthly budget in whole US dollars, for all resources with the label `project`. For Vertex AI and existing endpoints it covers the whole
   * Google Cloud project. The budget sends notifications, and stops nothing.
   * @schema ANY
   */
  readonly monthlyBudgetUsd: number;
  /** Email addresses that receive alerts and budget notifications. At most 5 with `alertChannels`. @default - no email, except to the billing administrators */
  readonly alertEmails?: readonly string[];
  /** Names of existing Cloud Monitoring notification channels for alerts and the budget. @default - alerts appear in the console only */
  readonly alertChannels?: readonly string[];
  /** Data class of requests and responses. @default - no label */
  readonly dataClass?: DataClass;
}

/**
 * Reference architecture: a model that answers requests on Google Cloud, with alerts, a dashboard, a budget and labels. Only callers with
 * permission in IAM, or clients of the private network, can reach it.
 *
 * The bucket of the model is not part of the platform. Create it in a separate stack, because the weights must exist before the first deployment.
 *
 * @example
 * ```ts
 * import { ModelSpec, ServingLoad } from 'ai-infra-constructs';
 * import { CloudRunGpu, CloudRunModel, RealtimeInferencePlatform, RealtimeServing } from 'ai-infra-constructs/google';
 * import { App, TerraformStack } from 'cdktf';
 *
 * const stack = new TerraformStack(new App(), 'serving');
 * new RealtimeInferencePlatform(stack, 'Platform', {
 *   serving: RealtimeServing.cloudRun({
 *     region: 'europe-west4',
 *     gpu: CloudRunGpu.RTX_PRO_6000,
 *     model: CloudRunModel.bucket({ name: 'my-models' }, { prefix: 'llama-3.1-8b/v3/', sizeGiB: 15 }),
 *   }),
 *   load: ServingLoad.of({ model: ModelSpec.LLAMA_3_1_8B, inputTokens: 1500, outputTokens: 300, requestsPerSecond: 12 }),
 *   costAllocation: { project: 'atlas', team: 'chat', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
 *   billingAccount: '012345-567890-ABCDEF',
 *   monthlyBudgetUsd: 12_000,
 *   alertEmails: ['ml-oncall@example.com'],
 * });
 * ```
 */
export class RealtimeInferencePlatform extends Construct {
  /** The endpoint: an `InferenceEndpoint`, a `CloudRunInference`, a `KubernetesInference`, or an existing one. */
  public readonly endpoint: IRealtimeEndpoint;
  /** Alerts and dashboard. @default - the endpoint has no metrics of its own, or an existing cluster does not collect them */
  public readonly observability?: InferenceObservability | KubernetesInferenceObservability;
  /** The budget. */
  public readonly budget: CostBudget;
  /** The email channels. @default - no `alertEmails` */
  public readonly alerts?: AlertChannels;

  constructor(scope: Construct, id: string, props: RealtimeInferencePlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { serving, load, prices, costAllocation, dataClass, billingAccount, monthlyBudgetUsd } = props;
    const { alertEmails: emails = [], alertChannels: existingChannels = [] } = props;

    const { labels } = CostAllocation.apply(this, { ...costAllocation, dataClass });
    if (emails.length > 0) this.alerts = new AlertChannels(this, 'Alerts', { emails });
    const channels = [...(this.alerts?.channelIds ?? []), ...existingChannels];
    this.endpoint = serving.provide(this, 'Endpoint', { load, prices });
    if (isKubernetes(this.endpoint)) {
      if (this.endpoint.isObserved)
        this.observability = new KubernetesInferenceObservability(this, 'Observability', {
          endpoint: this.endpoint,
          alertChannels: channels,
        });
    } else if (isObserved(this.endpoint)) {
      this.observability = new InferenceObservability(this, 'Observability', {
        endpoint: this.endpoint,
        load,
        alertChannels: channels,
      });
    }
    this.budget = new CostBudget(this, 'Budget', {
      billingAccount,
      monthlyUsd: monthlyBudgetUsd,
      // A budget by label does not include resources without labels.
      label: serving.isLabeled ? { key: 'project', value: labels.project! } : undefined,
      alertChannels: channels,
    });
    const over = overBudget(this.endpoint.plan, monthlyBudgetUsd, 'keep fewer replicas');
    if (over) record(this, over);
  }
}

/** By members, because two copies of the package share no class. */
function isKubernetes(endpoint: IRealtimeEndpoint): endpoint is KubernetesInference {
  return 'observed' in endpoint;
}

function isObserved(endpoint: IRealtimeEndpoint): endpoint is IRealtimeEndpoint & ObservedEndpoint {
  return endpoint.metrics !== undefined;
}

function checkPlatform(scope: Construct, props: RealtimeInferencePlatformProps): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, props, REALTIME_INFERENCE_PLATFORM_PROPS);
  if (props) {
    const { costAllocation, billingAccount, monthlyBudgetUsd: monthlyUsd } = props;
    checkCostAllocation(problems.within('costAllocation'), costAllocation);
    const { alertEmails = [], alertChannels = [] } = typed ? props : {};
    checkBudget(problems, { billingAccount, monthlyUsd, alertEmails, alertChannels }, 'monthlyBudgetUsd');
  }
  if (typed) {
    const { load, prices } = props;
    const inServing = new ProblemCollector();
    props.serving.check(inServing, { load, prices }, scope);
    for (const problem of inServing.all) problems.add({ ...problem, prop: platformProp(problem.prop) });
  }
  problems.throwIfAny(scope);
}

/** Returns the path of a prop on the platform: a prop of the platform itself, or of `serving`. */
function platformProp(prop: string): string {
  return /^(load|prices)\b/.test(prop) ? prop : `serving.${prop}`;
}
