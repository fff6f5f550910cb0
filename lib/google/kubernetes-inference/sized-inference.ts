import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { type ModelServer, mostReplicas } from '../../kubernetes';
import { planLoad, type PlannedInference } from '../../kubernetes/serving/load-plan';
import {
  diskFor,
  machinesFor,
  replicaOf,
  replicaSize,
  type ServingMachine,
} from '../../kubernetes/serving/replica-layout';
import {
  requestsPerReplica,
  resolvedServer,
  type ServingChoices,
  servingDefaults,
  type SizedServing,
} from '../../kubernetes/serving/serving-defaults';
import { Installation } from '../../terraform/installation';
import { Capacity } from '../capacity/capacity';
import { plannedMachine, priceMarket } from '../machine/planned-machine';
import { type TpuSlice, tpuSlice } from '../machine/tpu-topology';
import { regionOf } from '../props/location';
import { servingMachine } from './inference-pool';
import type { KubernetesInferenceProps, SharedChart } from './kubernetes-inference-props';
import { ServingIngress } from './serving-ingress';

/** What of the props has a default that decides how the rest is made. */
type Settled = Required<
  Pick<
    KubernetesInferenceProps,
    keyof ServingChoices<SharedChart> | 'capacity' | 'ingress' | 'bootDiskGiB' | 'installation'
  >
>;

/** Props whose open sizes are settled. */
export interface SizedInference extends SizedServing {
  readonly props: KubernetesInferenceProps & Settled;
  readonly machine: ServingMachine;
  /** The slice that each machine is. @default - GPUs */
  readonly slice?: TpuSlice;
  /** Whether a replica takes several machines. */
  readonly spansMachines: boolean;
  /** Machines that stand while there are fewest replicas. */
  readonly leastMachines: number;
  /** Whether an update may start a replica before it stops another: where a machine for it can come. */
  readonly surge: boolean;
}

/** Settles what was left open, and adds what contradicts the load. */
export function sizeInference(problems: Problems, props: KubernetesInferenceProps, scope: Construct): SizedInference {
  const given = withWholeTpus(props);
  const machine = servingMachine(given.machine);
  const planned = planOf(problems, given);
  const acceleratorsPerReplica = replicaSize(problems, replicaOf(machine, given), planned);
  const filled = withDefaults(given, scope, planned, { machine, acceleratorsPerReplica });
  const scale = filled.scaling.resolve(requestsPerReplica(problems, filled, planned));
  const surge = filled.capacity.market !== 'reservation' && !filled.nodePool;
  const machinesOf = (replicas: number) => machinesFor(machine, acceleratorsPerReplica, replicas);
  return {
    props: filled,
    machine,
    slice: given.machine.isTpu ? tpuSlice(new Problems(), given.machine, given.topology) : undefined,
    resolved: withGauges(resolvedServer(filled.server, given.load)),
    scale,
    acceleratorsPerReplica,
    spansMachines: acceleratorsPerReplica > machine.accelerators,
    machines: machinesOf(mostReplicas(scale) + (surge ? 1 : 0)),
    leastMachines: machinesOf(scale.kind === 'fixed' ? scale.replicas : scale.least),
    surge,
    plan: planned?.plan,
  };
}

/** A pod takes all TPUs of a machine, or none. @see https://cloud.google.com/kubernetes-engine/docs/concepts/plan-tpus */
function withWholeTpus(props: KubernetesInferenceProps): KubernetesInferenceProps {
  const { machine, acceleratorsPerReplica = machine.spec.accelerators } = props;
  return machine.isTpu ? { ...props, acceleratorsPerReplica } : props;
}

/** The adapter of Google calls gauges as Managed Service for Prometheus keeps them. @see https://cloud.google.com/kubernetes-engine/docs/how-to/machine-learning/inference/autoscaling */
function withGauges(server: ModelServer): ModelServer {
  const { gauges } = server.metrics;
  if (!gauges) return server;
  const named = gauges.map((gauge) => `prometheus.googleapis.com|${gauge.replace('_', ':')}|gauge`);
  return { ...server, metrics: { ...server.metrics, gauges: named } };
}

function planOf(problems: Problems, props: KubernetesInferenceProps): PlannedInference | undefined {
  const { load, machine, capacity, nodePool, zone } = props;
  if (!load) return undefined;
  return planLoad(problems, {
    ...props,
    load,
    machine: plannedMachine(machine),
    market: priceMarket(capacity ?? nodePool?.capacity),
    region: regionOf(zone),
  });
}

function withDefaults(
  props: KubernetesInferenceProps,
  scope: Construct,
  planned: PlannedInference | undefined,
  replica: Pick<SizedInference, 'machine' | 'acceleratorsPerReplica'>,
): SizedInference['props'] {
  return {
    ...props,
    ...servingDefaults(props, scope.node.id, planned),
    capacity: props.capacity ?? props.nodePool?.capacity ?? Capacity.onDemand(),
    ingress: props.ingress ?? ServingIngress.clusterOnly(),
    bootDiskGiB: props.bootDiskGiB ?? bootDiskFor(props, replica),
    installation: props.installation ?? Installation.byDeployment(),
  };
}

const BOOT_DISK = { systemGiB: 200, mostGiB: 65_536 };

/** Room for images and logs, and for the model with each pod where the machine has no disks of its own. */
function bootDiskFor(
  { machine: { spec }, model: { sizeGiB } }: KubernetesInferenceProps,
  { machine, acceleratorsPerReplica }: Pick<SizedInference, 'machine' | 'acceleratorsPerReplica'>,
): number {
  if (spec.localSsd?.mode === 'attached') return BOOT_DISK.systemGiB;
  return diskFor(BOOT_DISK, machine, { acceleratorsPerReplica, sizeGiB });
}
