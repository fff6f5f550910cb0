import type { Problem } from '../errors';
import type { Finding, FindingId, FindingLevel } from '../findings';
import type { Contradiction } from './plan';

/** Collects what cannot be and what is doubtful about a plan. */
export class Checks {
  private readonly wrong: Contradiction[] = [];
  private readonly doubts: Finding[] = [];

  /** @param evidence the table row, limit or document behind all that is told through the reporter. */
  about(check: FindingId, evidence: string): Reporter {
    return {
      contradict: (problem) => void this.wrong.push({ ...problem, check, evidence }),
      warn: (message, fix) => this.tell(check, evidence, 'warning', message, fix),
      inform: (message, fix) => this.tell(check, evidence, 'info', message, fix),
    };
  }

  get contradictions(): readonly Contradiction[] {
    return this.wrong;
  }

  get findings(): readonly Finding[] {
    return this.doubts;
  }

  private tell(id: FindingId, evidence: string, level: FindingLevel, message: string, fix: string): void {
    this.doubts.push({ id, level, message, fix, evidence });
  }
}

/** Reports on one check. */
export interface Reporter {
  readonly contradict: (problem: Problem) => void;
  readonly warn: (message: string, fix: string) => void;
  readonly inform: (message: string, fix: string) => void;
}

/** A share as people read it: `87 %`. */
export function percent(share: number): string {
  return `${rounded(100 * share)} %`;
}

/** A number as people read it: three digits, thousands in full. */
export function rounded(value: number): string {
  const shown = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return String(shown).replace(/\B(?=(\d{3})+$)/g, (gap) => (Math.abs(shown) >= 1000 ? `,${gap}` : gap));
}

/** A duration as people read it. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${rounded(seconds)} s`;
  if (seconds < 2 * 3600) return `${rounded(seconds / 60)} min`;
  return seconds < 2 * 86_400 ? `${rounded(seconds / 3600)} h` : `${rounded(seconds / 86_400)} days`;
}
