import {
  bytes,
  counted,
  dollars,
  duration,
  hourly,
  milliseconds,
  number,
  percent,
  range,
  times,
} from '../../lib/core/format';

const DAY = 86_400;

test.each([
  [dollars(999), '$999'],
  [counted(1, 'request'), '1 request'],
  [counted(2000, 'request'), '2,000 requests'],
  [milliseconds(450.4), '450 ms'],
  [milliseconds(9999), '9,999 ms'],
  [milliseconds(12_500), '12.5 s'],
  [dollars(12_345), '$12.3 k'],
  [dollars(1_380_000), '$1.38 M'],
  [dollars(2.5e9), '$2.5 G'],
  [hourly(55.04), '$55.04'],
  [hourly(1234.5), '$1,234.50'],
  [duration(45), '45 s'],
  [duration(1800), '30 min'],
  [duration(36_000), '10 h'],
  [duration(36.25 * DAY), '36.3 days'],
  [duration(800 * DAY), '2.19 years'],
  [bytes(512 * 2 ** 20), '512 MiB'],
  [bytes(80 * 2 ** 30), '80 GiB'],
  [bytes(2 ** 41), '2 TiB'],
  [duration(119.96), '120 s'],
  [duration(120), '2 min'],
  [duration(2 * DAY), '2 days'],
  [duration(729.6 * DAY), '730 days'],
  [duration(730 * DAY), '2 years'],
  [number(0.001234), '0.00123'],
  [number(99.96), '100'],
  [number(999.6), '1,000'],
  [number(1234.5), '1,235'],
  [number(123_456), '123,456'],
  [number(-5000), '-5,000'],
  [number(-0), '0'],
  [number(-1e-9), '-0.000000001'],
  [percent(0.8712), '87.1%'],
  [percent(12.345), '1,235%'],
  [times(1024, 'p5.48xlarge'), '1,024 × p5.48xlarge'],
  [number(NaN), 'unknown'],
  [dollars(Infinity), 'unknown'],
  [hourly(NaN), 'unknown'],
  [duration(NaN), 'unknown'],
  [percent(NaN), 'unknown'],
  [bytes(-Infinity), 'unknown'],
])('%s', (shown, expected) => expect(shown).toBe(expected));

test('range prints a common unit once, and equal ends once', () => {
  expect(range({ low: 24 * DAY, likely: 30 * DAY, high: 38 * DAY }, duration)).toBe('30 days (24 to 38 days)');
  expect(range({ low: DAY, likely: 9 * DAY, high: 38 * DAY }, duration)).toBe('9 days (24 h to 38 days)');
  expect(range({ low: 5, likely: 5, high: 5 }, dollars)).toBe('$5');
});
