import type { Problems } from '../../core/errors';
import { planEndpoint, type PlannedLoad } from '../../core/planning/endpoint-load';
import { servingPlanner } from '../../core/planning/serving-planner';
import { isUnknown } from '../../terraform/tokens';
import { type CloudRunSize, instancePrices, plannedInstance } from './cloud-run-gpu';
import type { CloudRunInferenceProps } from './cloud-run-props';
import { readGiBPerSecond } from './cloud-run-start';

const NAMES = { acceleratorsPerReplica: 'gpu', replicas: 'scaling.maximum' };

/** Plans the load of a service, and adds what contradicts it; nothing where there is no load, or nothing to plan it on. */
export function planLoad(
  problems: Problems,
  props: CloudRunInferenceProps,
  size: CloudRunSize,
): PlannedLoad | undefined {
  const { load, scaling, prices = [], pricesAsOf } = props;
  if (!load || isUnknown(size.region) || isUnknown(size.vcpus) || isUnknown(size.memoryGiB)) return undefined;
  const ground = {
    load,
    machine: plannedInstance(size),
    region: size.region,
    acceleratorsPerReplica: 1,
    priceOverrides: [...prices, ...instancePrices(size)],
    asOf: pricesAsOf ?? servingPlanner().pricesDay,
    storage: { throughputMBps: (readGiBPerSecond(props) * 2 ** 30) / 1e6, sizeGiB: 1 },
    most: isUnknown(scaling?.maximum) ? undefined : scaling?.maximum,
  };
  return planEndpoint(problems, servingPlanner(), ground, NAMES);
}
