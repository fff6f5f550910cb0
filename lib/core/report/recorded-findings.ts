import type { Finding, RecordedFinding } from '../findings';
import type { Contradiction, PlanResult } from '../planning/plan';
import type { ReportFinding } from './document';

/**
 * Merges the findings of a plan and of constructs. A finding in both is listed once, with its construct path and acknowledgement.
 * Contradictions come first, then open findings by level.
 */
export function findingsOfPlan(
  { contradictions, findings }: PlanResult<string>,
  recorded: readonly RecordedFinding[],
): readonly ReportFinding[] {
  const said = new Set(recorded.map(keyOf));
  const all = [
    ...contradictions.map(ofContradiction),
    ...recorded.map(ofRecorded),
    ...findings.filter((finding) => !said.has(keyOf(finding))).map(ofFinding),
  ];
  return all.sort((a, b) => weight(a) - weight(b));
}

const LEVELS: readonly ReportFinding['level'][] = ['contradiction', 'warning', 'info'];

function weight({ level, acknowledged }: ReportFinding): number {
  return LEVELS.indexOf(level) + (acknowledged === undefined ? 0 : LEVELS.length);
}

function keyOf({ id, message }: Finding): string {
  return `${id} ${message}`;
}

function ofContradiction({ check, prop, allowed, got, fix, evidence }: Contradiction): ReportFinding {
  const message = `${prop} must be ${allowed} (got ${typeof got === 'string' ? got : (JSON.stringify(got) ?? 'nothing')}).`;
  return { id: check, level: 'contradiction', message, fix, evidence };
}

function ofFinding({ id, level, message, fix, evidence }: Finding): ReportFinding {
  return { id, level, message, fix, evidence };
}

function ofRecorded(finding: RecordedFinding): ReportFinding {
  const { constructPath: path, acknowledged } = finding;
  return { ...ofFinding(finding), path, ...(acknowledged !== undefined && { acknowledged }) };
}
