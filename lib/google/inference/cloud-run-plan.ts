import { Prices } from '../../core/catalog/own-prices';
import type { ProblemCollector } from '../../core/errors';
import { planEndpoint, type PlannedLoad } from '../../core/planning/endpoint-load';
import { servingPlanner } from '../../core/planning/serving-planner';
import { isUnknown } from '../../terraform/tokens';
import { type CloudRunSize, instancePrices, plannedInstance } from './cloud-run-gpu';
import type { CloudRunInferenceProps } from './cloud-run-props';
import { readGiBPerSecond } from './cloud-run-start';

const NAMES = { acceleratorsPerReplica: 'gpu', replicas: 'scaling.maxReplicas' };

/** Plans the load of a service, and adds its problems. Returns nothing without a load, or if the size is a token. */
export function planLoad(
  problems: ProblemCollector,
  props: CloudRunInferenceProps,
  size: CloudRunSize,
): PlannedLoad | undefined {
  const { load, scaling, prices } = props;
  if (!load || isUnknown(size.region) || isUnknown(size.vcpus) || isUnknown(size.memoryGiB)) return undefined;
  const input = {
    load,
    machine: plannedInstance(size),
    region: size.region,
    acceleratorsPerReplica: 1,
    prices: Prices.of([...(prices?.overrides ?? []), ...instancePrices(size)], { asOf: prices?.asOf }),
    storage: { throughputMBps: (readGiBPerSecond(props) * 2 ** 30) / 1e6, sizeGiB: 1 },
    maxReplicas: isUnknown(scaling?.maxReplicas) ? undefined : scaling?.maxReplicas,
  };
  return planEndpoint(problems, servingPlanner(), input, NAMES);
}
