import { CHIPS } from '../catalog/chips';
import { CLOUDS, type Machine } from '../catalog/machines';
import type { Problem, ProblemCollector } from '../errors';
import { isPositive } from '../workload/guards';
import type { PlanProps } from './plan';
import { MARKETS } from './plan-market';
import { PRICES } from '../prop-schemas';

/** Adds a problem for each invalid prop that all plans have in common. */
export function checkPlanProps(problems: ProblemCollector, props: PlanProps): void {
  const { market, region, storage, prices, spotNodeLifeHours } = props;
  checkMachine(problems, props.machine);
  if (market !== undefined && !MARKETS.includes(market)) {
    problems.add(invalid('market', `one of ${MARKETS.join(', ')}`, market));
  }
  if (region !== undefined && (typeof region !== 'string' || region === '')) {
    problems.add(invalid('region', 'the name of a region', region));
  }
  if (storage !== undefined) checkStorage(problems.within('storage'), storage);
  PRICES.validate(problems, 'prices', prices);
  if (spotNodeLifeHours !== undefined && !isWithin(spotNodeLifeHours, 0.01, 1e6)) {
    problems.add(invalid('spotNodeLifeHours', 'from 0.01 to 1,000,000 hours', spotNodeLifeHours));
  }
}

/** Adds a problem unless a number is a whole number from 1 to 1,000,000. An optional number can be undefined. */
export function checkCount(problems: ProblemCollector, prop: string, value: unknown, required: boolean): void {
  if (value === undefined && !required) return;
  if (Number.isInteger(value) && isWithin(value, 1, 1e6)) return;
  problems.add(invalid(prop, 'a whole number from 1 to 1,000,000', value));
}

function checkMachine(problems: ProblemCollector, machine: Machine): void {
  if (typeof machine !== 'object' || machine === null) {
    problems.add(
      invalid('machine', "a machine of the catalog, for example machineNamed('aws', 'p5.48xlarge')", machine),
    );
    return;
  }
  const within = problems.within('machine');
  const { cloud, name, chip, accelerators, acceleratorMemoryGiB, scaleUpDomain, rdma, fabricGbps } = machine;
  if (!CLOUDS.includes(cloud)) within.add(invalid('cloud', `one of ${CLOUDS.join(', ')}`, cloud));
  if (typeof name !== 'string' || name === '') within.add(invalid('name', 'the name of the machine', name));
  if (typeof chip !== 'string' || !Object.hasOwn(CHIPS, chip)) {
    within.add(invalid('chip', 'the name of a chip in the catalog', chip));
  }
  const whole = Number.isInteger(accelerators) || (isPositive(accelerators) && accelerators < 1);
  if (!whole || !isWithin(accelerators, 1e-3, 1e5)) {
    within.add(invalid('accelerators', 'a whole number of at least 1, or the fraction of a slice', accelerators));
  }
  if (!isWithin(acceleratorMemoryGiB, 1e-3, 1e6)) {
    within.add(invalid('acceleratorMemoryGiB', 'greater than 0', acceleratorMemoryGiB));
  }
  if (!isWithin(scaleUpDomain, 1, 1e6)) within.add(invalid('scaleUpDomain', 'at least 1', scaleUpDomain));
  if (typeof rdma !== 'boolean') within.add(invalid('rdma', 'true or false', rdma));
  if (fabricGbps !== undefined && !isWithin(fabricGbps, 0, 1e9)) {
    within.add(invalid('fabricGbps', 'at least 0', fabricGbps));
  }
}

function checkStorage(problems: ProblemCollector, storage: PlanProps['storage']): void {
  const { throughputMBps, sizeGiB }: Partial<NonNullable<PlanProps['storage']>> = storage ?? {};
  if (!isWithin(throughputMBps, 1e-3, 1e12)) {
    problems.add(invalid('throughputMBps', 'greater than 0', throughputMBps));
  }
  if (!isWithin(sizeGiB, 1e-3, 1e12)) problems.add(invalid('sizeGiB', 'greater than 0', sizeGiB));
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}

/** Creates a problem with the input of a plan. */
export function invalid(prop: string, allowed: string, got: unknown): Problem {
  return { code: 'PlanInvalid', prop, allowed, got, fix: 'Correct the value, or leave it out if it is optional.' };
}
