import type { Machine } from '../../core/catalog/machines';
import type { ProblemCollector } from '../../core/errors';
import { planEndpoint, type PlannedLoad } from '../../core/planning/endpoint-load';
import { servingPlanner } from '../../core/planning/serving-planner';
import { isUnknown } from '../../terraform/tokens';
import type { GoogleMachine } from '../machine/machine';
import { plannedMachine, priceMarket } from '../machine/planned-machine';
import type { InferenceEndpointProps } from './inference-endpoint-props';

/** Props of an endpoint whose names differ from those of the planner. */
const NAMES = { acceleratorsPerReplica: 'machine', replicas: 'scaling.maxReplicas' };

/** Plans the load of an endpoint, and adds its problems. Returns nothing without a load, or if the machine is invalid. */
export function planLoad(problems: ProblemCollector, props: InferenceEndpointProps): PlannedLoad | undefined {
  const { load, machine, machinesPerReplica = 1, region, scaling } = props;
  const accelerators = machine.spec.accelerators * machinesPerReplica;
  // Other checks report invalid values of these.
  if (!load || isUnknown(region) || !Number.isInteger(accelerators) || accelerators < 1) return undefined;
  const input = {
    load,
    machine: plannedHost(machine),
    market: priceMarket(props.capacity),
    region,
    prices: props.prices,
    acceleratorsPerReplica: accelerators,
    maxReplicas: isUnknown(scaling?.maxReplicas) ? undefined : scaling?.maxReplicas,
  };
  return planEndpoint(problems, servingPlanner(), input, NAMES);
}

/** Returns the machine as the planner models it. Vertex AI connects the machines of a replica itself, with the fabric of the machine. */
function plannedHost(machine: GoogleMachine): Machine {
  return { ...plannedMachine(machine), rdma: machine.spec.transport !== undefined };
}
