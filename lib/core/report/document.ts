/** A number that is not known well: what is likely, and what a quarter of comparable runs exceed. */
export interface ReportRange {
  readonly likely: number;
  readonly high: number;
}

/** How good the ground of a figure is: runs of this very case, runs of its class, or physics alone. */
export type ReportEvidenceGrade = 'measured' | 'modelled' | 'bound' | 'no measurement';

/** A line of a table of facts. */
export interface ReportFact {
  readonly name: string;
  readonly value: string;
}

/** Machines of one kind that work together. */
export interface ReportNodes {
  readonly name: string;
  readonly machine: string;
  readonly count: number;
  /** Of one machine. */
  readonly accelerators: number;
  readonly chip: string;
  /** What carries collectives between the machines. @default - nothing does: they work alone */
  readonly fabric?: { readonly name: string; readonly gbpsPerMachine?: number };
}

/** What moves between the machines and one that they talk to. */
export interface ReportFlow {
  /** Seen from the machines: what they read comes to them. */
  readonly direction: 'read' | 'write';
  /** What moves, how much and how often, with units. */
  readonly text: string;
}

/** A store that the machines use, or the users of what they serve. */
export interface ReportPeer {
  readonly name: string;
  readonly detail: string;
  readonly flows: readonly ReportFlow[];
}

/** What stands where. */
export interface ReportTopology {
  readonly nodes: ReportNodes;
  readonly stores: readonly ReportPeer[];
  /** Who sends requests. @default - nobody: the machines train */
  readonly clients?: ReportPeer;
}

/** Bytes on the fullest accelerator. */
export interface ReportMemory {
  readonly capacityBytes: number;
  readonly parts: readonly { readonly name: string; readonly bytes: number }[];
}

/** The cost in one market, or why it is not known. */
export interface ReportCost {
  readonly market: string;
  /** Whether the plan is for this market. */
  readonly chosen?: boolean;
  /** US dollars: of the run in training, of a month in serving. */
  readonly usd?: ReportRange;
  /** No less than this, where nothing was measured. */
  readonly atLeastUsd?: number;
  readonly usdPerMillionTokens?: number;
  readonly usdPerMachineHour?: number;
  /** The day that the price was read. */
  readonly priceDate?: string;
  readonly stale?: boolean;
  readonly source?: string;
  /** Why there is no cost. */
  readonly reason?: string;
}

/** Other machines that could do the work, or why they cannot. */
export interface ReportAlternative {
  readonly cloud: string;
  readonly machine: string;
  readonly machines?: number;
  readonly region?: string;
  readonly market?: string;
  /** How the model is split, or how many replicas there are. */
  readonly layout?: string;
  readonly seconds?: ReportRange;
  readonly atLeastSeconds?: number;
  readonly usd?: ReportRange;
  readonly atLeastUsd?: number;
  readonly evidence: ReportEvidenceGrade;
  readonly reason?: string;
}

/** What does not work, is doubtful, or could be better. */
export interface ReportFinding {
  readonly id: string;
  readonly level: 'contradiction' | 'warning' | 'info';
  readonly message: string;
  readonly fix: string;
  readonly evidence: string;
  /** Path of the construct that it stands on. */
  readonly path?: string;
  /** Why it was accepted. @default - it is open */
  readonly acknowledged?: string;
}

/** Where a figure comes from. */
export interface ReportEvidence {
  readonly figure: string;
  readonly grade: ReportEvidenceGrade;
  readonly source: string;
}

/** One piece of work, the machines that it is planned on, and what that comes to. */
export interface ReportWorkload {
  readonly title: string;
  /** Path of the construct that declares it. @default - it was planned without one */
  readonly path?: string;
  readonly work: 'training' | 'serving';
  /** The day that its prices are for. @default - that of the document */
  readonly asOf?: string;
  readonly facts: readonly ReportFact[];
  readonly topology?: ReportTopology;
  /** Seconds of the run. */
  readonly seconds?: ReportRange;
  /** Seconds that no cluster of these machines beats, where nothing was measured. */
  readonly atLeastSeconds?: number;
  /** Seconds to the deadline. */
  readonly deadlineSeconds?: number;
  /** US dollars that the run may cost at most. */
  readonly budgetUsd?: number;
  readonly memory?: ReportMemory;
  /** What limits the plan: the first thing to change. */
  readonly binding?: string;
  readonly costs: readonly ReportCost[];
  readonly alternatives: readonly ReportAlternative[];
  readonly findings: readonly ReportFinding[];
  readonly evidence: readonly ReportEvidence[];
}

/** What all workloads of a kind cost together: all training runs, or a month of all serving. */
export interface ReportTotal {
  readonly work: ReportWorkload['work'];
  /** Workloads of the kind. */
  readonly workloads: number;
  /** US dollars of those whose cost is known. */
  readonly usd?: ReportRange;
  /** US dollars that those without a measurement cost at least, beside the others. */
  readonly atLeastUsd?: number;
  /** Workloads of the kind that no cost is known of. */
  readonly unpriced: number;
}

/** Format of the document; a change that breaks readers gets the next number. */
export const REPORT_FORMAT = 'ai-infra-report/1';

/** Name of a report's files, without what they end in. */
export const REPORT_NAME = 'ai-infra-report';

/** Everything that a report says, as plain data: what is written as JSON and drawn as a page. */
export interface ReportDocument {
  readonly format: typeof REPORT_FORMAT;
  readonly title: string;
  /** The day that prices are for, the latest where workloads differ. @default - there are no workloads */
  readonly asOf?: string;
  readonly totals: readonly ReportTotal[];
  readonly workloads: readonly ReportWorkload[];
}

/** The workloads of a document, each with the day of its prices. */
export function datedWorkloads({ asOf, workloads }: ReportDocument): readonly ReportWorkload[] {
  return asOf === undefined ? workloads : workloads.map((one) => ({ ...one, asOf: one.asOf ?? asOf }));
}
