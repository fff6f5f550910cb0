import type { Problem } from '../errors';
import type { Finding, FindingId, FindingLevel } from '../findings';
import type { Contradiction } from './plan';

/** Collects the contradictions and findings of a plan. */
export class Checks {
  private readonly failed: Contradiction[] = [];
  private readonly reported: Finding[] = [];

  /** Returns a reporter for one check. @param evidence the table row, limit or document that the check is based on */
  about(check: FindingId, evidence: string): Reporter {
    return {
      contradict: (problem) => void this.failed.push({ ...problem, check, evidence }),
      warn: (message, fix) => this.report(check, evidence, 'warning', message, fix),
      inform: (message, fix) => this.report(check, evidence, 'info', message, fix),
    };
  }

  get contradictions(): readonly Contradiction[] {
    return this.failed;
  }

  get findings(): readonly Finding[] {
    return this.reported;
  }

  private report(id: FindingId, evidence: string, level: FindingLevel, message: string, fix: string): void {
    this.reported.push({ id, level, message, fix, evidence });
  }
}

/** Reports the result of one check. */
export interface Reporter {
  readonly contradict: (problem: Problem) => void;
  readonly warn: (message: string, fix: string) => void;
  readonly inform: (message: string, fix: string) => void;
}
