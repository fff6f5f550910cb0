/** An uncertain number. The probability that the value is between `low` and `high` is 80%. */
export interface ReportRange {
  /** The value that a tenth of comparable runs do not reach. */
  readonly low: number;
  /** The likely value: the median of comparable runs. */
  readonly likely: number;
  /** The value that a tenth of comparable runs exceed. */
  readonly high: number;
}

/** Quality of the evidence for a value: runs of the same model, runs of its class, or runs of the nearest classes. */
export type ReportEvidenceGrade = 'measured' | 'modelled' | 'nearest' | 'no measurement';

/** A line in a table of facts. */
export interface ReportFact {
  /** Name of the fact. */
  readonly name: string;
  /** Value of the fact, with its unit. */
  readonly value: string;
}

/** Machines of one type that work together. */
export interface ReportNodes {
  /** Name of the node group. */
  readonly name: string;
  /** Machine type. */
  readonly machine: string;
  /** Number of machines. */
  readonly count: number;
  /** Accelerators per machine. */
  readonly accelerators: number;
  /** Chip of the accelerators. */
  readonly chip: string;
  /** Network for collective communication between the machines. @default - none: the machines work independently */
  readonly fabric?: { readonly name: string; readonly gbpsPerMachine?: number };
}

/** Data that moves between the machines and a peer. */
export interface ReportFlow {
  /** Direction from the perspective of the machines: they read data from the peer, or write data to it. */
  readonly direction: 'read' | 'write';
  /** Kind, amount, and frequency of the data, with units. */
  readonly text: string;
}

/** A store that the machines use, or the clients that they serve. */
export interface ReportPeer {
  /** Name of the peer. */
  readonly name: string;
  /** Size or throughput, in words. */
  readonly detail: string;
  /** Data that moves between the machines and the peer. */
  readonly flows: readonly ReportFlow[];
}

/** The machines, their stores, and their clients. */
export interface ReportTopology {
  /** The machines. */
  readonly nodes: ReportNodes;
  /** File systems and buckets. */
  readonly stores: readonly ReportPeer[];
  /** Clients that send requests. @default - none: the machines train */
  readonly clients?: ReportPeer;
}

/** Memory on the fullest accelerator, in bytes. */
export interface ReportMemory {
  /** Memory of one accelerator, in bytes. */
  readonly capacityBytes: number;
  /** Uses of the memory, in bytes. */
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
}

/** The cost in one market, or the reason why it is unknown. */
export interface ReportCost {
  /** Market: on-demand, spot, or committed. */
  readonly market: string;
  /** Whether the plan uses this market. */
  readonly chosen?: boolean;
  /** Cost in US dollars: of the run for training, of one month for serving. */
  readonly usd?: ReportRange;
  /** US dollars per million tokens. */
  readonly usdPerMillionTokens?: number;
  /** US dollars per machine and hour. */
  readonly usdPerMachineHour?: number;
  /** Date of the price, as `YYYY-MM-DD`. */
  readonly priceDate?: string;
  /** Region that the price was listed for, if none is listed for the region of the plan. */
  readonly priceRegion?: string;
  /** Whether the price is stale. */
  readonly stale?: boolean;
  /** Source of the price. */
  readonly source?: string;
  /** Reason why there is no cost. */
  readonly reason?: string;
}

/** Other machines that could do the work, or the reason why they cannot. */
export interface ReportAlternative {
  /** Cloud of the machine. */
  readonly cloud: string;
  /** Machine type. */
  readonly machine: string;
  /** Number of machines. */
  readonly machines?: number;
  /** Region of the machines. */
  readonly region?: string;
  /** Region that the price was listed for, if none is listed for `region`. */
  readonly priceRegion?: string;
  /** Market of the price. */
  readonly market?: string;
  /** How the model is split, or the number of replicas. */
  readonly layout?: string;
  /** Duration in seconds. */
  readonly seconds?: ReportRange;
  /** Cost in US dollars. */
  readonly usd?: ReportRange;
  /** Quality of the evidence. */
  readonly evidence: ReportEvidenceGrade;
  /** Reason why the machine cannot do the work. */
  readonly reason?: string;
}

