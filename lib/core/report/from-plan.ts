import type { Finding } from '../findings';
import type { Contradiction, MarketPrice, PlanCluster, PlanRange, PlanResult } from '../planning/plan';
import {
  REPORT_FORMAT,
  type ReportCost,
  type ReportDocument,
  type ReportFinding,
  type ReportNodes,
  type ReportRange,
} from './document';

/** What a report takes from every plan. */
export function shared(plan: PlanResult<string>): Pick<ReportDocument, 'format' | 'asOf' | 'binding' | 'findings'> {
  return {
    format: REPORT_FORMAT,
    asOf: plan.asOf,
    binding: plan.binding.why,
    findings: [...plan.contradictions.map(ofContradiction), ...plan.findings.map(ofFinding)],
  };
}

/** A range of a plan, whose lower quartile is the slow or dear end. */
export function ofRange({ median, p25 }: PlanRange): ReportRange {
  return { likely: median, high: p25 };
}

/** The machines of a plan. */
export function nodesOf(cluster: PlanCluster, name: string): ReportNodes {
  const { machine, nodes: count, acceleratorsPerNode: accelerators, chip, rdma, fabricGbps } = cluster;
  const gbps = fabricGbps === undefined ? {} : { gbpsPerMachine: fabricGbps };
  const fabric = count > 1 ? { fabric: { name: rdma ? 'RDMA fabric' : 'Network without RDMA', ...gbps } } : {};
  return { name, machine, count, accelerators, chip, ...fabric };
}

/** The price behind a cost, or why there is none. */
export function ofMarket({ market, chosen, price, reason }: MarketPrice): ReportCost {
  return {
    market,
    chosen,
    ...(price && {
      usdPerMachineHour: price.usdPerHour,
      ...(price.date !== undefined && { priceDate: price.date }),
      stale: price.stale,
      source: price.source,
    }),
    ...(reason !== undefined && { reason }),
  };
}

function ofContradiction({ check, prop, allowed, got, fix, evidence }: Contradiction): ReportFinding {
  const message = `${prop} must be ${allowed}, got ${typeof got === 'string' ? got : (JSON.stringify(got) ?? 'nothing')}.`;
  return { id: check, level: 'contradiction', message, fix, evidence };
}

function ofFinding({ id, level, message, fix, evidence }: Finding): ReportFinding {
  return { id, level, message, fix, evidence };
}
