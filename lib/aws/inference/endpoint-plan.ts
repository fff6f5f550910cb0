import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Machine } from '../../core/catalog/machines';
import type { Problems } from '../../core/errors';
import { type EndpointGround, planEndpoint, type PlannedLoad } from '../../core/planning/endpoint-load';
import type { OwnNames } from '../../core/planning/plan-problems';
import { isWithin } from '../props/bounds';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import { downloadMBps } from './model-times';
import type { ServedModel } from './served-model';
import { hostPrices, plannedHost } from './serving-host';
import { servingPlanner } from './serving-planner';

/** Plans the load of an endpoint, and adds what contradicts it; nothing where there is no load, or nothing to plan it on. */
export function planLoad(problems: Problems, props: InferenceEndpointProps, scope: Construct): PlannedLoad | undefined {
  const { load, machine } = props;
  const [first] = Object.entries(props.models);
  if (!load || !machine || !first) return undefined;
  const view = plannedHost(problems, machine);
  const acceleratorsPerReplica = copySize(props, first[1]);
  const most = { least: 1, most: machine.spec.accelerators };
  if (!view || (acceleratorsPerReplica !== undefined && !isWithin(acceleratorsPerReplica, most))) return undefined;
  const ground = { ...planProps(props, view, scope), acceleratorsPerReplica, load, most: props.scaling?.maximum };
  return planEndpoint(problems, servingPlanner(), ground, namesOf(first[0]));
}

/** Accelerators of a copy where that is no choice: an instance that is not shared is one copy. */
function copySize(props: InferenceEndpointProps, { accelerators }: ServedModel): number | undefined {
  if (accelerators !== undefined) return accelerators;
  return kindOf(props).name === 'components' ? undefined : props.machine?.spec.accelerators;
}

function planProps(
  { machine, prices = [], pricesAsOf }: InferenceEndpointProps,
  view: Machine,
  scope: Construct,
): Omit<EndpointGround, 'load'> {
  const { region } = Stack.of(scope);
  return {
    machine: view,
    region: Token.isUnresolved(region) ? undefined : region,
    // What a new copy reads its weights by: the planner's own assumption is more than most networks give.
    storage: { throughputMBps: downloadMBps(machine!), sizeGiB: 1 },
    priceOverrides: [...prices, ...hostPrices(machine!)],
    asOf: pricesAsOf ?? servingPlanner().pricesDay,
  };
}

/** What an endpoint calls otherwise than the planner. */
function namesOf(model: string): OwnNames {
  return { acceleratorsPerReplica: `models.${model}.accelerators`, replicas: 'scaling.maximum' };
}
