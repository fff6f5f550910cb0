import type { Machine } from '../catalog/machines';
import type { PriceMarket } from '../catalog/prices';
import type { PlanCluster } from './plan';
import type { PlanHardware } from './plan-hardware';

/** Returns the nodes in the format of a plan. */
export function clusterOf(
  machine: Machine,
  { perNode }: PlanHardware,
  nodes: number,
  market: PriceMarket,
  region?: string,
): PlanCluster {
  const { cloud, name, chip, rdma, fabricGbps, scaleUpDomain } = machine;
  return {
    cloud,
    machine: name,
    chip,
    nodes,
    acceleratorsPerNode: perNode,
    accelerators: nodes * perNode,
    market,
    ...(region !== undefined && { region }),
    rdma,
    ...(fabricGbps !== undefined && { fabricGbps }),
    scaleUpDomain,
  };
}
