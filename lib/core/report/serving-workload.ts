import type { RecordedFinding } from '../findings';
import { counted, duration, GIB, milliseconds, number, range, times } from '../format';
import type { PlanRange } from '../planning/range';
import type { LoadedLatencyPlan, ServingCost, ServingPlan } from '../planning/serving/plan-serving';
import type {
  ReportAlternative,
  ReportCost,
  ReportEvidence,
  ReportFact,
  ReportMemory,
  ReportPeer,
  ReportWorkload,
} from './document';
import { findingsOfPlan, nodesOf, ofMarket, ofRange, parametersText, runsText, shared, whereOf } from './from-plan';

/** Converts a serving plan to a workload of a report. */
export function servingWorkload(
  plan: ServingPlan,
  findings: readonly RecordedFinding[],
  alternatives: readonly ReportAlternative[],
): ReportWorkload {
  const { load, cluster } = plan;
  return {
    ...shared(plan),
    title: `Serving of ${load.model} on ${times(cluster.nodes, cluster.machine)}`,
    work: 'serving',
    facts: facts(plan),
    topology: { nodes: nodesOf(cluster, 'Serving nodes'), stores: [weights(plan)], clients: clients(plan) },
    memory: memory(plan),
    costs: plan.costs.map(costOf),
    alternatives,
    findings: findingsOfPlan(plan, findings),
    evidence: evidence(plan),
  };
}

/** The model weights that a new replica reads. */
function weights({ coldStart: { weightsGB, readMBps, seconds } }: ServingPlan): ReportPeer {
  const text = `a new replica reads them in ${duration(seconds)} at ${number(readMBps)} MB/s`;
  return { name: 'Model weights', detail: `${number(weightsGB)} GB`, flows: [{ direction: 'read', text }] };
}

function clients({ load }: ServingPlan): ReportPeer {
  return {
    name: 'Clients',
    detail: arrivals(load),
    flows: [
      { direction: 'read', text: `requests of ${number(load.inputTokens)} tokens` },
      { direction: 'write', text: `responses of ${number(load.outputTokens)} tokens` },
    ],
  };
}

function arrivals({ requestsPerSecond, concurrency = 0 }: ServingPlan['load']): string {
  return requestsPerSecond === undefined
    ? counted(concurrency, 'concurrent request')
    : `${counted(requestsPerSecond, 'request')} per second`;
}

function facts({ load, replica, replicas, memory: { maxConcurrency }, latency, cluster }: ServingPlan): ReportFact[] {
  return [
    { name: 'Model', value: `${load.model}, ${parametersText(load.parameters, load.activeParameters)}` },
    {
      name: 'Load',
      value: `${arrivals(load)}, ${number(load.inputTokens)} input tokens and ${number(load.outputTokens)} output tokens`,
    },
    { name: 'Precision', value: precisionText(load) },
    {
      name: 'Replicas',
      value: `${number(replicas.count)}, each on ${times(replica.accelerators, cluster.chip)}${prefillText(replica)}`,
    },
    { name: 'Concurrent requests per replica', value: number(maxConcurrency) },
    whereOf(cluster),
    ...(latency
      ? [
          ...(latency.loaded
            ? [
                {
                  name: `Latency under load, ${latency.loaded.percentile}th percentile`,
                  value: loadedText(latency.loaded),
                },
              ]
            : []),
          { name: 'Latency of a lightly loaded replica', value: latencyText(latency.light) },
          { name: 'Minimum latency of the hardware', value: latencyText(latency.floor) },
        ]
      : []),
  ];
}

function prefillText({ prefillAccelerators: prefill }: ServingPlan['replica']): string {
  return prefill === undefined ? '' : `, ${number(prefill)} of them for prompts`;
}

function precisionText({ weightPrecision, computePrecision, kvPrecision }: ServingPlan['load']): string {
  const computed = computePrecision === weightPrecision ? '' : `, products ${computePrecision}`;
  return `weights ${weightPrecision}${computed}, KV cache ${kvPrecision}`;
}

function loadedText({ ttftMs, tpotMs }: LoadedLatencyPlan): string {
  const shown = (latency: PlanRange) => range(ofRange(latency), milliseconds);
  return `${shown(ttftMs)} to the first token, ${shown(tpotMs)} per token`;
}

function latencyText({ ttftMs, tpotMs }: { readonly ttftMs: number; readonly tpotMs: number }): string {
  return `${milliseconds(ttftMs)} to the first token, ${milliseconds(tpotMs)} per token`;
}

function memory({ memory: { weightsGiB, overheadGiB, kvRoomGiB, availableGiB } }: ServingPlan): ReportMemory {
  const parts = { weights: weightsGiB, overhead: overheadGiB, 'KV cache': Math.max(0, kvRoomGiB) };
  return {
    capacityBytes: availableGiB * GIB,
    parts: Object.entries(parts).map(([name, size]) => ({ name, bytes: size * GIB })),
  };
}

function costOf(cost: ServingCost): ReportCost {
  const { usdPerMonth: usd, usdPerMillionOutputTokens } = cost;
  return {
    ...ofMarket(cost),
    ...(usd !== undefined && { usd: { low: usd, likely: usd, high: usd } }),
    ...(usdPerMillionOutputTokens !== undefined && { usdPerMillionTokens: usdPerMillionOutputTokens }),
  };
}

function evidence({ throughput, coldStart }: ServingPlan): ReportEvidence[] {
  const { evidence: grade, runs, class: of = 'this chip and precision' } = throughput;
  return [
    { figure: 'Throughput and replicas', grade, source: runsText(runs, of) },
    {
      figure: 'Cold start',
      grade: 'modelled',
      source: coldStart.assumed
        ? 'an assumed read rate, without the startup time of machine and server'
        : 'the read rate of the storage, without the startup time of machine and server',
    },
  ];
}
