import type { RecordedFinding } from '../findings';
import type { ServingPlan } from '../planning/plan-serving-result';
import type { TrainingPlan } from '../planning/plan-training-result';
import {
  datedWorkloads,
  REPORT_FORMAT,
  REPORT_NAME,
  type ReportAlternative,
  type ReportDocument,
  type ReportWorkload,
} from './document';
import { withoutNonNumbers } from './finite';
import { reportHtml } from './html';
import { reportMarkdown } from './markdown';
import { REPORT_SCHEMA, WORKLOAD_SCHEMA } from './schema';
import { servingWorkload } from './serving-workload';
import { totalsOf } from './totals';
import { trainingWorkload } from './training-workload';

/** A plan, where it was declared, and what belongs to it. */
export interface RecordedWorkload {
  /** Path of the construct that declares the workload; empty where there is none. */
  readonly path: string;
  readonly plan: TrainingPlan | ServingPlan;
  /** What the constructs recorded. @default - what the plan itself finds */
  readonly findings?: readonly RecordedFinding[];
  /** Other machines that could do the work. @default - none are shown */
  readonly alternatives?: readonly ReportAlternative[];
}

/** Plans as their readers want them: data for programs, Markdown for a review, a page for people. It plans nothing. */
export class WorkloadReport {
  /** One report of several workloads, in the order given. */
  static of(recorded: readonly RecordedWorkload[]): WorkloadReport {
    return ofWorkloads(recorded.map((one) => withoutNonNumbers(workloadOf(one), WORKLOAD_SCHEMA)));
  }

  /** The report of one plan, beside other machines that could do the work. */
  static ofPlan(plan: TrainingPlan | ServingPlan, alternatives: readonly ReportAlternative[] = []): WorkloadReport {
    return WorkloadReport.of([{ path: '', plan, alternatives }]);
  }

  /** What the report says. A figure that is no number is left out: it is not known. */
  public readonly document: ReportDocument;

  /** The report of a document, as `toJson` writes it. */
  constructor(document: ReportDocument) {
    this.document = withoutNonNumbers(document, REPORT_SCHEMA);
  }

  /** As `REPORT_SCHEMA` describes it. */
  toJson(): string {
    return `${JSON.stringify(this.document, null, 2)}\n`;
  }

  toMarkdown(): string {
    return reportMarkdown(this.document);
  }

  /** One page that loads nothing. */
  toHtml(): string {
    return reportHtml(this.document);
  }
}

/** Several reports as one, their workloads in the order given. */
export function together(documents: readonly ReportDocument[]): WorkloadReport {
  return ofWorkloads(documents.flatMap(datedWorkloads));
}

/** The texts of a report by the names of their files. */
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
