import type { Construct } from 'constructs';
import type { ErrorCode } from '../../core/error-codes';
import { Problems } from '../../core/errors';
import type { EstimatedRun } from '../../core/planning/batch-estimate';
import { isPositive } from '../../core/workload/guards';
import { checkNames } from '../../kubernetes/manifest';
import { checkSystemLabels } from '../../kubernetes/placement';
import { checkNamesAndServer, checkServedModel, checkServerImage } from '../../kubernetes/serving/inference-checks';
import { checkBounds, isKnown, isUnknown } from '../../terraform/tokens';
import { Capacity } from '../capacity/capacity';
import { checkClusterOptions, networkOf } from '../cluster/cluster-option-checks';
import { acceleratorPoolOf } from '../kubernetes-inference/inference-pool';
import type { AcceleratorNetworks } from '../network/accelerator-networks';
import { checkMachineSize, PODS_SHARE } from '../machine/machine-size';
import { checkFurtherRanges, clusterRanges } from '../network/range-checks';
import { checkedSize } from '../nodes/node-pool-checks';
import { checkZone, regionOf } from '../props/location';
import type { PlannedBatchWork } from './batch-inference-props';
import { isCron } from './cron';
import { type BatchMarket, estimateOn, type JudgedBatch, settleBatch, type SettledBatch } from './settled-batch';
import { checkShards } from './shard-checks';

/** A workflow that was judged. */
export interface CheckedBatch<P extends JudgedBatch> {
  readonly settled: SettledBatch<P>;
  /** @default - no work was stated, or it cannot be done */
  readonly estimate?: EstimatedRun<BatchMarket>;
}

/** Adds everything that contradicts itself in a workflow whose props have the right kinds; nothing where nothing can be settled. */
export function checkBatchInference<P extends JudgedBatch>(
  problems: Problems,
  given: P,
  scope: Construct,
): CheckedBatch<P> | undefined {
  checkZone(problems, 'zone', given.zone);
  checkNumbers(problems, given);
  if (given.work) checkLimits(problems.within('work'), given.work);
  if (!checkMachineSize(problems, given.machine, PODS_SHARE) || isUnknown(given.zone)) return undefined;
  const settled = settleBatch(problems, given, scope);
  const { props, resolved } = settled;
  checkNamesAndServer(problems, props, resolved);
  if (props.queue !== undefined) checkNames(problems, { queue: props.queue });
  const files = { source: props.model.source(), cache: { kind: 'pod' } as const, sizeGiB: props.model.sizeGiB };
  checkServedModel(problems.within('model'), files, resolved.engine);
  checkPods(problems, settled);
  checkPool(problems, settled);
  checkClusterOptions(problems, given);
  if (given.systemLabels && given.cluster) {
    checkSystemLabels(problems, given.systemLabels, [acceleratorPoolOf(settled)]);
  }
  props.installation.check(problems);
  checkShards(problems, props);
  return { settled, estimate: checkWork(problems, settled) };
}

function checkNumbers(problems: Problems, props: JudgedBatch): void {
  const whole = (prop: string, value: number | undefined, least: number, most: number, of: string) =>
    checkBounds(problems, 'BatchLimit', prop, value, { least, most }, `, ${of}`);
  whole('mostMachines', props.mostMachines, 1, 1000, 'the nodes of a pool in a zone');
  whole('shardsPerStart', props.shardsPerStart, 1, 1000, 'a choice of this library');
  whole('attempts', props.attempts, 1, 10, 'a choice of this library');
  whole('toleratedFailurePercent', props.toleratedFailurePercent, 0, 100, 'percent');
  const { timeoutHours: hours, schedule } = props;
  if (hours !== undefined && !(Number.isFinite(hours) && hours >= 0.1 && hours <= MOST_HOURS)) {
    const allowed = `0.1 to ${MOST_HOURS} hours, a year`;
    problems.add({ code: 'BatchTimeout', prop: 'timeoutHours', allowed, got: hours, fix: 'Leave it out for a week.' });
  }
  if (schedule !== undefined && !isCron(schedule)) {
    problems.add({
      code: 'BatchSchedule',
      prop: 'schedule',
      allowed: 'five fields of cron in UTC: minute 0-59, hour 0-23, day 1-31, month 1-12, day of the week 0-6',
      got: schedule,
      fix: "Write it like '0 2 * * *'.",
    });
  }
}

const MOST_HOURS = 365 * 24;

/** What a run may take is nothing that only the deployment knows, nor what no comparison holds for. */
function checkLimits(problems: Problems, { finishWithinHours, budgetUsd }: PlannedBatchWork): void {
  const positive = (code: ErrorCode, prop: string, value: number | undefined) => {
    if (!isKnown(problems, prop, value) || isPositive(value)) return;
    problems.add({ code, prop, allowed: 'a number above 0', got: value, fix: 'Leave it out where there is no limit.' });
  };
  positive('DeadlineInvalid', 'finishWithinHours', finishWithinHours);
  positive('BudgetInvalid', 'budgetUsd', budgetUsd);
}

