import type { MarketPrice, PlanCluster, PlanRange, PlanResult } from '../planning/plan';
import type { ReportCost, ReportFact, ReportNodes, ReportRange, ReportWorkload } from './document';
import { number } from './format';

/** Returns the fields that every plan has. */
export function shared({ asOf, binding }: PlanResult<string>): Pick<ReportWorkload, 'asOf' | 'binding'> {
  return { asOf, binding: binding.why };
}

/** Converts a range of a plan. Its lower quartile is the slow or expensive end. */
export function ofRange({ median, p25 }: PlanRange): ReportRange {
  return { likely: median, high: p25 };
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
      stale: price.stale,
      source: price.source,
    }),
    ...(reason !== undefined && { reason }),
  };
}
