import { Problems } from '../../core/errors';
import { nearest } from '../../core/nearest';
import { isKnown } from '../props/tokens';
import { trainingPlanner } from '../../core/planning/training-planner';
import type { TrainingClusterProps } from './training-cluster-props';

/** Adds what would make a price of the user's own count for nothing: a machine that there is not, or a value that only the deployment knows. */
export function arePrices(problems: Problems, { prices = [], machine }: TrainingClusterProps): boolean {
  const found = new Problems();
  prices.forEach((price, index) => {
    const within = found.within(`prices[${index}]`);
    const known = Object.entries(price).flatMap(([prop, value]) => (isKnown(within, prop, value) ? [prop] : []));
    if (known.includes('machine') && price.machine !== machine.name) checkName(within, price.machine);
  });
  for (const problem of found.all) problems.add(problem);
  return found.all.length === 0;
}

function checkName(problems: Problems, name: string): void {
  const names = trainingPlanner()
    .allMachines()
    .map((machine) => machine.name);
  if (names.includes(name)) return;
  const [meant] = nearest(name, names, 1);
  problems.add({
    code: 'PriceInvalid',
    prop: 'machine',
    allowed: 'the machine of the first group, or another of the catalogue',
    got: name,
    fix: meant ? `Did you mean ${meant}?` : 'Copy the name from `ai-infra catalog`.',
  });
}
