import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import {
  costPerMillionTokens,
  monthlyCost,
  monthlyStorageCost,
  runCost,
} from '../../../lib/core/planning/cost/plan-costs';

test('the cost of a run is a range', () => {
  const cost = runCost({ p10: 1800, median: 3600, p90: 7200 }, 4, 55.04);
  expect(cost.p10).toBeCloseTo(110.08);
  expect(cost.median).toBeCloseTo(220.16);
  expect(cost.p90).toBeCloseTo(440.32);
});

test('a month has 730 hours, and storage is priced per decimal gigabyte', () => {
  expect(monthlyCost(2, 10)).toBe(14_600);
  expect(monthlyStorageCost(1.2e12, 0.145)).toBeCloseTo(174);
});

test('the cost of tokens is the cost of the machines that generate them', () => {
  expect(costPerMillionTokens(36, 1000)).toBeCloseTo(10);
  expect(costPerMillionTokens(36, 0)).toBeUndefined();
});

test('costs are finite and not negative', () => {
  const amount = fc.double({ min: 0, max: 1e15, noNaN: true });
  fc.assert(
    fc.property(amount, amount, amount, (seconds, machines, price) => {
      const costs = [
        ...Object.values(runCost({ p10: seconds, median: seconds, p90: seconds }, machines, price)),
        monthlyCost(machines, price),
        monthlyStorageCost(machines, price),
        costPerMillionTokens(price, machines) ?? 0,
      ];
      for (const cost of costs) expect(cost).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('reports each number out of range', () => {
  expect(() => runCost({ p10: 1, median: NaN, p90: -1 }, 1, 1)).toThrow(AiInfraError);
  expect(() => monthlyCost(1, -1)).toThrow(/usdPerMachineHour/);
  expect(() => runCost(undefined as never, 1, 1)).toThrow(AiInfraError);
});
