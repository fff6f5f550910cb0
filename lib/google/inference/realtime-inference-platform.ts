import { Construct } from 'constructs';
import { PRICE_OVERRIDE } from '../../core/catalog/price-override';
import { checkCostAllocation, type CostAllocationProps } from '../../core/cost-allocation';
import { DataClass } from '../../core/data-class';
import { Problems } from '../../core/errors';
import { overBudget } from '../../core/planning/over-budget';
import { ANYTHING, fits, listOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { SERVING_LOAD } from '../../core/workload/serving-load';
import { record } from '../../terraform/findings';
import { CostAllocation } from '../operations/cost-allocation';
import { checkBudget, CostBudget } from '../operations/cost-budget';
import { InferenceObservability, type ObservedEndpoint } from './inference-observability';
import { REALTIME_SERVING, type RealtimeEndpoint, type RealtimeServing, type SharedServing } from './realtime-serving';

/** Properties for `RealtimeInferencePlatform`: what answers, what it must bear, and who pays for it. */
export interface RealtimeInferencePlatformProps extends SharedServing {
  /** What answers: Vertex AI, Cloud Run or GKE, with all that it takes. */
  readonly serving: RealtimeServing;
  /** Who pays: on every resource that takes labels. */
  readonly costAllocation: Omit<CostAllocationProps, 'dataClass'>;
  /** The account that pays, e.g. `012345-567890-ABCDEF`. */
  readonly billingAccount: string;
  /** Most that all with the label `project` may cost in a month, in US dollars; on Vertex AI all of the project. It warns, and stops nothing. */
  readonly monthlyBudgetUsd: number;
  /** Ids of channels of Cloud Monitoring that are told of alerts and of the budget, up to 5. @default - alerts show in the console, and the billing administrators get mail */
  readonly alertChannels?: readonly string[];
  /** How sensitive requests and answers are. @default - no label says it */
  readonly dataClass?: DataClass;
}

/**
 * Reference architecture: a model that answers at once on Google Cloud, with alerts, a
 * dashboard, a budget and labels, in reach of those whom IAM or the network lets in.
 *
 * The bucket of the model is not part of it: weights must be there before the first deployment, so the bucket has a stack of its own.
 */
export class RealtimeInferencePlatform extends Construct {
  /** What answers: an `InferenceEndpoint`, a `CloudRunInference` or a `KubernetesInference`. */
  public readonly endpoint: RealtimeEndpoint;
  /** Alerts and a dashboard. @default - a cluster has its own */
  public readonly observability?: InferenceObservability;
  public readonly budget: CostBudget;

  constructor(scope: Construct, id: string, props: RealtimeInferencePlatformProps) {
    super(scope, id);
    checkPlatform(this, props);
    const { serving, load, prices, pricesAsOf, costAllocation, dataClass, billingAccount, monthlyBudgetUsd } = props;

    const { labels } = CostAllocation.apply(this, { ...costAllocation, dataClass });
    this.endpoint = serving.provide(this, 'Endpoint', { load, prices, pricesAsOf });
    if (isObserved(this.endpoint)) {
      const channels = props.alertChannels;
      this.observability = new InferenceObservability(this, 'Observability', {
        endpoint: this.endpoint,
        load,
        channels,
      });
    }
    this.budget = new CostBudget(this, 'Budget', {
      billingAccount,
      monthlyUsd: monthlyBudgetUsd,
      // What takes no labels would be in no budget by label.
      label: serving.isLabelled ? { key: 'project', value: labels.project! } : undefined,
      channels: props.alertChannels,
    });
    const over = overBudget(this.endpoint.plan, monthlyBudgetUsd, 'keep fewer replicas');
    if (over) record(this, over);
  }
}

function isObserved(endpoint: RealtimeEndpoint): endpoint is RealtimeEndpoint & ObservedEndpoint {
  return endpoint.metrics !== undefined && endpoint.limits !== undefined;
}

const PLATFORM: Shape<RealtimeInferencePlatformProps> = {
  serving: required(REALTIME_SERVING),
  load: SERVING_LOAD,
  prices: listOf(PRICE_OVERRIDE),
  pricesAsOf: TEXT,
  // The first three are judged by rules of their own.
  costAllocation: ANYTHING,
  billingAccount: ANYTHING,
  monthlyBudgetUsd: ANYTHING,
  alertChannels: listOf(TEXT),
  dataClass: oneOf(Object.values(DataClass)),
};

function checkPlatform(scope: Construct, props: RealtimeInferencePlatformProps): void {
  const problems = new Problems();
  const typed = fits(problems, props, PLATFORM);
  if (props) {
    const { costAllocation, billingAccount, monthlyBudgetUsd: monthlyUsd } = props;
    checkCostAllocation(problems.within('costAllocation'), costAllocation);
    const channels = typed ? props.alertChannels : undefined;
    checkBudget(problems, { billingAccount, monthlyUsd, channels }, 'monthlyBudgetUsd');
  }
  if (typed) {
    const { load, prices, pricesAsOf } = props;
    const ofServing = new Problems();
    props.serving.check(ofServing, { load, prices, pricesAsOf }, scope);
    for (const problem of ofServing.all) problems.add({ ...problem, prop: ownName(problem.prop) });
  }
  problems.throwIfAny(scope);
}

/** A prop of the way to serve, unless the platform has it itself. */
function ownName(prop: string): string {
  return /^(load|prices|pricesAsOf)\b/.test(prop) ? prop : `serving.${prop}`;
}
