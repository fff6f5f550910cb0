import { SPOT_SHAPE } from '../catalog/spot-shape';
import type { RecordedFinding } from '../findings';
import { dollars, duration, GIB, number, percent, times } from '../format';
import type { PlanStorage } from '../planning/plan';
import { probabilityWithin } from '../planning/range';
import type { PlannedCheckpoint, TrainingCost, TrainingPlan } from '../planning/plan-training';
import type { ReportAlternative, ReportCost, ReportEvidence, ReportFact, ReportPeer, ReportWorkload } from './document';
import { findingsOfPlan, nodesOf, ofMarket, ofRange, parametersText, runsText, shared, whereOf } from './from-plan';

const KINDS = { pretrain: 'Pre-training', 'fine-tune': 'Fine-tuning', lora: 'LoRA training' } as const;

/** Converts a training plan to a workload of a report. */
export function trainingWorkload(
  plan: TrainingPlan,
  findings: readonly RecordedFinding[],
  alternatives: readonly ReportAlternative[],
): ReportWorkload {
  const { job, cluster, memory, time: planned } = plan;
  return {
    ...shared(plan),
    title: `${KINDS[job.kind]} of ${job.model} on ${times(cluster.nodes, cluster.machine)}`,
    work: 'training',
    facts: facts(plan),
    topology: { nodes: nodesOf(cluster, 'Training nodes'), stores: stores(plan.storage, plan.checkpoint) },
    ...(planned.seconds && { seconds: ofRange(planned.seconds) }),
    ...deadline(plan),
    ...(job.budgetUsd !== undefined && { budgetUsd: job.budgetUsd }),
    memory: {
      capacityBytes: memory.availableGiB * GIB,
      parts: Object.entries(memory.partsGiB).map(([name, size]) => ({ name, bytes: size * GIB })),
    },
    costs: plan.costs.map(costOf),
    alternatives,
    findings: findingsOfPlan(plan, findings),
    evidence: evidence(plan),
  };
}

/** Returns the deadline, and the probability of meeting it. */
function deadline({
  job: { finishWithinSeconds },
  time: { seconds },
}: TrainingPlan): Pick<ReportWorkload, 'deadlineSeconds' | 'deadlineProbability'> {
  if (finishWithinSeconds === undefined) return {};
  return {
    deadlineSeconds: finishWithinSeconds,
    ...(seconds && { deadlineProbability: probabilityWithin(seconds, finishWithinSeconds) }),
  };
}

function facts({ job, cluster, parallelism, checkpoint, time: planned }: TrainingPlan): ReportFact[] {
  const { tensor, pipeline, context, expert, data, sharding, microBatch, globalBatch, chosen } = parallelism;
  const { recompute, recomputedLayers } = parallelism;
  const split = Object.entries({ tensor, pipeline, context, expert, data }).filter(([, ways]) => ways > 1);
  const ways = split.length === 0 ? 'one accelerator' : split.map(([name, count]) => `${name} ${count}`).join(', ');
  return [
    { name: 'Model', value: `${job.model}, ${parametersText(job.parameters, job.activeParameters)}` },
    { name: 'Tokens', value: `${number(job.tokens)} in sequences of ${number(job.sequenceLength)}` },
    {
      name: 'Precision',
      value: `${job.precision}, ${job.optimizer}, recompute ${recompute}${recompute === 'full' ? ` (${recomputedLayers} layers)` : ''}`,
    },
    {
      name: 'Layout',
      value: `${ways}; ${sharding === 'none' ? 'no sharding' : sharding}${chosen.includes('split') ? ' (chosen by the planner)' : ''}`,
    },
    { name: 'Batch', value: `${number(globalBatch)} sequences, micro-batch of ${number(microBatch)} per accelerator` },
    whereOf(cluster),
    { name: 'Goodput', value: percent(planned.goodput) },
    ...spotFact(cluster),
    {
      name: 'Checkpoints',
      // On spot, the goodput includes the work that lost nodes repeat.
      value: checkpointText(
        checkpoint,
        cluster.market === 'spot' ? '' : `, ${percent(checkpoint.loss)} of the time lost`,
      ),
    },
    ...(job.budgetUsd === undefined ? [] : [{ name: 'Budget', value: dollars(job.budgetUsd) }]),
  ];
}

/** The life of spot nodes that the goodput is based on. */
function spotFact({ spotNodeLifeHours: hours }: TrainingPlan['cluster']): ReportFact[] {
  if (hours === undefined) return [];
  const source = hours === SPOT_SHAPE.defaultLifeHours ? `, from ${SPOT_SHAPE.caveat}` : '';
  return [{ name: 'Spot nodes', value: `assumed mean life of ${number(hours)} h${source}` }];
}

/** Describes the checkpoint size and interval. If all time is lost, no interval helps. */
function checkpointText({ sizeGB, intervalSeconds, loss }: PlannedCheckpoint, lost = ''): string {
  const size = `${number(sizeGB)} GB`;
  return loss < 1
    ? `${size} every ${duration(intervalSeconds)}${lost}`
    : `${size}: machines fail before a checkpoint is written`;
}

/** Read rate of the training data: the median, or unknown. */
const READING = {
  median: (rate: string) => `, ${rate}`,
  unknown: () => '',
} as const;

/** The existing file system, or the cheapest one that is sufficient. */
function stores({ given, tiers, readMBps, readRate }: PlanStorage, checkpoint: PlannedCheckpoint): ReportPeer[] {
  const [best] = tiers;
  const size = given ?? best;
  if (!size) return [];
  return [
    {
      name: !given && best ? `${best.service} ${best.tier}` : 'Parallel file system',
      detail: `${number(size.sizeGiB)} GiB, ${number(size.throughputMBps)} MB/s`,
      flows: [
        { direction: 'read', text: `training data${READING[readRate](`${number(readMBps)} MB/s`)}` },
        { direction: 'write', text: `a checkpoint of ${checkpointText(checkpoint)}` },
      ],
    },
  ];
}

function costOf(cost: TrainingCost): ReportCost {
  return { ...ofMarket(cost), ...(cost.runUsd && { usd: ofRange(cost.runUsd) }) };
}

function evidence({ time: { evidence: grade, runs, class: of }, storage }: TrainingPlan): ReportEvidence[] {
  const [best] = storage.tiers;
  return [
    {
      figure: 'Time and cost',
      grade,
      source: runsText(runs, of),
    },
    {
      figure: 'Memory',
      grade: 'modelled',
      source: 'sharded states (arXiv 1910.02054) and activations (arXiv 2205.05198)',
    },
    ...(best && !storage.given ? [{ figure: 'File system', grade: 'modelled' as const, source: best.source }] : []),
  ];
}
