import type { ServingPlan } from '../planning/plan-serving-result';
import type { TrainingPlan } from '../planning/plan-training-result';
import type { ReportAlternative, ReportDocument } from './document';
import { reportHtml } from './html';
import { reportMarkdown } from './markdown';
import { servingDocument } from './serving-document';
import { trainingDocument } from './training-document';

/** A plan as its readers want it: data for programs, Markdown for a review, a page for people. It computes nothing. */
export class WorkloadReport {
  /** The report of a plan, beside other machines that could do the work. */
  static ofPlan(plan: TrainingPlan | ServingPlan, alternatives: readonly ReportAlternative[] = []): WorkloadReport {
    return new WorkloadReport(
      plan.kind === 'training' ? trainingDocument(plan, alternatives) : servingDocument(plan, alternatives),
    );
  }

  constructor(public readonly document: ReportDocument) {}

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