function checkPods(problems: Problems, settled: SettledBatch): void {
  const { props, machine, acceleratorsPerReplica: count, resolved, slice } = settled;
  const { accelerators } = machine;
  const tpu = props.machine.isTpu;
  if (!Number.isSafeInteger(count) || count < 1 || count > accelerators || (tpu && count !== accelerators)) {
    problems.add({
      code: 'BatchShare',
      prop: 'acceleratorsPerReplica',
      allowed: tpu
        ? `${accelerators}, all chips of ${machine.name}: a pod takes all or none`
        : `a whole number from 1 to ${accelerators}, the accelerators of ${machine.name}: a pod is on one machine`,
      got: count,
      fix: 'Leave it out, or take a larger machine.',
    });
  }
  if (resolved.engine !== 'vllm') {
    problems.add({
      code: 'ServingContainerInvalid',
      prop: 'server',
      allowed: 'ServingServer.vllm(), which has a command for files of requests',
      got: resolved.engine,
      fix: 'Leave it out.',
    });
  }
  if (tpu) checkServerImage(problems, props.server, machine.name, 'TPUs');
  if (slice && slice.nodes > 1) {
    problems.add({
      code: 'TpuTopology',
      prop: 'topology',
      allowed: `a slice of one machine of ${machine.name}: each machine works for itself`,
      got: slice.topology,
      fix: 'Take the topology that one machine forms.',
    });
  }
}

function checkPool(problems: Problems, { props, machines }: SettledBatch): void {
  const { machine, zone, capacity, cluster, topology, driver, bootDiskGiB } = props;
  if (capacity.isQueued) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: 'flex-start without `queued`: pods of a run come one by one',
      got: 'flex-start, queued',
      fix: 'Use Capacity.flexStart().',
    });
  }
  // What the construct makes for its pool is promised here.
  const promised = { machine, zone, networks: [] } as object as AcceleratorNetworks;
  checkedSize(problems, props.name, {
    ...{ machine, topology, driver, bootDiskGiB, zone },
    networks: props.networks ?? (machine.furtherInterfaces > 0 ? promised : undefined),
    cluster: cluster ?? { name: 'new', location: regionOf(zone), version: props.version },
    capacity: capacity.fallback ? Capacity.spot() : capacity,
    nodes: Number.isSafeInteger(machines) && machines >= 1 ? machines : 1,
  });
  checkFurtherRanges(problems, props, clusterRanges(networkOf(props.network, cluster), cluster));
}

/** What the estimate finds at fault in the work itself, and not in what is to do it. */
const OF_WORK = /^(load|requests)\b/;

/** What a run has to do, against the time and the money that it may take. */
function checkWork(problems: Problems, settled: SettledBatch): EstimatedRun<BatchMarket> | undefined {
  const { work } = settled.props;
  if (!work || problems.all.length > 0) return undefined;
  const ofRun = new Problems();
  const estimate = estimateOn(ofRun, work, settled);
  for (const one of ofRun.all) problems.add({ ...one, prop: OF_WORK.test(one.prop) ? `work.${one.prop}` : one.prop });
  const within = problems.within('work');
  const { finishWithinHours: hours, budgetUsd } = work;
  const least = estimate?.hours?.median ?? estimate?.leastHours;
  if (estimate && hours !== undefined && least !== undefined && least > hours) {
    within.add({
      code: 'DeadlineMissed',
      prop: 'finishWithinHours',
      allowed: `${least.toPrecision(3)} hours or more on ${settled.machines} ${settled.machine.name}`,
      got: hours,
      fix: 'Give more machines, or more time.',
    });
  }
  const usd = estimate?.costs[0]?.usd?.median ?? leastUsd(settled, estimate?.leastHours);
  if (budgetUsd !== undefined && usd !== undefined && usd > budgetUsd) {
    within.add({
      code: 'BudgetExceeded',
      prop: 'budgetUsd',
      allowed: `${Math.ceil(usd)} or more for ${work.requests} requests on ${settled.machine.name}`,
      got: budgetUsd,
      fix: 'Raise it, or take another machine or market.',
    });
  }
  return estimate;
}

/** What a run costs at least where nothing was measured: no software is faster, and the first market is the cheapest. */
function leastUsd({ machines, rates }: SettledBatch, leastHours: number | undefined): number | undefined {
  const usdPerHour = rates[0]?.usdPerHour;
  if (leastHours === undefined || usdPerHour === undefined) return undefined;
  return leastHours * machines * usdPerHour;
}
