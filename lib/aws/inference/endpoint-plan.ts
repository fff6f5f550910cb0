import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Machine } from '../../core/catalog/machines';
import { Prices } from '../../core/catalog/own-prices';
import type { ProblemCollector } from '../../core/errors';
import { type EndpointLoadInput, planEndpoint, type PlannedLoad } from '../../core/planning/endpoint-load';
import type { PropNames } from '../../core/planning/plan-problems';
import { servingPlanner } from '../../core/planning/serving-planner';
import { isWithin } from '../props/bounds';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import { downloadMBps } from './model-times';
import type { ServedModel } from './served-model';
import { hostPrices, plannedHost, sageMakerPriceDay } from './serving-host';

/** Plans the load of an endpoint and adds what contradicts it. Returns undefined without a load, or if it cannot be planned. */
export function planLoad(
  problems: ProblemCollector,
  props: InferenceEndpointProps,
  scope: Construct,
): PlannedLoad | undefined {
  const { load, machine } = props;
  const [first] = Object.entries(props.models);
  if (!load || !machine || !first) return undefined;
  const view = plannedHost(problems, machine);
  const acceleratorsPerReplica = copySize(props, first[1]);
  const max = { min: 1, max: machine.spec.accelerators };
  if (!view || (acceleratorsPerReplica !== undefined && !isWithin(acceleratorsPerReplica, max))) return undefined;
  const { maxReplicas } = props.scaling ?? {};
  const input = { ...planProps(props, view, scope), acceleratorsPerReplica, load, maxReplicas };
  return planEndpoint(problems, servingPlanner(), input, namesOf(first[0]));
}

/** Accelerators of a copy, if they are fixed: an instance that is not shared holds one copy. */
function copySize(props: InferenceEndpointProps, { accelerators }: ServedModel): number | undefined {
  if (accelerators !== undefined) return accelerators;
  return kindOf(props).name === 'components' ? undefined : props.machine?.spec.accelerators;
}

function planProps(
  { machine, prices }: InferenceEndpointProps,
  view: Machine,
  scope: Construct,
): Omit<EndpointLoadInput, 'load'> {
  const { region } = Stack.of(scope);
  return {
    machine: view,
    region: Token.isUnresolved(region) ? undefined : region,
    // Throughput at which a new copy reads its weights. The default of the planner is more than most networks reach.
    storage: { throughputMBps: downloadMBps(machine!), sizeGiB: 1 },
    prices: Prices.of([...(prices?.overrides ?? []), ...hostPrices(machine!)], {
      asOf: prices?.asOf ?? sageMakerPriceDay(),
    }),
  };
}

/** Names of the planner's inputs in the props of an endpoint. */
function namesOf(model: string): PropNames {
  return { acceleratorsPerReplica: `models.${model}.accelerators`, replicas: 'scaling.maxReplicas' };
}
