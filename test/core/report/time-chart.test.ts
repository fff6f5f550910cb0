import fc from 'fast-check';
import { timeTicks } from '../../../lib/core/report/time-chart';

const DAY = 86_400;

test.each([
  [42 * DAY, 5, ['0', '10', '20', '30', '40 days']],
  [5 * 3600, 5, ['0', '1', '2', '3', '4', '5 h']],
  [3 * 365 * DAY, 3, ['0', '1', '2', '3 years']],
  [100, 4, ['0', '50', '100 s']],
  [1, 3, ['0', '0.5', '1 s']],
])('%d seconds', (end, count, expected) => {
  expect(timeTicks(end, count).map(({ text }) => text)).toEqual(expected);
});

test('ticks are few, even, and within the axis', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 1e10, noNaN: true }), fc.integer({ min: 2, max: 8 }), (end, count) => {
      const ticks = timeTicks(end, count);
      expect(ticks.length).toBeGreaterThanOrEqual(1);
      expect(ticks.length).toBeLessThanOrEqual(count + 1);
      expect(ticks.at(-1)!.at).toBeLessThanOrEqual(end * (1 + 1e-6));
    }),
  );
});
