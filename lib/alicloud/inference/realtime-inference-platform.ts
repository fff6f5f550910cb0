import { Construct } from 'constructs';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import type { DataClass } from '../../core/data-class';
import { ProblemCollector } from '../../core/errors';
import { overBudget } from '../../core/planning/training-checks';
import { validateProps } from '../../core/prop-schema';
import { record } from '../../terraform/findings';
import { checkProviders } from '../../terraform/provider-checks';
import { isKnown } from '../../terraform/tokens';
import { MlNetwork } from '../network/ml-network';
import type { IMlNetwork } from '../network/network-attributes';
import { CostAllocation } from '../operations/cost-allocation';
import { checkZone, regionOf } from '../props/location';
import { REALTIME_INFERENCE_PLATFORM_PROPS } from '../prop-schemas';
import { checkContactGroups, InferenceObservability, isObserved } from './inference-observability';
import type { IRealtimeEndpoint, RealtimeServing, SharedServing } from './realtime-serving';

/** Properties for `RealtimeInferencePlatform`. */
export interface RealtimeInferencePlatformProps extends SharedServing {
  /** Backend that answers requests: PAI-EAS, Function Compute, or an existing endpoint. */
  readonly serving: RealtimeServing;
  /** Zones of a new network, for example `['cn-hangzhou-i', 'cn-hangzhou-j']`. Required without `network`, except for an existing endpoint. @default - the zones of `network` */
  readonly zones?: readonly string[];
  /** Existing network of the endpoint. @default - a new network in `zones` */
  readonly network?: IMlNetwork;
  /**
   * Tags for cost allocation, on every resource that supports tags.
   * @schema ANY
   */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /** Monthly budget in US dollars. Synthesis compares it with the plan, because Terraform has no resource for budgets of Alibaba Cloud. */
  readonly monthlyBudgetUsd: number;
  /** Names of existing contact groups of Cloud Monitor that receive alarms. @default - no alarms */
  readonly alertContactGroups?: readonly string[];
  /** Data class of requests and responses. @default - no tag */
  readonly dataClass?: DataClass;
}

/**
 * Reference architecture: a model that answers requests on Alibaba Cloud, with a network, alarms, a budget check, and tags. Only clients on the network of
 * Alibaba Cloud reach it, with its token or with permission in RAM.
 *
 * The bucket of the model is not part of the platform. Create it in a separate stack, because the weights must exist before the first deployment.
 *
 * @example
 * ```ts
 * import { ModelSpec, ServingLoad } from 'ai-infra-constructs';
 * import { AlicloudMachine, DataBucket, EndpointModel, RealtimeInferencePlatform, RealtimeServing } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const models = DataBucket.fromBucketName(stack, 'Models', 'my-models');
 * new RealtimeInferencePlatform(stack, 'Platform', {
 *   zones: ['cn-hangzhou-i', 'cn-hangzhou-j'],
 *   serving: RealtimeServing.eas({
 *     machine: AlicloudMachine.ECS_GN8IS_2XLARGE,
 *     models: { chat: { model: EndpointModel.bucket(models, { prefix: 'llama-3.1-8b/v3/', sizeGiB: 15 }) } },
 *   }),
 *   load: ServingLoad.of({ model: ModelSpec.LLAMA_3_1_8B, inputTokens: 1500, outputTokens: 300, requestsPerSecond: 12 }),
 *   costAllocation: { project: 'atlas', team: 'chat', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
 *   monthlyBudgetUsd: 12_000,
 *   alertContactGroups: ['ml-oncall'],
 * });
 * ```
 */
export class RealtimeInferencePlatform extends Construct {
  /** The endpoint: an `InferenceEndpoint`, a `FunctionInference`, or an existing one. */
  public readonly endpoint: IRealtimeEndpoint;
  /** Network of the endpoint. @default - the endpoint exists already */
  public readonly network?: IMlNetwork;
  /** Alarms. @default - no contact groups, or the endpoint has nothing in Cloud Monitor */
  public readonly observability?: InferenceObservability;

  constructor(scope: Construct, id: string, props: RealtimeInferencePlatformProps) {
    super(scope, id);
    checkProviders(this);
    checkPlatform(this, props);
    const { serving, load, prices, costAllocation, dataClass, monthlyBudgetUsd, alertContactGroups } = props;
    CostAllocation.apply(this, { ...costAllocation, dataClass });
    if (!serving.isExisting)
      this.network = props.network ?? new MlNetwork(this, 'Network', { zones: props.zones ?? [] });
    this.endpoint = serving.provide(this, 'Endpoint', { load, prices, network: this.network! });
    if (alertContactGroups && isObserved(this.endpoint))
      this.observability = new InferenceObservability(this, 'Observability', {
        endpoint: this.endpoint,
        load,
        alertContactGroups,
      });
    const over = overBudget(this.endpoint.plan, monthlyBudgetUsd, 'keep fewer replicas');
    if (over) record(this, over);
  }
}

function checkPlatform(scope: Construct, props: RealtimeInferencePlatformProps): void {
  const problems = new ProblemCollector();
  const typed = validateProps(problems, props, REALTIME_INFERENCE_PLATFORM_PROPS);
  if (props) checkCostAllocation(problems.within('costAllocation'), props.costAllocation);
  if (typed) {
    const { serving, load, prices, zones, alertContactGroups, monthlyBudgetUsd } = props;
    if (alertContactGroups) checkContactGroups(problems, alertContactGroups);
    if (isKnown(problems, 'monthlyBudgetUsd', monthlyBudgetUsd) && !(monthlyBudgetUsd > 0)) {
      const fix = 'Use the monthly cost that you accept.';
      problems.add({
        code: 'BudgetInvalid',
        prop: 'monthlyBudgetUsd',
        allowed: 'a number above 0',
        got: monthlyBudgetUsd,
        fix,
      });
    }
    const network = serving.isExisting ? undefined : networkOf(problems, props);
    if (network) {
      const inServing = new ProblemCollector();
      serving.check(inServing, { load, prices, network });
      for (const problem of inServing.all) problems.add({ ...problem, prop: platformProp(problem.prop, zones) });
    }
  }
  problems.throwIfAny(scope);
}

/** Returns the network, or a network in the zones for the checks. */
function networkOf(
  problems: ProblemCollector,
  { network, zones }: RealtimeInferencePlatformProps,
): IMlNetwork | undefined {
  if ((network === undefined) === (zones === undefined)) {
    problems.add({
      code: 'ValueMissing',
      prop: 'zones',
      allowed: network ? 'left out with network' : 'set without network',
      got: zones,
      fix: network ? 'Leave it out.' : 'Set the zones of a new network, or an existing network.',
    });
    return undefined;
  }
  if (network) return network;
  const before = problems.all.length;
  zones!.forEach((zone, index) => {
    checkZone(problems, `zones[${index}]`, zone);
  });
  // The new network checks the rest.
  if (problems.all.length > before || zones!.length === 0) return undefined;
  const planned = zones!.map((zone) => ({ zone, vswitchId: 'vsw-planned' }));
  return { vpcId: 'vpc-planned', securityGroupId: 'sg-planned', region: regionOf(zones![0]!), vswitches: planned };
}

/** Returns the path of a prop on the platform: a prop of the platform itself, or of `serving`. */
function platformProp(prop: string, zones: readonly string[] | undefined): string {
  if (/^network\b/.test(prop)) return zones ? 'zones' : prop;
  return /^(load|prices)\b/.test(prop) ? prop : `serving.${prop}`;
}
