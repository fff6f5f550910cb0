import { createHash } from 'node:crypto';
import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { type AcceleratorPool, maxReplicasOf } from '../../kubernetes';
import { planLoad, type PlannedInference } from '../../kubernetes/serving/load-plan';
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
  type OptionalServingProps,
  servingDefaults,
  type ResolvedServing,
} from '../../kubernetes/serving/serving-props';
import { Installation } from '../../terraform/installation';
import { isUnknown } from '../../terraform/tokens';
import { AzureMarket, Capacity } from '../capacity/capacity';
import { type IAksCluster, ClusterSource, type SharedChart } from '../cluster/cluster-source';
import type { AzureMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';
import { BOOT_DISK_GIB, GpuDriver, KubeletDisk, type NodeOptions } from '../nodes/node-pool-options';
import { acceleratorPool } from '../nodes/accelerator-pool';
import type { KubernetesInferenceProps } from './kubernetes-inference';
import { ServingIngress } from './serving-ingress';

/** Props with a default value that other settings depend on. */
type Resolved = Required<OptionalServingProps<SharedChart>> &
  Required<Pick<KubernetesInferenceProps, 'capacity' | 'ingress' | 'installation'>> & {
    readonly nodeOptions: NodeOptions & Required<Pick<NodeOptions, 'driver'>>;
    /** The source of the cluster. */
    readonly source: ClusterSource;
    /** The existing cluster. @default - a new cluster */
    readonly cluster?: IAksCluster;
  };

/** The props with all settings resolved. */
export interface ResolvedInference extends ResolvedServing {
  readonly props: Omit<KubernetesInferenceProps, 'cluster'> & Resolved;
  /** Whether nodes scale with the replicas. */
  readonly elastic: boolean;
  /** The node pool for the Kubernetes layer. */
  readonly pool: AcceleratorPool;
}

/** Resolves the settings that are left out, and adds each contradiction with the load. */
export function sizeInference(
  problems: ProblemCollector,
  given: KubernetesInferenceProps,
  scope: Construct,
): ResolvedInference {
  const planned = planOf(problems, given);
  const acceleratorsPerReplica = replicaSize(problems, replicaOf(servingMachine(given.machine), given), planned);
  const props = withDefaults(given, scope, { planned, acceleratorsPerReplica });
  const scale = props.scaling.resolve(targetConcurrency(problems, props, planned));
  const elastic = props.capacity.market !== AzureMarket.RESERVATION;
  // An update on elastic nodes starts a new replica before it stops an old one.
  const max = maxReplicasOf(scale) + (elastic ? 1 : 0);
  const machines = machinesFor(servingMachine(props.machine), acceleratorsPerReplica, max);
  const { machine, capacity } = props;
  return {
    props,
    resolved: resolvedServer(props.server, given.load),
    scale,
    acceleratorsPerReplica,
    machines,
    elastic,
    pool: acceleratorPool({
      ...{ name: poolName(props.name), machine, nodes: machines, capacity },
      extraTaints: props.nodeOptions.taints,
      maxPodsPerNode: props.nodeOptions.maxPodsPerNode,
    }),
    plan: planned?.plan,
  };
}

function planOf(problems: ProblemCollector, props: KubernetesInferenceProps): PlannedInference | undefined {
  const { load, machine, capacity, resourceGroup } = props;
  if (!load) return undefined;
  return planLoad(problems, {
    ...props,
    load,
    // A replica runs on one machine, even if machines have InfiniBand.
    machine: { ...plannedMachine(machine), rdma: false },
    market: capacity?.market === AzureMarket.SPOT ? 'spot' : 'on-demand',
    region: isUnknown(resourceGroup.location) ? undefined : resourceGroup.location,
  });
}

const GIB_PER_GB = 1e9 / 2 ** 30;

/** The machine for the layout of replicas. */
function servingMachine({ name, spec }: AzureMachine): ServingMachine {
  const { accelerators, acceleratorMemoryGB } = spec;
  return { name, accelerators: Math.ceil(accelerators), acceleratorMemoryGiB: acceleratorMemoryGB * GIB_PER_GB };
}

/** Results of the plan that default values depend on. */
interface Sizes {
  readonly planned: PlannedInference | undefined;
  readonly acceleratorsPerReplica: number;
}

function withDefaults(
  given: KubernetesInferenceProps,
  scope: Construct,
  { planned, acceleratorsPerReplica }: Sizes,
): ResolvedInference['props'] {
  const { cluster: source = ClusterSource.create(), nodeOptions = {}, ...props } = given;
  const { systemLabels, existingCharts } = source;
  return {
    ...props,
    ...servingDefaults({ ...props, systemLabels, existingCharts }, scope.node.id, planned),
    capacity: props.capacity ?? Capacity.onDemand(),
    nodeOptions: {
      ...nodeOptions,
      driver: nodeOptions.driver ?? GpuDriver.GPU_OPERATOR,
      bootDiskGiB: bootDiskFor(given, acceleratorsPerReplica),
    },
    ingress: props.ingress ?? ServingIngress.clusterOnly(),
    installation: props.installation ?? Installation.byDeployment(),
    source,
    cluster: source.existing,
  };
}

const BOOT_DISK = { systemGiB: 200, maxGiB: 2048 };

/** Space for images and logs, and for the model of each pod if pods use the OS disk. */
function bootDiskFor(props: KubernetesInferenceProps, acceleratorsPerReplica: number): number | undefined {
  const { machine, model, nodeOptions: { bootDiskGiB, kubeletDisk } = {} } = props;
  if (bootDiskGiB !== undefined || kubeletDisk === KubeletDisk.TEMPORARY) return bootDiskGiB;
  const { sizeGiB } = model;
  return Math.max(BOOT_DISK_GIB, diskFor(BOOT_DISK, servingMachine(machine), { acceleratorsPerReplica, sizeGiB }));
}

const MAX_POOL_NAME = 12;
const HASH_LENGTH = 5;

/** Name of the node pool. AKS allows 12 letters and digits. */
function poolName(name: string): string {
  const plain = name.replace(/[^a-z0-9]/g, '');
  if (plain === name && plain.length <= MAX_POOL_NAME) return plain;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  return `${plain.slice(0, MAX_POOL_NAME - HASH_LENGTH)}${hash}`;
}
