import type { MarketPrice, PlanCluster, PlanRange, PlanResult } from '../planning/plan';
import type { ReportCost, ReportNodes, ReportRange, ReportWorkload } from './document';

/** What a report takes from every plan. */
export function shared({ asOf, binding }: PlanResult<string>): Pick<ReportWorkload, 'asOf' | 'binding'> {
  return { asOf, binding: binding.why };
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
