import type { Construct } from 'constructs';
import type { ProblemCollector } from '../../core/errors';
import type { EstimatedRun } from '../../core/planning/batch-estimate';
import { estimatePlannedWork } from '../../core/planning/planned-batch-work';
import { checkNames } from '../../kubernetes/manifest';
import { checkSystemLabels } from '../../kubernetes/placement';
import { checkNamesAndServer, checkServedModel, checkServerImage } from '../../kubernetes/serving/inference-checks';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import { checkWorkLimits } from '../../terraform/work-limits';
import { Capacity } from '../capacity/capacity';
import { acceleratorPoolOf } from '../kubernetes-inference/inference-pool';
import type { AcceleratorNetworks } from '../network/accelerator-networks';
import { checkMachineSize, PODS_SHARE } from '../machine/machine-size';
import { checkFurtherRanges, clusterRanges } from '../network/range-checks';
import { checkedSize } from '../nodes/node-pool-checks';
import { checkZone } from '../props/location';
import { isCron } from './cron';
import { type BatchMarket, type CheckedBatch, resolveBatch, type ResolvedBatch, runInput } from './resolved-batch';
import { checkShards } from './shard-checks';

/** A validated workflow. */
export interface ValidatedBatch<P extends CheckedBatch> {
  readonly resolved: ResolvedBatch<P>;
  /** @default - no work, or work that cannot be planned */
  readonly estimate?: EstimatedRun<BatchMarket>;
}

/** Validates the values of the props, whose types are valid already. Returns nothing if the workflow cannot be sized. */
export function checkBatchInference<P extends CheckedBatch>(
  problems: ProblemCollector,
  given: P,
  scope: Construct,
): ValidatedBatch<P> | undefined {
  checkZone(problems, 'zone', given.zone);
  checkNumbers(problems, given);
  if (given.work) checkWorkLimits(problems.within('work'), given.work);
  if (!checkMachineSize(problems, given.machine, PODS_SHARE) || isUnknown(given.zone)) return undefined;
  const resolved = resolveBatch(problems, given, scope);
  const { props, server } = resolved;
  const { cluster } = props;
  checkNamesAndServer(problems, props, server);
  if (props.queue !== undefined) checkNames(problems, { queue: props.queue });
  const files = { source: props.model.source(), cache: { kind: 'pod' } as const, sizeGiB: props.model.sizeGiB };
  checkServedModel(problems.within('model'), files, server.engine);
  checkPods(problems, resolved);
  checkPool(problems, resolved);
  cluster.check(problems, props);
  if (cluster.systemLabels) {
    checkSystemLabels(problems.within('cluster'), cluster.systemLabels, [acceleratorPoolOf(resolved)]);
  }
  props.installation.check(problems);
  checkShards(problems, props);
  return { resolved, estimate: checkWork(problems, resolved) };
}

function checkNumbers(problems: ProblemCollector, props: CheckedBatch): void {
  const whole = (prop: string, value: number | undefined, min: number, max: number, of = '') =>
    checkBounds(problems, 'BatchLimit', prop, value, { min, max }, of);
  whole('maxMachines', props.maxMachines, 1, 1000, ', the maximum number of nodes of a node pool in a zone');
  whole('shardsPerTask', props.shardsPerTask, 1, 1000);
  whole('attempts', props.attempts, 1, 10);
  whole('toleratedFailurePercent', props.toleratedFailurePercent, 0, 100);
  const { timeoutHours: hours, schedule } = props;
  if (hours !== undefined && !(Number.isFinite(hours) && hours >= 0.1 && hours <= MAX_HOURS)) {
    const allowed = `from 0.1 to ${MAX_HOURS} hours (one year)`;
    problems.add({
      code: 'BatchTimeout',
      prop: 'timeoutHours',
      allowed,
      got: hours,
      fix: 'Leave it out to use 168 hours.',
    });
  }
  if (schedule !== undefined && !isCron(schedule)) {
    problems.add({
      code: 'BatchSchedule',
      prop: 'schedule',
      allowed: 'a cron expression with five fields: minute 0-59, hour 0-23, day 1-31, month 1-12, day of the week 0-6',
      got: schedule,
      fix: "Use an expression like '0 2 * * *'.",
    });
  }
}

const MAX_HOURS = 365 * 24;

function checkPods(problems: ProblemCollector, resolved: ResolvedBatch): void {
  const { props, machine, acceleratorsPerReplica: count, server, slice } = resolved;
  const { accelerators } = machine;
  const tpu = props.machine.isTpu;
  if (!Number.isSafeInteger(count) || count < 1 || count > accelerators || (tpu && count !== accelerators)) {
    problems.add({
      code: 'BatchShare',
      prop: 'acceleratorsPerReplica',
      allowed: tpu
        ? `${accelerators}, all chips of ${machine.name}, because a pod uses all TPU chips of one machine`
        : `a whole number from 1 to ${accelerators}, the accelerators of one ${machine.name}`,
      got: count,
      fix: 'Leave it out, or choose a larger machine.',
    });
  }
  if (server.engine !== 'vllm') {
    problems.add({
      code: 'ServingContainerInvalid',
      prop: 'server',
      allowed: 'ServingServer.vllm(), the only server with a batch command',
      got: server.engine,
      fix: 'Leave it out.',
    });
  }
  if (tpu) checkServerImage(problems, props.server, machine.name, 'TPUs');
  if (slice && slice.nodes > 1) {
    problems.add({
      code: 'TpuTopology',
      prop: 'topology',
      allowed: `a slice of one ${machine.name} machine, because a pod runs on one machine`,
      got: slice.topology,
      fix: 'Use the topology of one machine.',
    });
  }
}

function checkPool(problems: ProblemCollector, { props, machines }: ResolvedBatch): void {
  const { machine, zone, capacity, cluster, topology, nodeOptions } = props;
  if (capacity.isQueued) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: 'flex-start without `queued`, because the pods of a run start one by one',
      got: 'flex-start, queued',
      fix: 'Use Capacity.flexStart().',
    });
  }
  // Placeholder for the networks that the construct creates.
  const planned = { machine, zone, networks: [] } as object as AcceleratorNetworks;
  const networks = nodeOptions.networks ?? (machine.furtherInterfaces > 0 ? planned : undefined);
  const inOptions = problems.within('nodeOptions');
  checkedSize(
    problems,
    props.name,
    {
      ...{ ...nodeOptions, networks, machine, topology, zone },
      cluster: cluster.planned(zone),
      capacity: capacity.fallback ? Capacity.spot() : capacity,
      nodes: Number.isSafeInteger(machines) && machines >= 1 ? machines : 1,
    },
    inOptions,
  );
  const known = clusterRanges(cluster.networkFor(props.network), cluster.existing);
  checkFurtherRanges(inOptions, { machine, networks: nodeOptions.networks }, known);
}

/** Estimates the work of a run, and checks the estimate against its limits. */
function checkWork(problems: ProblemCollector, resolved: ResolvedBatch): EstimatedRun<BatchMarket> | undefined {
  const { work } = resolved.props;
  if (!work || problems.all.length > 0) return undefined;
  return estimatePlannedWork(problems, work, runInput(resolved));
}
