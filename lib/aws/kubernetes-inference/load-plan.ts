import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Machine } from '../../core/catalog/machines';
import { AiInfraError, type Problems } from '../../core/errors';
import { ofContradiction, ofPlanner, type OwnNames } from '../../core/planning/plan-problems';
import type { ServingPlan } from '../../core/planning/plan-serving-result';
import { servingPlanner } from '../../core/planning/serving-planner';
import { Interconnect } from '../network/interconnect';
import { MARKETS } from '../training/job-plan';
import { plannedMachine } from '../training/planned-machine';
import type { KubernetesInferenceProps } from './kubernetes-inference-options';
import type { ServingScaling } from './serving-scaling';

/** A load that was planned. */
export interface PlannedInference {
  readonly plan: ServingPlan;
  /** Requests that each of the planned replicas has at once. */
  readonly requestsPerReplica: number;
}

/** Plans the load on the machine, and adds what contradicts it; nothing where nothing can be planned. */
export function planLoad(
  problems: Problems,
  props: KubernetesInferenceProps,
  scope: Construct,
): PlannedInference | undefined {
  const machine = props.load && plannedMachine(problems, { ...props, interconnect: interconnectOf(props) }, 'load');
  if (!machine) return undefined;
  try {
    const planned = planOn(props, machine, scope);
    for (const contradiction of planned.plan.contradictions) problems.add(ofContradiction(contradiction, '', NAMES));
    return planned;
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    for (const problem of error.problems) problems.add(ofPlanner(problem, NAMES));
    return undefined;
  }
}

/** Karpenter wires no fabric, so a replica that spans its machines would have none. */
function interconnectOf({ nodes }: KubernetesInferenceProps): Interconnect | undefined {
  return nodes?.kind === 'karpenter' ? Interconnect.none() : undefined;
}

function planOn(props: KubernetesInferenceProps, machine: Machine, scope: Construct): PlannedInference {
  const { planServing, pricesDay, requestsAtOnce } = servingPlanner();
  const { region } = Stack.of(scope);
  const load = props.load!;
  const plan = (replicas?: number) =>
    planServing({
      load,
      machine,
      market: MARKETS[props.capacity?.market ?? 'on-demand'],
      region: Token.isUnresolved(region) ? undefined : region,
      priceOverrides: props.prices,
      asOf: props.pricesAsOf ?? pricesDay,
      acceleratorsPerReplica: props.acceleratorsPerReplica,
      replicas,
    });
  const open = plan();
  const replicas = replicasWithin(props.scaling, open.replicas.count);
  const settled = replicas === undefined ? open : plan(replicas);
  const atOnce = requestsAtOnce(load, settled.latency) ?? settled.memory.maxConcurrency;
  const share = Math.min(settled.memory.maxConcurrency, Math.ceil(atOnce / settled.replicas.count));
  return { plan: settled, requestsPerReplica: Math.max(1, share) };
}

/** The replicas of the plan, where their number or range is stated: as many as the load takes, as far as there may be so many. */
function replicasWithin(scaling: ServingScaling | undefined, wanted: number): number | undefined {
  if (!scaling) return undefined;
  const { kind, least, most } = scaling;
  if (kind === 'fixed') return most;
  const within = Math.min(most, Math.max(1, least, wanted));
  return within === wanted ? undefined : within;
}

/** What the construct calls otherwise than the planner. */
const NAMES: OwnNames = { replicas: 'scaling' };
