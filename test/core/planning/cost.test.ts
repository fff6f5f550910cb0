import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import {
  costPerMillionTokens,
  monthlyCost,
  monthlyStorageCost,
  runCost,
} from '../../../lib/core/planning/cost/plan-costs';

test('the cost of a run is a range', () => {
  expect(runCost({ p25: 7200, median: 3600 }, 4, 55.04)).toEqual({ p25: 440.32, median: 220.16 });
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
        ...Object.values(runCost({ p25: seconds, median: seconds }, machines, price)),
        monthlyCost(machines, price),
        monthlyStorageCost(machines, price),
        costPerMillionTokens(price, machines) ?? 0,
      ];
      for (const cost of costs) expect(cost).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('reports each number out of range', () => {
  expect(() => runCost({ p25: -1, median: NaN }, 1, 1)).toThrow(AiInfraError);
  expect(() => monthlyCost(1, -1)).toThrow(/usdPerMachineHour/);
  expect(() => runCost(undefined as never, 1, 1)).toThrow(AiInfraError);
});
