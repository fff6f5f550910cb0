import { CHIPS } from '../catalog/chips';
import { CLOUDS, type Machine } from '../catalog/machines';
import { isDay } from '../catalog/price-override';
import { type Problem, type Problems } from '../errors';
import { isPositive } from '../workload/guards';
import type { PlanProps } from './plan';
import { MARKETS } from './plan-market';

/** Adds what is impossible about the props of any plan. */
export function checkPlanProps(problems: Problems, props: PlanProps): void {
  const { market, region, storage, priceOverrides, spotNodeLifeHours } = props;
  checkMachine(problems, props.machine);
  if (market !== undefined && !MARKETS.includes(market)) {
    problems.add(invalid('market', `one of ${MARKETS.join(', ')}`, market));
  }
  if (region !== undefined && (typeof region !== 'string' || region === '')) {
    problems.add(invalid('region', 'the name of a region', region));
  }
  if (storage !== undefined) checkStorage(problems.within('storage'), storage);
  checkPrices(problems, props.asOf, priceOverrides);
  if (spotNodeLifeHours !== undefined && !isWithin(spotNodeLifeHours, 0.01, 1e6)) {
    problems.add(invalid('spotNodeLifeHours', 'from 0.01 to a million hours', spotNodeLifeHours));
  }
}

/** Adds what is impossible about a day and a list of prices; what a price must be, the catalogue tells. */
export function checkPrices(problems: Problems, asOf: unknown, overrides: unknown): void {
  if (!isDay(asOf)) problems.add(invalid('asOf', 'a day as of 2026-11-25', asOf));
  if (overrides !== undefined && !Array.isArray(overrides)) {
    problems.add(invalid('priceOverrides', 'a list of prices', overrides));
  }
}

/** Adds a problem unless a number that may be absent is whole, and from 1 to a million. */
export function checkCount(problems: Problems, prop: string, value: unknown, needed: boolean): void {
  if (value === undefined && !needed) return;
  if (Number.isInteger(value) && isWithin(value, 1, 1e6)) return;
  problems.add(invalid(prop, 'a whole number from 1 to a million', value));
}

function checkMachine(problems: Problems, machine: Machine): void {
  if (typeof machine !== 'object' || machine === null) {
    problems.add(invalid('machine', "a machine of the catalogue, e.g. machineNamed('aws', 'p5.48xlarge')", machine));
    return;
  }
  const within = problems.within('machine');
  const { cloud, name, chip, accelerators, acceleratorMemoryGiB, scaleUpDomain, rdma, fabricGbps } = machine;
  if (!CLOUDS.includes(cloud)) within.add(invalid('cloud', `one of ${CLOUDS.join(', ')}`, cloud));
  if (typeof name !== 'string' || name === '') within.add(invalid('name', 'the name of the machine', name));
  if (typeof chip !== 'string' || !Object.hasOwn(CHIPS, chip)) {
    within.add(invalid('chip', 'a chip of the catalogue', chip));
  }
  const whole = Number.isInteger(accelerators) || (isPositive(accelerators) && accelerators < 1);
  if (!whole || !isWithin(accelerators, 1e-3, 1e5)) {
    within.add(invalid('accelerators', 'a whole number of 1 or more, or the fraction that is there', accelerators));
  }
  if (!isWithin(acceleratorMemoryGiB, 1e-3, 1e6)) {
    within.add(invalid('acceleratorMemoryGiB', 'more than 0', acceleratorMemoryGiB));
  }
  if (!isWithin(scaleUpDomain, 1, 1e6)) within.add(invalid('scaleUpDomain', '1 or more', scaleUpDomain));
  if (typeof rdma !== 'boolean') within.add(invalid('rdma', 'true or false', rdma));
  if (fabricGbps !== undefined && !isWithin(fabricGbps, 0, 1e9)) {
    within.add(invalid('fabricGbps', '0 or more', fabricGbps));
  }
}

function checkStorage(problems: Problems, storage: PlanProps['storage']): void {
  const { throughputMBps, sizeGiB }: Partial<NonNullable<PlanProps['storage']>> = storage ?? {};
  if (!isWithin(throughputMBps, 1e-3, 1e12)) {
    problems.add(invalid('throughputMBps', 'more than 0', throughputMBps));
  }
  if (!isWithin(sizeGiB, 1e-3, 1e12)) problems.add(invalid('sizeGiB', 'more than 0', sizeGiB));
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

/** A problem with what was given to plan on. */
export function invalid(prop: string, allowed: string, got: unknown): Problem {
  return { code: 'PlanInvalid', prop, allowed, got, fix: 'Say what the workload runs on, and when.' };
}
