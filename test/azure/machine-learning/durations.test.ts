import fc from 'fast-check';
import { isoDuration } from '../../../lib/azure/machine-learning/workspace-bodies';

test.each([
  [0, 'PT0S'],
  [10, 'PT10S'],
  [90, 'PT1M30S'],
  [180, 'PT3M'],
  [3600, 'PT1H'],
  [3661, 'PT1H1M1S'],
  [86_400, 'P1D'],
  [97_200, 'P1DT3H'],
])('%d seconds are %s', (seconds, text) => {
  expect(isoDuration(seconds)).toBe(text);
});

test('normalizes any duration', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 * 86_400 }), (seconds) => {
      const [, d = 0, h = 0, m = 0, s = 0] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
        isoDuration(seconds),
      )!;
      expect(Number(d) * 86_400 + Number(h) * 3600 + Number(m) * 60 + Number(s)).toBe(seconds);
      expect([Number(h) < 24, Number(m) < 60, Number(s) < 60]).toEqual([true, true, true]);
      expect(isoDuration(seconds)).not.toMatch(/[PTDHM]0[HMS]|T$/);
    }),
  );
});