/** A contradiction, a warning, or a piece of advice. */
export interface ReportFinding {
  /** Finding ID, or the check that found the contradiction. */
  readonly id: string;
  /** Severity. */
  readonly level: 'contradiction' | 'warning' | 'info';
  /** The problem, in one sentence. */
  readonly message: string;
  /** How to fix it. */
  readonly fix: string;
  /** The table row, limit, or document that the finding is based on. */
  readonly evidence: string;
  /** Path of the construct with the finding. */
  readonly path?: string;
  /** The reason of the acknowledgement. @default - the finding is open */
  readonly acknowledged?: string;
}

/** The source of a value. */
export interface ReportEvidence {
  /** Name of the value. */
  readonly figure: string;
  /** Quality of the evidence. */
  readonly grade: ReportEvidenceGrade;
  /** Source of the value. */
  readonly source: string;
}

/** One workload, its planned machines, and the results. */
export interface ReportWorkload {
  /** Title of the workload. */
  readonly title: string;
  /** Path of the construct that declares the workload. @default - it was planned without a construct */
  readonly path?: string;
  /** Kind of workload. */
  readonly work: 'training' | 'serving';
  /** Date that the age of prices is counted from, as `YYYY-MM-DD`. @default - the date of the document */
  readonly asOf?: string;
  /** The declared workload and its layout. */
  readonly facts: readonly ReportFact[];
  /** The machines, their stores, and their clients. */
  readonly topology?: ReportTopology;
  /** Duration of the run, in seconds. */
  readonly seconds?: ReportRange;
  /** Time until the deadline, in seconds. */
  readonly deadlineSeconds?: number;
  /** Probability of finishing before the deadline, from 0 to 1. */
  readonly deadlineProbability?: number;
  /** Budget of the run, in US dollars. */
  readonly budgetUsd?: number;
  /** Memory on the fullest accelerator. */
  readonly memory?: ReportMemory;
  /** The binding constraint of the plan: the first thing to change. */
  readonly binding?: string;
  /** Cost in each market. */
  readonly costs: readonly ReportCost[];
  /** Other machines that could do the work. */
  readonly alternatives: readonly ReportAlternative[];
  /** Contradictions, warnings, and advice. */
  readonly findings: readonly ReportFinding[];
  /** Sources of the values. */
  readonly evidence: readonly ReportEvidence[];
}

/** Total cost of all workloads of a kind: all training runs, or one month of all serving. */
export interface ReportTotal {
  /** Kind of workload. */
  readonly work: ReportWorkload['work'];
  /** Number of workloads of the kind. */
  readonly workloads: number;
  /** US dollars of the workloads with a known cost. */
  readonly usd?: ReportRange;
  /** Number of workloads with an unknown cost. */
  readonly unpriced: number;
}

/** Format version of the document. A breaking change gets the next number. */
export const REPORT_FORMAT = 'ai-infra-report/1';

/** File name of a report, without the extension. */
export const REPORT_NAME = 'ai-infra-report';

/** All content of a report as plain data. It is written as JSON, and rendered as Markdown and HTML. */
export interface ReportDocument {
  /** Format version of the document. */
  readonly format: typeof REPORT_FORMAT;
  /** Title of the report. */
  readonly title: string;
  /** Date that the age of prices is counted from: the latest date of the workloads. @default - there are no workloads */
  readonly asOf?: string;
  /** Total cost by kind of workload. */
  readonly totals: readonly ReportTotal[];
  /** The workloads. */
  readonly workloads: readonly ReportWorkload[];
}

/** Returns the workloads of a document, each with the date of its prices. */
export function datedWorkloads({ asOf, workloads }: ReportDocument): readonly ReportWorkload[] {
  return asOf === undefined ? workloads : workloads.map((one) => ({ ...one, asOf: one.asOf ?? asOf }));
}
