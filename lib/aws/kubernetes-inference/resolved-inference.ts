import { Size, Stack, Token } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { maxReplicasOf, checkReplica, checkRoute } from '../../kubernetes';
import { type PlannedInference, planLoad as planOn } from '../../kubernetes/serving/load-plan';
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
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Capacity } from '../capacity/capacity';
import { type SharedChart, ClusterSource } from '../cluster/cluster-source';
import { Installation } from '../cluster/installation';
import type { KubernetesInferenceProps } from './kubernetes-inference';
import { ServingIngress, checkNetwork } from './serving-ingress';
import { ServingNodes, acceleratorPoolOf } from './serving-nodes';
import {
  addComputeDomainUnsupported,
  checkHeads,
  checkNamesAndServer,
  checkScaling,
  checkServedModel,
  checkServerImage,
} from '../../kubernetes/serving/inference-checks';
import { checkModelSize } from '../../kubernetes/serving/model-files';
import { checkSystemLabels } from '../cluster/cluster-software';
import { checkBootDisk } from '../nodes/node-launch-template';
import { checkNodeGroup } from '../nodes/node-group-checks';
import { Interconnect } from '../network/interconnect';
import type { AwsMachine } from '../machine/machine';
import { MARKETS, plannedMachine } from '../training/job-plan';

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

/** Resolves the open settings and adds every problem, before anything is created. */
export function checkInference(
  problems: ProblemCollector,
  given: KubernetesInferenceProps,
  scope: Construct,
): ResolvedInference {
  // Problems of the load come last: the hardware must be fixed first.
  const ofLoad = new ProblemCollector();
  const sized = sizeInference(ofLoad, given, scope);
  const { props } = sized;
  checkNamesAndServer(problems, props, sized.resolved);
  checkModel(problems, sized);
  checkMachines(problems, sized);
  checkNodes(problems, sized);
  props.source.check(problems, props);
  if (props.cluster) {
    checkSystemLabels(problems.within('cluster'), props.systemLabels, { [props.name]: { machine: props.machine } });
  }
  checkNetwork(problems, sized, scope);
  if (props.ingress.route) checkRoute(problems.within('ingress'), props.ingress.route);
  checkScaling(problems, props.scaling, sized.scale, sized.resolved);
  for (const problem of ofLoad.all) problems.add(problem);
  return sized;
}

function checkModel(problems: ProblemCollector, { props }: ResolvedInference): void {
  const { model, server, cache } = props;
  const of = problems.within('model');
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    of.add({ code: 'ModelSourceInvalid', prop, allowed, got, fix });
  const artifact = model.bucketArtifact;
  if (artifact?.kind === 'archive') {
    wrong(
      'artifact',
      'ModelArtifact.files, because the servers do not unpack archives',
      'an archive',
      'Upload the files without an archive.',
    );
    checkModelSize(of, model.sizeGiB);
  } else if (artifact && artifact.sha256 === undefined) {
    wrong(
      'artifact.sha256',
      'set, because servers get only files that a digest proves',
      undefined,
      'Run `sha256sum SHA256SUMS`, and pass the digest.',
    );
    checkModelSize(of, model.sizeGiB);
  } else {
    checkServedModel(of, { source: model.source(), cache: cache.cache, sizeGiB: model.sizeGiB }, server.engine);
  }
}

function checkMachines(problems: ProblemCollector, sized: ResolvedInference): void {
  const { props, machines, acceleratorsPerReplica, scale, resolved } = sized;
  const { machine, capacity, server, nodes, load } = props;
  const karpenter = nodes.kind === 'karpenter';
  // Separate checks report a wrong number of replicas or accelerators.
  const count = Number.isSafeInteger(machines) && machines >= 1 ? machines : 1;
  checkNodeGroup(problems, {
    machine,
    nodes: count,
    capacity,
    ...(karpenter && { interconnect: Interconnect.none(), nodeOptions: { nodeQuota: 100_000 } }),
  });
  checkBootDisk(problems, 'nodeOptions.bootDisk', props.bootDisk);
  checkReplica(problems, { pool: acceleratorPoolOf(sized), acceleratorsPerReplica, scale, server: resolved });
  if (machine.isNeuron) checkServerImage(problems, server, machine.name, 'Neuron');
  checkHeads(problems, load, server.engine, servingMachine(machine), acceleratorsPerReplica);
}

function checkNodes(
  problems: ProblemCollector,
  { props, spansMachines, acceleratorsPerReplica }: ResolvedInference,
): void {
  const { nodes, capacity, cluster, machine } = props;
  if (spansMachines && machine.isUltraServer && !machine.isNeuron)
    addComputeDomainUnsupported(problems, machine.spec.accelerators, acceleratorsPerReplica);
  if (nodes.kind === 'karpenter' && spansMachines) {
    problems.add({
      code: 'ReplicaLayout',
      prop: 'nodes',
      allowed:
        'ServingNodes.managed() for replicas of several machines, because Karpenter nodes have no EFA and no huge pages',
      got: 'ServingNodes.karpenter()',
      fix: 'Leave `nodes` out.',
    });
  }
  if (nodes.options.installed && !cluster) {
    problems.add({
      code: 'ClusterOption',
      prop: 'nodes.installed',
      allowed: 'left out for a new cluster, which runs no software yet',
      got: true,
      fix: 'Leave `installed` out, or pass an existing cluster with ClusterSource.fromCluster.',
    });
  }
  if (nodes.kind === 'managed' && capacity.fallback) {
    problems.add({
      code: 'CapacityFallback',
      prop: 'capacity.fallback',
      allowed: 'left out for a managed node group, because no autoscaler starts the fallback group',
      got: capacity.fallback.market,
      fix: 'Use ServingNodes.karpenter(), or leave `fallback` out.',
    });
  }
}

/** Number of accelerators of a machine for pods. A slice of a GPU counts as one. */
export function acceleratorsOf({ spec }: AwsMachine): number {
  return Math.ceil(spec.accelerators);
}

/** The machine for the layout of replicas. */
export function servingMachine(machine: AwsMachine): ServingMachine {
  const { acceleratorMemoryGiB } = machine.spec;
  return { name: machine.name, accelerators: acceleratorsOf(machine), acceleratorMemoryGiB };
}

/** Plans the load on the machine and adds what contradicts it. Returns undefined if it cannot be planned. */
export function planLoad(
  problems: ProblemCollector,
  props: KubernetesInferenceProps,
  scope: Construct,
): PlannedInference | undefined {
  const { load } = props;
  const machine = load && plannedMachine(problems, { ...props, interconnect: interconnectOf(props) }, 'load');
  if (!machine) return undefined;
  const { region } = Stack.of(scope);
  return planOn(problems, {
    ...props,
    load,
    machine,
    market: MARKETS[props.capacity?.market ?? 'on-demand'],
    region: Token.isUnresolved(region) ? undefined : region,
  });
}

/** Karpenter nodes have no EFA, so a replica cannot span them. */
function interconnectOf({ nodes }: KubernetesInferenceProps): Interconnect | undefined {
  return nodes?.kind === 'karpenter' ? Interconnect.none() : undefined;
}
