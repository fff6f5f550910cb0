import { createHash } from 'node:crypto';
import type { Construct } from 'constructs';
import type { Problems } from '../../core/errors';
import { type AcceleratorPool, mostReplicas } from '../../kubernetes';
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
import { isUnknown } from '../../terraform/tokens';
import { Capacity } from '../capacity/capacity';
import type { AzureMachine } from '../machine/machine';
import { plannedMachine } from '../machine/planned-machine';
import { BOOT_DISK_GIB, GpuDriver, KubeletDisk } from '../nodes/node-pool-options';
import { acceleratorPool } from '../training/accelerator-pool';
import type { KubernetesInferenceProps, SharedChart } from './kubernetes-inference-props';
import { ServingIngress } from './serving-ingress';

/** What of the props has a default that decides how the rest is made. */
type Settled = Required<
  Pick<KubernetesInferenceProps, keyof ServingChoices<SharedChart> | 'capacity' | 'driver' | 'ingress' | 'installation'>
>;

/** Props whose open sizes are settled. */
export interface SizedInference extends SizedServing {
  readonly props: KubernetesInferenceProps & Settled;
  /** Whether machines come and go with the replicas. */
  readonly elastic: boolean;
  /** The machines in the words of the Kubernetes layer. */
  readonly pool: AcceleratorPool;
}

/** Settles what was left open, and adds what contradicts the load. */
export function sizeInference(problems: Problems, given: KubernetesInferenceProps, scope: Construct): SizedInference {
  const planned = planOf(problems, given);
  const acceleratorsPerReplica = replicaSize(problems, replicaOf(servingMachine(given.machine), given), planned);
  const props = { ...withDefaults(given, scope, planned), bootDiskGiB: bootDiskFor(given, acceleratorsPerReplica) };
  const scale = props.scaling.resolve(requestsPerReplica(problems, props, planned));
  const elastic = props.capacity.market !== 'reservation';
  // Where machines can come, an update starts a replica before it stops another.
  const most = mostReplicas(scale) + (elastic ? 1 : 0);
  const machines = machinesFor(servingMachine(props.machine), acceleratorsPerReplica, most);
  const { machine, capacity } = props;
  return {
    props,
    resolved: resolvedServer(props.server, given.load),
    scale,
    acceleratorsPerReplica,
    machines,
    elastic,
    pool: acceleratorPool({ name: poolName(props.name), machine, nodes: machines, capacity }),
    plan: planned?.plan,
  };
}

function planOf(problems: Problems, props: KubernetesInferenceProps): PlannedInference | undefined {
  const { load, machine, capacity, resourceGroup } = props;
  if (!load) return undefined;
  return planLoad(problems, {
    ...props,
    load,
    // A replica lies on one machine here, whatever joins it to others.
    machine: { ...plannedMachine(machine), rdma: false },
    market: capacity?.market === 'spot' ? 'spot' : 'on-demand',
    region: isUnknown(resourceGroup.location) ? undefined : resourceGroup.location,
  });
}

const GIB_PER_GB = 1e9 / 2 ** 30;

/** The machine as replicas are laid out on it. */
function servingMachine({ name, spec }: AzureMachine): ServingMachine {
  const { accelerators, acceleratorMemoryGB } = spec;
  return { name, accelerators: Math.ceil(accelerators), acceleratorMemoryGiB: acceleratorMemoryGB * GIB_PER_GB };
}

function withDefaults(
  props: KubernetesInferenceProps,
  scope: Construct,
  planned: PlannedInference | undefined,
): SizedInference['props'] {
  return {
    ...props,
    ...servingDefaults(props, scope.node.id, planned),
    capacity: props.capacity ?? Capacity.onDemand(),
    driver: props.driver ?? GpuDriver.GPU_OPERATOR,
    ingress: props.ingress ?? ServingIngress.clusterOnly(),
    installation: props.installation ?? Installation.byDeployment(),
  };
}

const BOOT_DISK = { systemGiB: 200, mostGiB: 2048 };

/** Room for images and logs, and for the model with each pod, where pods have the disk of the system. */
function bootDiskFor(props: KubernetesInferenceProps, acceleratorsPerReplica: number): number | undefined {
  const { machine, model, bootDiskGiB, kubeletDisk } = props;
  if (bootDiskGiB !== undefined || kubeletDisk === KubeletDisk.TEMPORARY) return bootDiskGiB;
  const { sizeGiB } = model;
  return Math.max(BOOT_DISK_GIB, diskFor(BOOT_DISK, servingMachine(machine), { acceleratorsPerReplica, sizeGiB }));
}

const LONGEST_POOL = 12;
const HASH_LENGTH = 5;

/** The name of the pool of a model: AKS takes 12 letters and digits. */
function poolName(name: string): string {
  const plain = name.replace(/[^a-z0-9]/g, '');
  if (plain === name && plain.length <= LONGEST_POOL) return plain;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  return `${plain.slice(0, LONGEST_POOL - HASH_LENGTH)}${hash}`;
}
