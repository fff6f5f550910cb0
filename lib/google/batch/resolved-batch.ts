import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { type MarketRate, marketRates } from '../../core/planning/cost/market-rates';
import type { PlannedRunInput } from '../../core/planning/cost/batch-estimate';
import { diskGiB, type ModelServer, ServingServer } from '../../kubernetes';
import { replicaSize, type ServingMachine } from '../../kubernetes/serving/replica-layout';
import { nameFrom, resolvedServer } from '../../kubernetes/serving/serving-props';
import { Installation } from '../../terraform/installation';
import { Capacity } from '../capacity/capacity';
import { ClusterSource } from '../cluster/cluster-source';
import { servingMachine } from '../kubernetes-inference/inference-nodes';
import type { ResolvedNodeOptions } from '../kubernetes-inference/resolved-inference';
import { plannedMachine } from '../machine/planned-machine';
import { type TpuSlice, tpuSlice } from '../machine/tpu-topology';
import { regionOf } from '../props/location';
import type { BatchInferenceProps } from './batch-inference';

/** Market of the machines of a run. */
export type BatchMarket = 'spot' | 'on-demand';

/** Props to validate. A bucket that is left out is created later. */
export type CheckedBatch = Omit<BatchInferenceProps, 'input' | 'results'> &
  Partial<Pick<BatchInferenceProps, 'input' | 'results'>>;

type Defaulted =
  | 'resultsPrefix'
  | 'server'
  | 'capacity'
  | 'shardsPerTask'
  | 'attempts'
  | 'toleratedFailurePercent'
  | 'timeoutHours'
  | 'name'
  | 'namespace'
  | 'cluster'
  | 'installation';

/** A workflow with all defaults and sizes filled in. */
export interface ResolvedBatch<P extends CheckedBatch = CheckedBatch> {
  readonly props: P & Required<Pick<BatchInferenceProps, Defaulted>> & { readonly nodeOptions: ResolvedNodeOptions };
  readonly machine: ServingMachine;
  /** TPU slice of each machine. @default - GPUs */
  readonly slice?: TpuSlice;
  readonly server: ModelServer;
  readonly acceleratorsPerReplica: number;
  /** Number of pods that run at the same time on all machines. */
  readonly replicas: number;
  /** Pods of one machine. */
  readonly replicasPerMachine: number;
  readonly machines: number;
  readonly minMachines: number;
  readonly spansMachines: boolean;
  /** Prices of the machine in the markets of the capacity. */
  readonly rates: readonly MarketRate<BatchMarket>[];
}

/** Fills in the defaults and sizes. */
export function resolveBatch<P extends CheckedBatch>(
  problems: ProblemCollector,
  given: P,
  scope: Construct,
): ResolvedBatch<P> {
  const { machine, model, server, maxMachines } = given;
  const serving = servingMachine(machine);
  const size = { machine: serving, sizeGiB: model.sizeGiB, memoryShare: server?.memoryShare, hasLoad: false };
  const stated = given.acceleratorsPerReplica ?? (machine.isTpu ? serving.accelerators : undefined);
  const acceleratorsPerReplica = replicaSize(problems, { ...size, acceleratorsPerReplica: stated }, undefined);
  const replicasPerMachine = Math.max(1, Math.floor(serving.accelerators / acceleratorsPerReplica) || 1);
  const props = withDefaults(given, scope, replicasPerMachine);
  return {
    props,
    machine: serving,
    slice: machine.isTpu ? tpuSlice(new ProblemCollector(), machine, given.topology) : undefined,
    server: resolvedServer(props.server, given.work?.load),
    acceleratorsPerReplica,
    replicasPerMachine,
    replicas: maxMachines * replicasPerMachine,
    machines: maxMachines,
    minMachines: 0,
    spansMachines: false,
    rates: ratesOf(problems, props),
  };
}

function withDefaults<P extends CheckedBatch>(given: P, scope: Construct, pods: number): ResolvedBatch<P>['props'] {
  const { name = nameFrom(scope.node.id) } = given;
  return {
    ...given,
    name,
    namespace: given.namespace ?? name,
    resultsPrefix: given.resultsPrefix ?? 'batch/',
    server: given.server ?? ServingServer.vllm(),
    capacity: given.capacity ?? Capacity.spot({ fallback: Capacity.onDemand() }),
    shardsPerTask: given.shardsPerTask ?? 20,
    attempts: given.attempts ?? 5,
    toleratedFailurePercent: given.toleratedFailurePercent ?? 5,
    timeoutHours: given.timeoutHours ?? 168,
    cluster: given.cluster ?? ClusterSource.create(),
    nodeOptions: { ...given.nodeOptions, bootDiskGiB: given.nodeOptions?.bootDiskGiB ?? bootDiskFor(given, pods) },
    installation: given.installation ?? Installation.byDeployment(),
  };
}

const SYSTEM_GIB = 200;
const WORK_GIB = 20;
const LARGEST_GIB = 65_536;

/** Space for images, and for the model and the requests of each pod if the machine has no local SSD. */
function bootDiskFor({ machine: { spec }, model }: CheckedBatch, pods: number): number {
  if (spec.localSsd?.mode === 'attached' || !(model.sizeGiB > 0)) return SYSTEM_GIB;
  return Math.min(LARGEST_GIB, SYSTEM_GIB + pods * (diskGiB(model.sizeGiB) + WORK_GIB));
}

function ratesOf(problems: ProblemCollector, { machine, capacity, zone, prices }: ResolvedBatch['props']) {
  // A reservation is billed at the on-demand price, and flex-start does not cost more.
  const first: BatchMarket = capacity.market === 'spot' ? 'spot' : 'on-demand';
  const markets: readonly BatchMarket[] = capacity.fallback ? [first, 'on-demand'] : [first];
  return marketRates(problems, {
    cloud: 'google',
    machine: machine.name,
    region: regionOf(zone),
    ...{ markets, prices },
  });
}

/** The machines of a run, for an estimate. */
export function runInput(resolved: ResolvedBatch): PlannedRunInput<BatchMarket> {
  const { props, acceleratorsPerReplica, machines, replicas, replicasPerMachine, rates } = resolved;
  return {
    ...{ machines, replicas, replicasPerMachine, rates },
    machine: plannedMachine(props.machine),
    machineName: props.machine.name,
    accelerators: acceleratorsPerReplica,
    acceleratorsProp: 'acceleratorsPerReplica',
    region: regionOf(props.zone),
  };
}
