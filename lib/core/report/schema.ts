import { REPORT_FORMAT } from './document';

const text = { type: 'string' } as const;
const amount = { type: 'number', minimum: 0 } as const;
const day = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' } as const;
const grade = { enum: ['measured', 'modelled', 'nearest', 'no measurement'] } as const;

/** An object with all `required` keys, any `optional` keys, and no others. */
function record(required: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}) {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

const list = (items: object) => ({ type: 'array', items });

const range = record({ low: amount, likely: amount, high: amount });

const peer = record({
  name: text,
  detail: text,
  flows: list(record({ direction: { enum: ['read', 'write'] }, text })),
});

const topology = record(
  {
    nodes: record(
      {
        name: text,
        machine: text,
        count: { type: 'integer', minimum: 1 },
        accelerators: { type: 'number', exclusiveMinimum: 0 },
        chip: text,
      },
      { fabric: record({ name: text }, { gbpsPerMachine: amount }) },
    ),
    stores: list(peer),
  },
  { clients: peer },
);

const cost = record(
  { market: text },
  {
    chosen: { type: 'boolean' },
    usd: range,
    usdPerMillionTokens: amount,
    usdPerMachineHour: amount,
    priceDate: day,
    priceRegion: text,
    stale: { type: 'boolean' },
    source: text,
    reason: text,
  },
);

const alternative = record(
  { cloud: text, machine: text, evidence: grade },
  {
    machines: { type: 'integer', minimum: 1 },
    region: text,
    priceRegion: text,
    market: text,
    layout: text,
    seconds: range,
    usd: range,
    reason: text,
  },
);

const finding = record(
  { id: text, level: { enum: ['contradiction', 'warning', 'info'] }, message: text, fix: text, evidence: text },
  { path: text, acknowledged: text },
);

const work = { enum: ['training', 'serving'] } as const;

/** JSON Schema of `ReportWorkload`. */
export const WORKLOAD_SCHEMA = record(
  {
    title: text,
    work,
    facts: list(record({ name: text, value: text })),
    costs: list(cost),
    alternatives: list(alternative),
    findings: list(finding),
    evidence: list(record({ figure: text, grade, source: text })),
  },
  {
    path: text,
    asOf: day,
    topology,
    seconds: range,
    deadlineSeconds: amount,
    deadlineProbability: { type: 'number', minimum: 0, maximum: 1 },
    budgetUsd: amount,
    memory: record({ capacityBytes: amount, parts: list(record({ name: text, bytes: amount })) }),
    binding: text,
  },
);

const count = { type: 'integer', minimum: 0 } as const;

/** JSON Schema of `ReportDocument`, the content of the JSON file of a report. */
export const REPORT_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'ai-infra report',
  ...record(
    {
      format: { const: REPORT_FORMAT },
      title: text,
      totals: list(record({ work, workloads: count, unpriced: count }, { usd: range })),
      workloads: list(WORKLOAD_SCHEMA),
    },
    { asOf: day },
  ),
};
