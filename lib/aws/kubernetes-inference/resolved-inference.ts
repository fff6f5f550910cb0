import { Size } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import { maxReplicasOf } from '../../kubernetes';
import type { PlannedInference } from '../../kubernetes/serving/load-plan';
import { diskFor, machinesFor, replicaOf, replicaSize } from '../../kubernetes/serving/replica-layout';
import {
  targetConcurrency,
  resolvedServer,
  type OptionalServingProps,
  servingDefaults,
  type ResolvedServing,
} from '../../kubernetes/serving/serving-defaults';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Capacity } from '../capacity/capacity';
import type { SharedChart } from '../cluster/cluster-options';
import { ClusterSource } from '../cluster/cluster-source';
import { Installation } from '../cluster/installation';
import type { KubernetesInferenceProps } from './kubernetes-inference-options';
import { planLoad } from './load-plan';
import { acceleratorsOf, servingMachine } from './replica-layout';
import { ServingIngress } from './serving-ingress';
import { ServingNodes } from './serving-nodes';

type WithDefault = 'nodes' | 'capacity' | 'ingress' | 'installation';

/** Props with the defaults that other settings depend on. */
export interface ResolvedInferenceProps
  extends
    Omit<KubernetesInferenceProps, 'cluster' | 'nodeOptions' | WithDefault | keyof OptionalServingProps<SharedChart>>,
    Required<Pick<KubernetesInferenceProps, WithDefault>>,
    Required<OptionalServingProps<SharedChart>> {
  /** Where the cluster comes from. */
  readonly source: ClusterSource;
  /** The existing cluster. @default - a new cluster */
  readonly cluster?: ICluster;
  /** Size of the boot disk of each node. */
  readonly bootDisk: Size;
  /** KMS key of the boot disks. @default - the default EBS key of the account */
  readonly bootDiskKey?: IKey;
}

/** Resolved settings of a model on EKS. */
export interface ResolvedInference extends ResolvedServing {
  readonly props: ResolvedInferenceProps;
  /** Whether a replica uses several machines. */
  readonly spansMachines: boolean;
  /** Whether an update can start a replica before it stops another one, because a machine for it can be added. */
  readonly surge: boolean;
}

/** Resolves the open settings, and adds what contradicts the load. */
export function sizeInference(
  problems: ProblemCollector,
  given: KubernetesInferenceProps,
  scope: Construct,
): ResolvedInference {
  const planned = planLoad(problems, given, scope);
  const acceleratorsPerReplica = replicaSize(problems, replicaOf(servingMachine(given.machine), given), planned);
  const spansMachines = acceleratorsPerReplica > acceleratorsOf(given.machine);
  const props = withDefaults(given, scope, { planned, acceleratorsPerReplica, spansMachines });
  const scale = props.scaling.resolve(targetConcurrency(problems, props, planned));
  const surge =
    props.nodes.kind === 'karpenter' && !props.capacity.usesReservation && !props.capacity.createsReservation;
  const max = maxReplicasOf(scale) + (surge ? 1 : 0);
  return {
    props,
    resolved: resolvedServer(props.server, given.load),
    scale,
    acceleratorsPerReplica,
    spansMachines,
    machines: machinesFor(servingMachine(given.machine), acceleratorsPerReplica, max),
    surge,
    plan: planned?.plan,
  };
}

interface SizedReplica {
  readonly planned?: PlannedInference;
  readonly acceleratorsPerReplica: number;
  readonly spansMachines: boolean;
}

function withDefaults(
  props: KubernetesInferenceProps,
  scope: Construct,
  { planned, acceleratorsPerReplica, spansMachines }: SizedReplica,
): ResolvedInferenceProps {
  const { cluster: source = ClusterSource.create(), nodeOptions = {} } = props;
  const { systemLabels, existingCharts } = source;
  return {
    ...props,
    ...servingDefaults<SharedChart>({ ...props, systemLabels, existingCharts }, scope.node.id, planned),
    source,
    cluster: source.existing,
    nodes: props.nodes ?? (spansMachines ? ServingNodes.managed() : ServingNodes.karpenter()),
    capacity: props.capacity ?? Capacity.onDemand(),
    ingress: props.ingress ?? ServingIngress.clusterOnly(),
    bootDisk: nodeOptions.bootDisk ?? bootDiskFor(props, acceleratorsPerReplica),
    bootDiskKey: nodeOptions.bootDiskKey,
    installation: props.installation ?? Installation.byDeployment(),
  };
}

const BOOT_DISK = { systemGiB: 100, maxGiB: 16_384 };

/** Disk for images and logs, and for the model of each pod if the machine has no local disks. */
function bootDiskFor({ machine, model }: KubernetesInferenceProps, acceleratorsPerReplica: number): Size {
  if ((machine.spec.localNvmeGB ?? 0) > 0) return Size.gibibytes(BOOT_DISK.systemGiB);
  const { sizeGiB } = model;
  return Size.gibibytes(diskFor(BOOT_DISK, servingMachine(machine), { acceleratorsPerReplica, sizeGiB }));
}
