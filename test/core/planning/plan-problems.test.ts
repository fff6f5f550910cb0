import type { Contradiction } from 'ai-infra-constructs/planning';
import { contradictionProblem, plannerProblem } from '../../../lib/core/planning/plan-problems';

const PROBLEM = { code: 'PlanInvalid', prop: 'market', allowed: 'one', got: 2, fix: 'Fix it.' } as const;
const CONTRADICTION: Contradiction = { ...PROBLEM, check: 'memory/fit', evidence: 'a row' };

describe('a problem of the planner', () => {
  test.each([
    ['market', 'capacity'],
    ['storage.throughputMBps', 'storage.requiredThroughputMBps'],
    ['prices.overrides[1].usdPerHour', 'prices.overrides[1].usdPerHour'],
    ['nodes', 'nodes'],
  ])('with the prop %s has the construct prop %s', (prop, called) => {
    expect(plannerProblem({ ...PROBLEM, prop })).toEqual({ ...PROBLEM, prop: called });
  });

  test('prefers the names of the construct to the shared names', () => {
    expect(plannerProblem({ ...PROBLEM, prop: 'replicas' }, { replicas: 'scaling' }).prop).toBe('scaling');
    expect(plannerProblem(PROBLEM, { market: 'buying' }).prop).toBe('buying');
  });
});

test('a contradiction has its evidence and the planned nodes', () => {
  expect(contradictionProblem(CONTRADICTION)).toEqual({ ...PROBLEM, prop: 'capacity', fix: 'Fix it. (a row)' });
  expect(contradictionProblem(CONTRADICTION, 'planned on 4 nodes; ', { market: 'buying' })).toMatchObject({
    prop: 'buying',
    fix: 'Fix it. (planned on 4 nodes; a row)',
  });
});
