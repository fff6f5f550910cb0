import { ProblemCollector } from '../../core/errors';
import { nearest } from '../../core/nearest';
import { isKnown } from '../props/tokens';
import { trainingPlanner } from '../../core/planning/training-planner';
import type { TrainingClusterProps } from './training-cluster-props';

/** Returns whether the planner can use your prices. Adds a problem for an unknown machine and for a value that is a token. */
export function arePrices(problems: ProblemCollector, { prices, machine }: TrainingClusterProps): boolean {
  const found = new ProblemCollector();
  prices?.overrides.forEach((price, index) => {
    const within = found.within(`prices.overrides[${index}]`);
    const known = Object.entries(price).flatMap(([prop, value]) => (isKnown(within, prop, value) ? [prop] : []));
    if (known.includes('machine') && price.machine !== machine.name) checkName(within, price.machine);
  });
  for (const problem of found.all) problems.add(problem);
  return found.all.length === 0;
}

function checkName(problems: ProblemCollector, name: string): void {
  const names = trainingPlanner()
    .allMachines()
    .map((machine) => machine.name);
  if (names.includes(name)) return;
  const [meant] = nearest(name, names, 1);
  problems.add({
    code: 'PriceInvalid',
    prop: 'machine',
    allowed: 'the machine of the first group, or another machine in the catalog',
    got: name,
    fix: meant ? `Did you mean ${meant}?` : 'Copy the name from `ai-infra catalog`.',
  });
}
