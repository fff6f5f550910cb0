import type { Finding, RecordedFinding } from '../findings';
import { number } from '../format';
import type { Contradiction, MarketPrice, PlanCluster, PlanResult } from '../planning/plan';
import type { PlanRange } from '../planning/range';
import type { ReportCost, ReportFact, ReportFinding, ReportNodes, ReportRange, ReportWorkload } from './document';

/** Returns the fields that every plan has. */
export function shared({ asOf, binding }: PlanResult<string>): Pick<ReportWorkload, 'asOf' | 'binding'> {
  return { asOf, binding: binding.why };
}

/** Converts a range of a plan. */
export function ofRange({ p10, median, p90 }: PlanRange): ReportRange {
  return { low: p10, likely: median, high: p90 };
}

/** Returns the machines of a plan. */
export function nodesOf(cluster: PlanCluster, name: string): ReportNodes {
  const { machine, nodes: count, acceleratorsPerNode: accelerators, chip, rdma, fabricGbps } = cluster;
  const gbps = fabricGbps === undefined ? {} : { gbpsPerMachine: fabricGbps };
  const fabric = count > 1 ? { fabric: { name: rdma ? 'RDMA fabric' : 'Network without RDMA', ...gbps } } : {};
  return { name, machine, count, accelerators, chip, ...fabric };
}

/** Returns the cloud and the region of a plan. */
export function whereOf({ cloud, region }: PlanCluster): ReportFact {
  return { name: 'Where', value: region === undefined ? cloud : `${cloud} ${region}` };
}

/** Formats the parameters and the active parameters: `70.6 B parameters`. */
export function parametersText(parameters: number, active: number): string {
  const all = `${number(parameters / 1e9)} B parameters`;
  return active < parameters ? `${all}, ${number(active / 1e9)} B active` : all;
}

/** Returns the number of published runs that a value is based on. */
export function runsText(runs: number, of: string): string {
  return runs > 0 ? `${number(runs)} published runs of ${of}` : `no published run of ${of}`;
}

/** Returns the price of a market, or the reason why it is unknown. */
export function ofMarket({ market, chosen, price, reason }: MarketPrice): ReportCost {
  return {
    market,
    chosen,
    ...(price && {
      usdPerMachineHour: price.usdPerHour,
      ...(price.date !== undefined && { priceDate: price.date }),
      ...(price.fromRegion !== undefined && { priceRegion: price.fromRegion }),
      stale: price.stale,
      source: price.source,
    }),
    ...(reason !== undefined && { reason }),
  };
}

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
