import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { maxReplicasOf, type ModelServer } from '../../kubernetes';
import { type PlannedInference, planLoad } from '../../kubernetes/serving/load-plan';
import {
  diskFor,
  machinesFor,
  replicaOf,
  replicaSize,
  type ServingMachine,
} from '../../kubernetes/serving/replica-layout';
import {
  targetConcurrency,
  resolvedServer,
  type ResolvedServing,
  type OptionalServingProps,
  servingDefaults,
} from '../../kubernetes/serving/serving-props';
import { Installation } from '../../terraform/installation';
import { Capacity } from '../capacity/capacity';
import { ClusterSource, type SharedChart } from '../cluster/cluster-source';
import { plannedMachine, priceMarket } from '../machine/planned-machine';
import { type TpuSlice, tpuSlice } from '../machine/tpu-topology';
import type { NodeOptions } from '../nodes/node-pool-options';
import { regionOf } from '../props/location';
import { servingMachine } from './inference-nodes';
import type { KubernetesInferenceProps } from './kubernetes-inference';
import { ServingIngress } from './serving-model';

/** Node options with the size of the boot disk. */
export type ResolvedNodeOptions = NodeOptions & Required<Pick<NodeOptions, 'bootDiskGiB'>>;

/** Props with defaults. */
interface Defaults
  extends
    Required<OptionalServingProps<SharedChart>>,
    Required<Pick<KubernetesInferenceProps, 'capacity' | 'ingress' | 'installation' | 'cluster'>> {
  readonly nodeOptions: ResolvedNodeOptions;
}

/** Props with all defaults and sizes filled in. */
export interface ResolvedInference extends ResolvedServing {
  readonly props: KubernetesInferenceProps & Defaults;
  readonly machine: ServingMachine;
  /** TPU slice of each machine. @default - GPUs */
  readonly slice?: TpuSlice;
  /** Whether a replica uses several machines. */
  readonly spansMachines: boolean;
  /** Machines for the minimum number of replicas. */
  readonly minMachines: number;
  /** Whether an update can start a replica before it stops another one: only if a machine for it can be added. */
  readonly surge: boolean;
}

/** Fills in the defaults and sizes, and adds the problems of the load. */
export function sizeInference(
  problems: ProblemCollector,
  props: KubernetesInferenceProps,
  scope: Construct,
): ResolvedInference {
  const given = withWholeTpus(props);
  const machine = servingMachine(given.machine);
  const planned = planOf(problems, given);
  const acceleratorsPerReplica = replicaSize(problems, replicaOf(machine, given), planned);
  const filled = withDefaults(given, scope, planned, { machine, acceleratorsPerReplica });
  const scale = filled.scaling.resolve(targetConcurrency(problems, filled, planned));
  const surge = filled.capacity.market !== 'reservation' && !filled.nodePool;
  const machinesOf = (replicas: number) => machinesFor(machine, acceleratorsPerReplica, replicas);
  return {
    props: filled,
    machine,
    slice: given.machine.isTpu ? tpuSlice(new ProblemCollector(), given.machine, given.topology) : undefined,
    resolved: withGauges(resolvedServer(filled.server, given.load)),
    scale,
    acceleratorsPerReplica,
    spansMachines: acceleratorsPerReplica > machine.accelerators,
    machines: machinesOf(maxReplicasOf(scale) + (surge ? 1 : 0)),
    minMachines: machinesOf(scale.kind === 'fixed' ? scale.replicas : scale.minReplicas),
    surge,
    plan: planned?.plan,
  };
}

/** A pod uses all TPU chips of a machine. @see https://cloud.google.com/kubernetes-engine/docs/concepts/plan-tpus */
function withWholeTpus(props: KubernetesInferenceProps): KubernetesInferenceProps {
  const { machine, acceleratorsPerReplica = machine.spec.accelerators } = props;
  return machine.isTpu ? { ...props, acceleratorsPerReplica } : props;
}

/** Google's metrics adapter uses the gauge names of Managed Service for Prometheus. @see https://cloud.google.com/kubernetes-engine/docs/how-to/machine-learning/inference/autoscaling */
function withGauges(server: ModelServer): ModelServer {
  const { gauges } = server.metrics;
  if (!gauges) return server;
  const named = gauges.map((gauge) => `prometheus.googleapis.com|${gauge.replace('_', ':')}|gauge`);
  return { ...server, metrics: { ...server.metrics, gauges: named } };
}

function planOf(problems: ProblemCollector, props: KubernetesInferenceProps): PlannedInference | undefined {
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
  replica: Pick<ResolvedInference, 'machine' | 'acceleratorsPerReplica'>,
): ResolvedInference['props'] {
  const { cluster = ClusterSource.create(), nodeOptions } = props;
  const { systemLabels, existingCharts } = cluster;
  return {
    ...props,
    ...servingDefaults({ ...props, systemLabels, existingCharts }, scope.node.id, planned),
    cluster,
    capacity: props.capacity ?? props.nodePool?.capacity ?? Capacity.onDemand(),
    ingress: props.ingress ?? ServingIngress.clusterOnly(),
    nodeOptions: { ...nodeOptions, bootDiskGiB: nodeOptions?.bootDiskGiB ?? bootDiskFor(props, replica) },
    installation: props.installation ?? Installation.byDeployment(),
  };
}

const BOOT_DISK = { systemGiB: 200, maxGiB: 65_536 };

/** Space for images and logs, and for the model of each pod if the machine has no local SSD. */
function bootDiskFor(
  { machine: { spec }, model: { sizeGiB } }: KubernetesInferenceProps,
  { machine, acceleratorsPerReplica }: Pick<ResolvedInference, 'machine' | 'acceleratorsPerReplica'>,
): number {
  if (spec.localSsd?.mode === 'attached') return BOOT_DISK.systemGiB;
  return diskFor(BOOT_DISK, machine, { acceleratorsPerReplica, sizeGiB });
}
