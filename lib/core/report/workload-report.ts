import type { RecordedFinding } from '../findings';
import type { ServingPlan } from '../planning/serving/plan-serving';
import type { TrainingPlan } from '../planning/plan-training';
import { totalsOf } from './costs';
import {
  datedWorkloads,
  REPORT_FORMAT,
  REPORT_NAME,
  type ReportAlternative,
  type ReportDocument,
  type ReportWorkload,
} from './document';
import { reportMarkdown } from './markdown';
import { reportHtml } from './page';
import { REPORT_SCHEMA, WORKLOAD_SCHEMA } from './schema';
import { servingWorkload } from './serving-workload';
import { trainingWorkload } from './training-workload';

/** A plan, its construct path, its findings, and its alternatives. */
export interface RecordedWorkload {
  /** Path of the construct that declares the workload, or an empty string. */
  readonly path: string;
  /** The plan. */
  readonly plan: TrainingPlan | ServingPlan;
  /** Findings of the constructs. @default - the findings of the plan */
  readonly findings?: readonly RecordedFinding[];
  /** Other machines that could do the work. @default - none are shown */
  readonly alternatives?: readonly ReportAlternative[];
}

/**
 * A report of one or more plans: JSON for programs, Markdown for reviews, and an HTML page for people.
 *
 * @example
 * ```ts
 * import { machineNamed, ModelSpec, TrainingJob } from 'ai-infra-constructs';
 * import { planTraining, WorkloadReport } from 'ai-infra-constructs/planning';
 *
 * const job = TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 300e9 });
 * const plan = planTraining({ job, machine: machineNamed('aws', 'p5.48xlarge'), nodes: 16 });
 * console.log(WorkloadReport.ofPlan(plan).toMarkdown());
 * ```
 */
export class WorkloadReport {
  /** Creates one report of several workloads, in the given order. */
  static of(recorded: readonly RecordedWorkload[]): WorkloadReport {
    return ofWorkloads(recorded.map((one) => withoutNonNumbers(workloadOf(one), WORKLOAD_SCHEMA)));
  }

  /** Creates the report of one plan, with other machines that could do the work. */
  static ofPlan(plan: TrainingPlan | ServingPlan, alternatives: readonly ReportAlternative[] = []): WorkloadReport {
    return WorkloadReport.of([{ path: '', plan, alternatives }]);
  }

  /** The content of the report. Unknown values (NaN, Infinity) are left out. */
  public readonly document: ReportDocument;

  /** Creates a report from a document, as `toJson` writes it. */
  constructor(document: ReportDocument) {
    this.document = withoutNonNumbers(document, REPORT_SCHEMA);
  }

  /** Returns the report as JSON, as defined by `REPORT_SCHEMA`. */
  toJson(): string {
    return `${JSON.stringify(this.document, null, 2)}\n`;
  }

  /** Returns the report as Markdown. */
  toMarkdown(): string {
    return reportMarkdown(this.document);
  }

  /** Returns the report as one self-contained HTML page. */
  toHtml(): string {
    return reportHtml(this.document);
  }
}

/** Merges several reports, in the given order. */
export function together(documents: readonly ReportDocument[]): WorkloadReport {
  return ofWorkloads(documents.flatMap(datedWorkloads));
}

/** Returns the content of a report by file name. */
export function filesOf(report: WorkloadReport): Readonly<Record<string, string>> {
  return {
    [`${REPORT_NAME}.json`]: report.toJson(),
    [`${REPORT_NAME}.md`]: report.toMarkdown(),
    [`${REPORT_NAME}.html`]: report.toHtml(),
  };
}

function ofWorkloads(workloads: readonly ReportWorkload[]): WorkloadReport {
  const day = workloads
    .flatMap(({ asOf }) => asOf ?? [])
    .sort()
    .at(-1);
  return new WorkloadReport({
    format: REPORT_FORMAT,
    title: workloads.length === 1 ? workloads[0]!.title : `Plans of ${workloads.length} AI workloads`,
    ...(day !== undefined && { asOf: day }),
    totals: totalsOf(workloads),
    workloads,
  });
}

function workloadOf({ path, plan, findings = [], alternatives = [] }: RecordedWorkload): ReportWorkload {
  const workload =
    plan.kind === 'training'
      ? trainingWorkload(plan, findings, alternatives)
      : servingWorkload(plan, findings, alternatives);
  return path === '' ? workload : { ...workload, path };
}

/** The part of JSON Schema that defines required fields. */
interface Schema {
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/**
 * Removes values that are NaN or Infinity, because they are unknown. A record that requires such a value is removed, too. The fields that
 * `schema` requires at the top level are never numbers.
 */
function withoutNonNumbers<T extends object>(value: T, schema: object): T {
  return finite(value, schema) as T;
}

function finite(value: unknown, schema: Schema | undefined): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (Array.isArray(value))
    return value.map((item) => finite(item, schema?.items)).filter((item) => item !== undefined);
  return typeof value === 'object' && value !== null ? finiteRecord(value, schema) : value;
}

function finiteRecord(record: object, schema: Schema | undefined): object | undefined {
  const entries = Object.entries(record).map(
    ([key, inner]) => [key, finite(inner, schema?.properties?.[key])] as const,
  );
  const known = Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  const given = record as Readonly<Record<string, unknown>>;
  const lost = schema?.required?.some((key) => known[key] === undefined && given[key] !== undefined);
  return lost ? undefined : known;
}
