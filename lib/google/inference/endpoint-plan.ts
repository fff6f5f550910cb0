import type { Machine } from '../../core/catalog/machines';
import type { Problems } from '../../core/errors';
import { planEndpoint, type PlannedLoad } from '../../core/planning/endpoint-load';
import { servingPlanner } from '../../core/planning/serving-planner';
import { isUnknown } from '../../terraform/tokens';
import type { GoogleMachine } from '../machine/machine';
import { plannedMachine, priceMarket } from '../machine/planned-machine';
import type { InferenceEndpointProps } from './inference-endpoint-props';

/** What an endpoint calls otherwise than the planner. */
const NAMES = { acceleratorsPerReplica: 'machine', replicas: 'scaling.maximum' };

/** Plans the load of an endpoint, and adds what contradicts it; nothing where there is no load, or nothing to plan it on. */
export function planLoad(problems: Problems, props: InferenceEndpointProps): PlannedLoad | undefined {
  const { load, machine, machinesPerReplica = 1, region, scaling } = props;
  const accelerators = machine.spec.accelerators * machinesPerReplica;
  // What is wrong with these is told by their own checks.
  if (!load || isUnknown(region) || !Number.isInteger(accelerators) || accelerators < 1) return undefined;
  const ground = {
    load,
    machine: plannedHost(machine),
    market: priceMarket(props.capacity),
    region,
    priceOverrides: props.prices,
    asOf: props.pricesAsOf ?? servingPlanner().pricesDay,
    acceleratorsPerReplica: accelerators,
    most: isUnknown(scaling?.maximum) ? undefined : scaling?.maximum,
  };
  return planEndpoint(problems, servingPlanner(), ground, NAMES);
}

/** The machine in the words of the planner. How machines of one replica are joined is the service's own, and not by plain TCP. */
function plannedHost(machine: GoogleMachine): Machine {
  return { ...plannedMachine(machine), rdma: machine.spec.transport !== undefined };
}
