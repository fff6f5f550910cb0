import type { Construct } from 'constructs';
import { GOOGLE_TPU_TOPOLOGIES, type TpuTopologyRow } from '../../core/catalog/google-tpu-topologies';
import type { Machine } from '../../core/catalog/machines';
import { VERTEX_ACCELERATORS, VERTEX_TPUS } from '../../core/catalog/vertex-inference';
import type { ServiceOffers } from '../../core/cost-allocation';
import type { ProblemCollector } from '../../core/errors';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import { Capacity } from '../capacity/capacity';
import { GoogleMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';
import { CurrentProject } from '../operations/current-project';
import { checkZone, isIn } from '../props/location';
import type { InferenceEndpointProps } from './inference-endpoint';

const ACCELERATORS: Readonly<Record<string, string>> = VERTEX_ACCELERATORS;
const TPUS: readonly string[] = VERTEX_TPUS;

/** Maximum number of machines for one replica. Our choice: Google publishes no limit. */
const MAX_MACHINES = 16;

type MachineProps = Pick<
  InferenceEndpointProps,
  'machine' | 'machinesPerReplica' | 'capacity' | 'reservationZone' | 'region'
>;

/** Checks the machine of an endpoint, the number of machines for each replica, and their capacity. */
export function checkVertexMachine(problems: ProblemCollector, props: MachineProps): void {
  checkServes(problems, props.machine);
  checkMachines(problems, props);
  checkCapacity(problems, props);
  checkReservation(problems, props);
}

/** Returns the accelerator type of a machine in Vertex AI. Returns nothing for TPUs and unsupported accelerators. */
function acceleratorType({ spec }: GoogleMachine): string | undefined {
  return ACCELERATORS[spec.acceleratorLabel];
}

/** Whether Vertex AI serves models on a machine: with a TPU that it supports, or with whole GPUs. */
function isServed(machine: GoogleMachine): boolean {
  const { spec, isTpu } = machine;
  return isTpu ? TPUS.includes(spec.chip) : acceleratorType(machine) !== undefined && spec.accelerators >= 1;
}

/** Returns the machine as the planner models it. Vertex AI connects the machines of a replica itself, with the fabric of the machine. */
export function plannedHost(machine: GoogleMachine): Machine {
  return { ...plannedMachine(machine), rdma: machine.spec.transport !== undefined };
}

/** Returns the machines that Vertex AI serves models on. A reservation has on-demand prices. */
export function vertexOffers(): ServiceOffers {
  return { machines: GoogleMachine.all.filter(isServed).map(plannedHost), markets: ['on-demand', 'spot'] };
}

function checkServes(problems: ProblemCollector, machine: GoogleMachine): void {
  const { name, isTpu } = machine;
  if (isServed(machine)) return;
  problems.add({
    code: 'MachineNotHosted',
    prop: 'machine',
    allowed: isTpu
      ? `a machine with ${TPUS.join(' or ')}, the TPUs that Vertex AI supports`
      : `a machine with whole GPUs that Vertex AI supports: ${Object.values(ACCELERATORS).join(', ')}`,
    got: name,
    fix: 'Choose another machine, or use KubernetesInference.',
  });
}

function checkMachines(problems: ProblemCollector, { machine, machinesPerReplica }: MachineProps): void {
  const isInRange = checkBounds(problems, 'ReplicaLayout', 'machinesPerReplica', machinesPerReplica, {
    min: 1,
    max: MAX_MACHINES,
  });
  if (!isInRange || machinesPerReplica === undefined || machinesPerReplica === 1) return;
  if (!machine.isTpu && machine.spec.accelerators === WHOLE_HOST) return;
  problems.add({
    code: 'ReplicaLayout',
    prop: 'machinesPerReplica',
    allowed: `1 for ${machine.name}, because only machines with ${WHOLE_HOST} GPUs can form a replica together`,
    got: machinesPerReplica,
    fix: 'Choose a larger machine.',
  });
}

const WHOLE_HOST = 8;

/** Markets that Vertex AI supports. Source: documentation of the provider, google 6.50.0, dedicated_resources. */
const SERVED_MARKETS: readonly string[] = ['on-demand', 'spot', 'reservation'];

function checkCapacity(problems: ProblemCollector, { machine, capacity = Capacity.onDemand() }: MachineProps): void {
  const wrong = (allowed: string, fix: string) =>
    problems.add({ code: 'MarketUnsupported', prop: 'capacity', allowed, got: capacity.market, fix });
  if (capacity.market === 'flex-start') {
    wrong('on-demand, spot or a reservation, because an endpoint runs permanently', 'Use Capacity.spot().');
  } else if (capacity.createsReservation) {
    wrong(
      'an existing reservation that is shared with Vertex AI',
      'Create the reservation first, share it with Vertex AI, and use Capacity.reservation.',
    );
  } else if (capacity.fallback) {
    problems.add({
      code: 'CapacityFallback',
      prop: 'capacity.fallback',
      allowed: 'left out, because a deployment uses one market only',
      got: capacity.fallback.market,
      fix: 'Leave it out, or use KubernetesInference.',
    });
  } else if (machine.markets && !machine.markets.includes(capacity.market)) {
    const sold = machine.markets.filter((market) => SERVED_MARKETS.includes(market));
    wrong(`${sold.join(' or ')} for ${machine.name}`, 'Use a capacity with one of these markets.');
  }
}

function checkReservation(problems: ProblemCollector, { capacity, reservationZone: zone, region }: MachineProps): void {
  const reserved = capacity?.reservationName !== undefined;
  if (reserved !== (zone !== undefined)) {
    problems.add({
      code: 'EndpointOption',
      prop: 'reservationZone',
      allowed: reserved ? 'the zone of the reservation' : 'left out without a reservation',
      got: zone,
      fix: reserved ? 'Copy it from `gcloud compute reservations list`.' : 'Leave it out.',
    });
  }
  if (zone === undefined) return;
  checkZone(problems, 'reservationZone', zone);
  if (isUnknown(zone) || isUnknown(region) || isIn(zone, region)) return;
  problems.add({
    code: 'LocationInvalid',
    prop: 'reservationZone',
    allowed: `a zone of ${region}`,
    got: zone,
    fix: 'Use the region of the reservation.',
  });
}

/** Returns the machine of a replica as the argument of the provider. A TPU machine has the topology of all its chips. */
export function machineSpec(
  scope: Construct,
  { machine, machinesPerReplica = 1, capacity, reservationZone }: MachineProps,
) {
  const { name, spec, isTpu } = machine;
  return {
    machineType: name,
    acceleratorType: acceleratorType(machine),
    acceleratorCount: isTpu ? undefined : spec.accelerators,
    tpuTopology: isTpu ? topologyOf(machine) : undefined,
    multihostGpuNodeCount: machinesPerReplica > 1 ? machinesPerReplica : undefined,
    reservationAffinity: affinity(scope, capacity?.reservationPath, reservationZone),
  };
}

function affinity(scope: Construct, path: string | undefined, zone: string | undefined) {
  if (path === undefined || zone === undefined) return undefined;
  return {
    reservationAffinityType: 'SPECIFIC_RESERVATION',
    key: 'compute.googleapis.com/reservation-name',
    values: [reservationOf(scope, path, zone)],
  };
}

function topologyOf({ name, spec }: GoogleMachine): string | undefined {
  const row = (GOOGLE_TPU_TOPOLOGIES as Readonly<Record<string, TpuTopologyRow>>)[name];
  return row?.topologies.find((topology) => chipsOf(topology) === spec.accelerators);
}

function chipsOf(topology: string): number {
  return topology.split('x').reduce((product, dimension) => product * Number(dimension), 1);
}

/** Returns the full name of a reservation, with its project and zone. */
function reservationOf(scope: Construct, path: string, zone: string): string {
  const [, project, below] = /^projects\/([^/]+)\/reservations\/(.+)$/.exec(path) ?? [];
  return `projects/${project ?? CurrentProject.of(scope).projectId}/zones/${zone}/reservations/${below ?? path}`;
}
