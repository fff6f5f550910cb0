import type { Contradiction } from '../../../lib/core/planning/plan';
import { ofContradiction, ofPlanner } from '../../../lib/core/planning/plan-problems';

const PROBLEM = { code: 'PlanInvalid', prop: 'market', allowed: 'one', got: 2, fix: 'Mend it.' } as const;
const CONTRADICTION: Contradiction = { ...PROBLEM, check: 'memory/fit', evidence: 'a row' };

describe('a problem of the planner', () => {
  test.each([
    ['market', 'capacity'],
    ['storage.throughputMBps', 'storage.requiredThroughputMBps'],
    ['asOf', 'pricesAsOf'],
    ['priceOverrides', 'prices'],
    ['overrides[1].usdPerHour', 'prices[1].usdPerHour'],
    ['nodes', 'nodes'],
  ])('with the prop %s has the one that constructs call %s', (prop, called) => {
    expect(ofPlanner({ ...PROBLEM, prop })).toEqual({ ...PROBLEM, prop: called });
  });

  test('has the own name of a construct before the shared one', () => {
    expect(ofPlanner({ ...PROBLEM, prop: 'replicas' }, { replicas: 'scaling' }).prop).toBe('scaling');
    expect(ofPlanner(PROBLEM, { market: 'buying' }).prop).toBe('buying');
  });
});

test('a contradiction tells what it rests on, and what it was planned for', () => {
  expect(ofContradiction(CONTRADICTION)).toEqual({ ...PROBLEM, prop: 'capacity', fix: 'Mend it. (a row)' });
  expect(ofContradiction(CONTRADICTION, 'planned on 4 nodes; ', { market: 'buying' })).toMatchObject({
    prop: 'buying',
    fix: 'Mend it. (planned on 4 nodes; a row)',
  });
});
