import type { Construct } from 'constructs';
import { GOOGLE_TPU_TOPOLOGIES, type TpuTopologyRow } from '../../core/catalog/google-tpu-topologies';
import { VERTEX_ACCELERATORS, VERTEX_TPUS } from '../../core/catalog/vertex-inference';
import type { Problems } from '../../core/errors';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import { Capacity } from '../capacity/capacity';
import type { GoogleMachine } from '../machine/machine';
import { CurrentProject } from '../operations/current-project';
import { checkZone, isIn } from '../props/location';
import type { InferenceEndpointProps } from './inference-endpoint-props';

const ACCELERATORS: Readonly<Record<string, string>> = VERTEX_ACCELERATORS;
const TPUS: readonly string[] = VERTEX_TPUS;

/** Most machines that anybody gives one replica. Our choice: Google publishes no limit. */
const MOST_MACHINES = 16;

type MachineProps = Pick<
  InferenceEndpointProps,
  'machine' | 'machinesPerReplica' | 'capacity' | 'reservationZone' | 'region'
>;

/** Adds what contradicts the machine of an endpoint, how many there are of it, and how they are bought. */
export function checkVertexMachine(problems: Problems, props: MachineProps): void {
  checkServes(problems, props.machine);
  checkMachines(problems, props);
  checkCapacity(problems, props);
  checkReservation(problems, props);
}

/** What Vertex AI calls the accelerators of a machine; nothing for TPUs, and for what it does not serve on. */
function acceleratorType({ spec }: GoogleMachine): string | undefined {
  return ACCELERATORS[spec.acceleratorLabel];
}

function checkServes(problems: Problems, machine: GoogleMachine): void {
  const { name, spec, isTpu } = machine;
  if (isTpu ? TPUS.includes(spec.chip) : acceleratorType(machine) !== undefined && spec.accelerators >= 1) return;
  problems.add({
    code: 'MachineNotHosted',
    prop: 'machine',
    allowed: isTpu
      ? `one with ${TPUS.join(' or ')}: Vertex AI serves on no other TPU`
      : `one with whole GPUs that Vertex AI knows: ${Object.values(ACCELERATORS).join(', ')}`,
    got: name,
    fix: 'Take another machine, or serve by KubernetesInference.',
  });
}

function checkMachines(problems: Problems, { machine, machinesPerReplica }: MachineProps): void {
  const sound = checkBounds(problems, 'ReplicaLayout', 'machinesPerReplica', machinesPerReplica, {
    least: 1,
    most: MOST_MACHINES,
  });
  if (!sound || machinesPerReplica === undefined || machinesPerReplica === 1) return;
  if (!machine.isTpu && machine.spec.accelerators === WHOLE_HOST) return;
  problems.add({
    code: 'ReplicaLayout',
    prop: 'machinesPerReplica',
    allowed: `1 for ${machine.name}: only GPU machines with ${WHOLE_HOST} of them join`,
    got: machinesPerReplica,
    fix: machine.isTpu ? 'Vertex AI serves on single TPU machines: take a larger one.' : 'Take a larger machine first.',
  });
}

const WHOLE_HOST = 8;

/** Markets in which Vertex AI buys machines. Source: documentation of the provider, google 6.50.0, dedicated_resources. */
const SERVED_MARKETS: readonly string[] = ['on-demand', 'spot', 'reservation'];

function checkCapacity(problems: Problems, { machine, capacity = Capacity.onDemand() }: MachineProps): void {
  const wrong = (allowed: string, fix: string) =>
    problems.add({ code: 'MarketUnsupported', prop: 'capacity', allowed, got: capacity.market, fix });
  if (capacity.market === 'flex-start') {
    wrong('on demand, spot or a reservation: an endpoint stands', 'Use Capacity.spot().');
  } else if (capacity.createsReservation) {
    wrong(
      'a reservation that exists and is shared with Vertex AI',
      'Make the reservation first, let the service share it, and use Capacity.reservation.',
    );
  } else if (capacity.fallback) {
    problems.add({
      code: 'CapacityFallback',
      prop: 'capacity.fallback',
      allowed: 'left out: a deployment has machines of one market',
      got: capacity.fallback.market,
      fix: 'Leave it out, or serve by KubernetesInference.',
    });
  } else if (machine.markets && !machine.markets.includes(capacity.market)) {
    const sold = machine.markets.filter((market) => SERVED_MARKETS.includes(market));
    wrong(`${sold.join(' or ')} for ${machine.name}`, 'Buy it in a market where it is sold.');
  }
}

function checkReservation(problems: Problems, { capacity, reservationZone: zone, region }: MachineProps): void {
  const reserved = capacity?.reservationName !== undefined;
  if (reserved !== (zone !== undefined)) {
    problems.add({
      code: 'EndpointOption',
      prop: 'reservationZone',
      allowed: reserved ? 'given: a reservation stands in a zone' : 'left out without a reservation',
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
    fix: 'Put the endpoint into the region of the reservation.',
  });
}

/** The machine of a replica in the words of the provider. A TPU machine has the topology of all its chips. */
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

/** The full name of a reservation, as Vertex AI wants it, with its project and zone. */
function reservationOf(scope: Construct, path: string, zone: string): string {
  const [, project, below] = /^projects\/([^/]+)\/reservations\/(.+)$/.exec(path) ?? [];
  return `projects/${project ?? CurrentProject.of(scope).projectId}/zones/${zone}/reservations/${below ?? path}`;
}
