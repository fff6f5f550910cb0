import type { Construct } from 'constructs';
import type { Problems } from '../../core/errors';
import { mostReplicas } from '../../kubernetes';
import { Capacity } from '../capacity/capacity';
import { Installation } from '../cluster/installation';
import type { PlannedInference } from '../../kubernetes/serving/load-plan';
import { diskFor, machinesFor, replicaOf, replicaSize } from '../../kubernetes/serving/replica-layout';
import {
  requestsPerReplica,
  resolvedServer,
  type ServingChoices,
  servingDefaults,
  type SizedServing,
} from '../../kubernetes/serving/serving-defaults';
import type { KubernetesInferenceProps, SharedChart } from './kubernetes-inference-options';
import { planLoad } from './load-plan';
import { acceleratorsOf, servingMachine } from './replica-layout';
import { ServingIngress } from './serving-ingress';
import { ServingNodes } from './serving-nodes';

/** What of the props has a default that decides how the rest is made. */
type Settled = Required<
  Pick<
    KubernetesInferenceProps,
    keyof ServingChoices<SharedChart> | 'nodes' | 'capacity' | 'ingress' | 'rootVolumeGiB' | 'installation'
  >
>;

/** Props whose open sizes are settled. */
export interface SizedInference extends SizedServing {
  readonly props: KubernetesInferenceProps & Settled;
  /** Whether a replica takes several machines. */
  readonly spansMachines: boolean;
  /** Whether an update may start a replica before it stops another: where a machine for it can come. */
  readonly surge: boolean;
}

/** Settles what was left open, and adds what contradicts the load. */
export function sizeInference(problems: Problems, given: KubernetesInferenceProps, scope: Construct): SizedInference {
  const planned = planLoad(problems, given, scope);
  const acceleratorsPerReplica = replicaSize(problems, replicaOf(servingMachine(given.machine), given), planned);
  const spansMachines = acceleratorsPerReplica > acceleratorsOf(given.machine);
  const props = withDefaults(given, scope, { planned, acceleratorsPerReplica, spansMachines });
  const scale = props.scaling.resolve(requestsPerReplica(problems, props, planned));
  const surge =
    props.nodes.kind === 'karpenter' && !props.capacity.usesReservation && !props.capacity.createsReservation;
  const most = mostReplicas(scale) + (surge ? 1 : 0);
  return {
    props,
    resolved: resolvedServer(props.server, given.load),
    scale,
    acceleratorsPerReplica,
    spansMachines,
    machines: machinesFor(servingMachine(given.machine), acceleratorsPerReplica, most),
    surge,
    plan: planned?.plan,
  };
}

interface Decided {
  readonly planned?: PlannedInference;
  readonly acceleratorsPerReplica: number;
  readonly spansMachines: boolean;
}

function withDefaults(
  props: KubernetesInferenceProps,
  scope: Construct,
  { planned, acceleratorsPerReplica, spansMachines }: Decided,
): SizedInference['props'] {
  return {
    ...props,
    ...servingDefaults(props, scope.node.id, planned),
    nodes: props.nodes ?? (spansMachines ? ServingNodes.managed() : ServingNodes.karpenter()),
    capacity: props.capacity ?? Capacity.onDemand(),
    ingress: props.ingress ?? ServingIngress.clusterOnly(),
    rootVolumeGiB: props.rootVolumeGiB ?? rootVolumeFor(props, acceleratorsPerReplica),
    installation: props.installation ?? Installation.inCluster(),
  };
}

const ROOT_VOLUME = { systemGiB: 100, mostGiB: 16_384 };

/** Room for images and logs, and for the model with each pod where the machine has no disks of its own. */
function rootVolumeFor({ machine, model }: KubernetesInferenceProps, acceleratorsPerReplica: number): number {
  if ((machine.spec.localNvmeGB ?? 0) > 0) return ROOT_VOLUME.systemGiB;
  return diskFor(ROOT_VOLUME, servingMachine(machine), { acceleratorsPerReplica, sizeGiB: model.sizeGiB });
}
