import { REPORT_FORMAT, type ReportDocument, type ReportWorkload } from 'ai-infra-constructs/planning';
import { totalsOf } from '../../../lib/core/report/costs';

const DAY = 86_400;
const GIB = 2 ** 30;

/** A workload with something in every part. */
export const WORKLOAD: ReportWorkload = {
  path: 'Research/Pretrain',
  title: 'Pre-training of Llama-3.1-70B on 16 × p5.48xlarge',
  work: 'training',
  asOf: '2026-11-25',
  facts: [
    { name: 'Model', value: 'Llama-3.1-70B, 70.6 thousand million parameters' },
    { name: 'Tokens', value: '300,000,000,000' },
    { name: 'Layout', value: 'tensor 8, pipeline 2, data 8, zero-1' },
  ],
  topology: {
    nodes: {
      name: 'Training nodes',
      machine: 'p5.48xlarge',
      count: 16,
      accelerators: 8,
      chip: 'H100',
      fabric: { name: 'RDMA fabric', gbpsPerMachine: 3200 },
    },
    stores: [
      {
        name: 'FSx for Lustre, persistent 250',
        detail: '19,200 GiB, 4,800 MB/s',
        flows: [
          { direction: 'read', text: 'training data, 12 MB/s' },
          { direction: 'write', text: 'a checkpoint of 988 GB every 38 min' },
        ],
      },
      { name: 'Object storage', detail: '2,400 GiB', flows: [] },
    ],
    clients: { name: 'Clients', detail: 'nobody yet', flows: [{ direction: 'read', text: 'requests' }] },
  },
  seconds: { low: 24.1 * DAY, likely: 29.4 * DAY, high: 36.8 * DAY },
  deadlineSeconds: 40 * DAY,
  deadlineProbability: 0.96,
  budgetUsd: 700_000,
  memory: {
    capacityBytes: 80 * GIB,
    parts: [
      { name: 'states', bytes: 21 * GIB },
      { name: 'embeddings', bytes: 1.2 * GIB },
      { name: 'activations', bytes: 28 * GIB },
      { name: 'logits', bytes: 2 * GIB },
      { name: 'reserve', bytes: 11.7 * GIB },
    ],
  },
  binding: 'Time: with a probability of 80%, the run takes at most 34 days of the 40 until its deadline.',
  costs: [
    {
      market: 'on-demand',
      usd: { low: 510_000, likely: 621_000, high: 777_000 },
      usdPerMachineHour: 55.04,
      priceDate: '2026-11-20',
      source: 'AWS price list',
      stale: false,
    },
    {
      market: 'spot',
      chosen: true,
      usd: { low: 240_000, likely: 301_000, high: 402_000 },
      usdPerMachineHour: 24.1,
      priceDate: '2026-06-01',
      source: 'AWS spot history',
      stale: true,
    },
    { market: 'committed', reason: 'the table has no committed price of p5.48xlarge in us-east-1' },
  ],
  alternatives: [
    {
      cloud: 'google',
      machine: 'a3-megagpu-8g',
      machines: 16,
      region: 'us-central1',
      market: 'spot',
      layout: 'TP 8 · PP 2 · DP 8',
      seconds: { low: 25 * DAY, likely: 30 * DAY, high: 38 * DAY },
      usd: { low: 236_000, likely: 288_000, high: 371_000 },
      evidence: 'measured',
    },
    {
      cloud: 'azure',
      machine: 'Standard_ND96isr_H100_v5',
      machines: 16,
      region: 'eastus',
      market: 'on-demand',
      seconds: { low: 24 * DAY, likely: 29 * DAY, high: 37 * DAY },
      usd: { low: 905_000, likely: 1_100_000, high: 1_380_000 },
      evidence: 'modelled',
    },
    {
      cloud: 'aws',
      machine: 'trn2.48xlarge',
      machines: 24,
      region: 'us-east-2',
      market: 'on-demand',
      seconds: { low: 22 * DAY, likely: 37 * DAY, high: 64 * DAY },
      evidence: 'nearest',
    },
  ],
  findings: [
    {
      id: 'cost/price',
      level: 'warning',
      message: 'The spot price is 177 days old.',
      fix: 'Give the price of today as an override.',
      evidence: 'prices, row p5.48xlarge us-east-1 spot',
    },
    {
      id: 'spot/goodput',
      level: 'info',
      message: 'All 16 nodes are up 41% of the time.',
      fix: 'Checkpoint every 15 minutes.',
      evidence: 'spot traces, 16 nodes',
      path: 'Research/Pretrain/Nodes',
      acknowledged: 'The run may take longer.',
    },
  ],
  evidence: [
    { figure: 'TFLOP/s per accelerator', grade: 'measured', source: '214 published runs of H100 bf16 dense pretrain' },
    { figure: 'Memory', grade: 'modelled', source: 'ZeRO (arXiv 1910.02054), activations (arXiv 2205.05198)' },
  ],
};

/** A report of it. */
export const SAMPLE: ReportDocument = {
  format: REPORT_FORMAT,
  title: WORKLOAD.title,
  asOf: '2026-11-25',
  totals: totalsOf([WORKLOAD]),
  workloads: [WORKLOAD],
};
