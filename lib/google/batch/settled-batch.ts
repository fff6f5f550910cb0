import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { estimateBatch, type EstimatedRun } from '../../core/planning/batch-estimate';
import { type MarketRate, marketRates } from '../../core/planning/market-rates';
import type { BatchWork } from '../../core/planning/batch-estimate';
import { diskGiB, type ModelServer, ServingServer } from '../../kubernetes';
import { SYSTEM_LABELS } from '../../kubernetes/pool';
import { replicaSize, type ServingMachine } from '../../kubernetes/serving/replica-layout';
import { nameFrom, resolvedServer } from '../../kubernetes/serving/serving-defaults';
import { Installation } from '../../terraform/installation';
import { Capacity } from '../capacity/capacity';
import { servingMachine } from '../kubernetes-inference/inference-pool';
import { plannedMachine } from '../machine/planned-machine';
import { type TpuSlice, tpuSlice } from '../machine/tpu-topology';
import { regionOf } from '../props/location';
import type { BatchInferenceProps } from './batch-inference-props';

/** A market that a run may use. */
export type BatchMarket = 'spot' | 'on-demand';

/** Props to judge: a bucket that is left out is one that will be made. */
export type JudgedBatch = Omit<BatchInferenceProps, 'input' | 'results'> &
  Partial<Pick<BatchInferenceProps, 'input' | 'results'>>;

type Defaulted =
  | 'resultsPrefix'
  | 'server'
  | 'capacity'
  | 'shardsPerStart'
  | 'attempts'
  | 'toleratedFailurePercent'
  | 'timeoutHours'
  | 'name'
  | 'namespace'
  | 'bootDiskGiB'
  | 'systemLabels'
  | 'installation';

/** A workflow whose open sizes are settled. */
export interface SettledBatch<P extends JudgedBatch = JudgedBatch> {
  readonly props: P & Required<Pick<BatchInferenceProps, Defaulted>>;
  readonly machine: ServingMachine;
  /** The slice that each machine is. @default - GPUs */
  readonly slice?: TpuSlice;
  readonly resolved: ModelServer;
  readonly acceleratorsPerReplica: number;
  /** Pods at work at once: what the machines hold. */
  readonly replicas: number;
  /** Pods of one machine. */
  readonly replicasPerMachine: number;
  readonly machines: number;
  readonly leastMachines: number;
  readonly spansMachines: boolean;
  /** What the machine costs in the markets of the capacity. */
  readonly rates: readonly MarketRate<BatchMarket>[];
}

/** Settles what was left open. */
export function settleBatch<P extends JudgedBatch>(problems: Problems, given: P, scope: Construct): SettledBatch<P> {
  const { machine, model, server, mostMachines } = given;
  const serving = servingMachine(machine);
  const size = { machine: serving, sizeGiB: model.sizeGiB, memoryShare: server?.memoryShare, hasLoad: false };
  const stated = given.acceleratorsPerReplica ?? (machine.isTpu ? serving.accelerators : undefined);
  const acceleratorsPerReplica = replicaSize(problems, { ...size, acceleratorsPerReplica: stated }, undefined);
  const replicasPerMachine = Math.max(1, Math.floor(serving.accelerators / acceleratorsPerReplica) || 1);
  const props = withDefaults(given, scope, replicasPerMachine);
  return {
    props,
    machine: serving,
    slice: machine.isTpu ? tpuSlice(new Problems(), machine, given.topology) : undefined,
    resolved: resolvedServer(props.server, given.work?.load),
    acceleratorsPerReplica,
    replicasPerMachine,
    replicas: mostMachines * replicasPerMachine,
    machines: mostMachines,
    leastMachines: 0,
    spansMachines: false,
    rates: ratesOf(problems, props),
  };
}

function withDefaults<P extends JudgedBatch>(given: P, scope: Construct, pods: number): SettledBatch<P>['props'] {
  const { name = nameFrom(scope.node.id) } = given;
  return {
    ...given,
    name,
    namespace: given.namespace ?? name,
    resultsPrefix: given.resultsPrefix ?? 'batch/',
    server: given.server ?? ServingServer.vllm(),
    capacity: given.capacity ?? Capacity.spot({ fallback: Capacity.onDemand() }),
    shardsPerStart: given.shardsPerStart ?? 20,
    attempts: given.attempts ?? 3,
    toleratedFailurePercent: given.toleratedFailurePercent ?? 5,
    timeoutHours: given.timeoutHours ?? 168,
    bootDiskGiB: given.bootDiskGiB ?? bootDiskFor(given, pods),
    systemLabels: given.systemLabels ?? SYSTEM_LABELS,
    installation: given.installation ?? Installation.byDeployment(),
  };
}

const SYSTEM_GIB = 200;
const WORK_GIB = 20;
const LARGEST_GIB = 65_536;

/** Room for images, and with each pod for the model and for requests, where the machine has no disks of its own. */
function bootDiskFor({ machine: { spec }, model }: JudgedBatch, pods: number): number {
  if (spec.localSsd?.mode === 'attached' || !(model.sizeGiB > 0)) return SYSTEM_GIB;
  return Math.min(LARGEST_GIB, SYSTEM_GIB + pods * (diskGiB(model.sizeGiB) + WORK_GIB));
}

function ratesOf(problems: Problems, { machine, capacity, zone, prices, pricesAsOf }: SettledBatch['props']) {
  // A reservation is billed as on demand, used or not, and flex-start costs no more.
  const first: BatchMarket = capacity.market === 'spot' ? 'spot' : 'on-demand';
  const markets: readonly BatchMarket[] = capacity.fallback ? [first, 'on-demand'] : [first];
  return marketRates(problems, {
    cloud: 'google',
    machine: machine.name,
    region: regionOf(zone),
    ...{ markets, prices, pricesAsOf },
  });
}

/** Estimates a run on the machines; adds what cannot be. */
export function estimateOn(
  problems: Problems,
  work: BatchWork,
  settled: SettledBatch,
): EstimatedRun<BatchMarket> | undefined {
  const { props, acceleratorsPerReplica, replicas, replicasPerMachine, rates } = settled;
  return estimateBatch(problems, work, {
    ...{ replicas, replicasPerMachine, rates },
    machine: plannedMachine(props.machine),
    machineName: props.machine.name,
    accelerators: acceleratorsPerReplica,
    acceleratorsProp: 'acceleratorsPerReplica',
    region: regionOf(props.zone),
  });
}
