import { bytes, dollars, estimate, hourly, number, range, time } from '../../../lib/core/report/format';

const DAY = 86_400;

test.each([
  [dollars(999), '$999'],
  [dollars(12_345), '$12.3 k'],
  [dollars(1_380_000), '$1.38 M'],
  [dollars(2.5e9), '$2.5 G'],
  [hourly(55.04), '$55.04'],
  [hourly(1234.5), '$1,234.50'],
  [time(45), '45 s'],
  [time(1800), '30 min'],
  [time(36_000), '10 h'],
  [time(36.25 * DAY), '36.3 days'],
  [time(800 * DAY), '2.19 years'],
  [bytes(512 * 2 ** 20), '512 MiB'],
  [bytes(80 * 2 ** 30), '80 GiB'],
  [bytes(2 ** 41), '2 TiB'],
  [number(0.001234), '0.00123'],
  [number(123_456), '123,456'],
  [number(NaN), 'unknown'],
  [dollars(Infinity), 'unknown'],
  [hourly(NaN), 'unknown'],
  [time(NaN), 'unknown'],
  [bytes(-Infinity), 'unknown'],
])('%s', (shown, expected) => expect(shown).toBe(expected));

test('range prints a common unit once, and equal ends once', () => {
  expect(range({ likely: 30 * DAY, high: 38 * DAY }, time)).toBe('30 to 38 days');
  expect(range({ likely: DAY, high: 38 * DAY }, time)).toBe('24 h to 38 days');
  expect(range({ likely: 5, high: 5 }, dollars)).toBe('$5');
});

test('estimate returns a bound or nothing without a measurement', () => {
  expect(estimate(undefined, 11 * DAY, time)).toBe('at least 11 days');
  expect(estimate(undefined, undefined, time)).toBe('');
});
