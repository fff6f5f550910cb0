import type { ServingCost, ServingPlan } from '../planning/plan-serving-result';
import type {
  ReportAlternative,
  ReportCost,
  ReportDocument,
  ReportEvidence,
  ReportFact,
  ReportMemory,
} from './document';
import { number, time, times } from './format';
import { nodesOf, ofMarket, shared } from './from-plan';
import { parametersText } from './training-document';

const GIB = 2 ** 30;

/** What a report says of a serving plan. */
export function servingDocument(plan: ServingPlan, alternatives: readonly ReportAlternative[] = []): ReportDocument {
  const { load, cluster, coldStart } = plan;
  return {
    ...shared(plan),
    title: `Serving of ${load.model} on ${times(cluster.nodes, cluster.machine)}`,
    work: 'serving',
    facts: facts(plan),
    topology: {
      nodes: nodesOf(cluster, 'Serving nodes'),
      stores: [
        {
          name: 'Model weights',
          detail: `${number(coldStart.weightsGB)} GB`,
          flow: `a new replica reads them in ${time(coldStart.seconds)} at ${number(coldStart.readMBps)} MB/s`,
        },
      ],
    },
    memory: memory(plan),
    costs: plan.costs.map((cost) => costOf(cost, plan.replicas.atLeast)),
    alternatives,
    evidence: evidence(plan),
  };
}

function facts({ load, replica, replicas, memory: { maxConcurrency }, latency, cluster }: ServingPlan): ReportFact[] {
  const arrivals =
    load.requestsPerSecond === undefined
      ? `${number(load.concurrency ?? 0)} requests at once`
      : `${number(load.requestsPerSecond)} requests a second`;
  return [
    { name: 'Model', value: `${load.model}, ${parametersText(load.parameters, load.activeParameters)}` },
    { name: 'Load', value: `${arrivals}, ${number(load.inputTokens)} tokens in and ${number(load.outputTokens)} out` },
    { name: 'Arithmetic', value: `weights ${load.weightPrecision}, KV cache ${load.kvPrecision}` },
    {
      name: 'Replicas',
      value: `${replicas.atLeast ? 'at least ' : ''}${number(replicas.count)}, each on ${times(replica.accelerators, cluster.chip)}`,
    },
    { name: 'Requests at once of a replica', value: number(maxConcurrency) },
    { name: 'Where', value: [cluster.cloud, cluster.region].filter((part) => part !== undefined).join(' ') },
    ...(latency
      ? [
          { name: 'Latency of a lightly loaded replica', value: latencyText(latency.calibrated) },
          { name: 'Latency that no software beats', value: latencyText(latency.floor) },
        ]
      : []),
  ];
}

function latencyText({ ttftMs, tpotMs }: { readonly ttftMs: number; readonly tpotMs: number }): string {
  return `${number(ttftMs)} ms to the first token, ${number(tpotMs)} ms a token`;
}

function memory({ memory: { weightsGiB, overheadGiB, kvRoomGiB, availableGiB } }: ServingPlan): ReportMemory {
  const parts = { weights: weightsGiB, overhead: overheadGiB, 'room for keys and values': Math.max(0, kvRoomGiB) };
  return {
    capacityBytes: availableGiB * GIB,
    parts: Object.entries(parts).map(([name, size]) => ({ name, bytes: size * GIB })),
  };
}

/** A number of replicas that follows from a bound gives a bound of the cost, too. */
function costOf(cost: ServingCost, atLeast: boolean): ReportCost {
  const { usdPerMonth, usdPerMillionOutputTokens } = cost;
  const month = usdPerMonth === undefined ? {} : monthly(usdPerMonth, atLeast);
  return {
    ...ofMarket(cost),
    ...month,
    ...(usdPerMillionOutputTokens !== undefined && { usdPerMillionTokens: usdPerMillionOutputTokens }),
  };
}

function monthly(usd: number, atLeast: boolean): Pick<ReportCost, 'usd' | 'atLeastUsd'> {
  return atLeast ? { atLeastUsd: usd } : { usd: { likely: usd, high: usd } };
}

function evidence({ throughput, coldStart }: ServingPlan): ReportEvidence[] {
  const { evidence: grade, runs, class: of = 'this chip and precision' } = throughput;
  const source = runs > 0 ? `${number(runs)} published runs of ${of}` : `no published run of ${of}`;
  return [
    { figure: 'Throughput and replicas', grade, source },
    {
      figure: 'Cold start',
      grade: 'modelled',
      source: coldStart.assumed
        ? 'an assumed read rate; the start of machine and server come on top'
        : 'the read rate of the storage given; the start of machine and server come on top',
    },
  ];
}
