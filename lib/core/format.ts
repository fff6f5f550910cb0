/** The text for NaN and Infinity. */
const UNKNOWN = 'unknown';

// One locale, so that numbers look the same on every machine.
const LOCALE = 'en-US';
const WHOLE = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0, signDisplay: 'negative' });
const THREE_DIGITS = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 3, signDisplay: 'negative' });
const CENTS = new Intl.NumberFormat(LOCALE, { style: 'currency', currency: 'USD' });

/** Formats a number with thousands separators, and with at most three significant digits below 1,000. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  return (Math.abs(value) >= 1000 ? WHOLE : THREE_DIGITS).format(value);
}

/** Formats a share as a percentage: `87.1%`. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${number(100 * share)}%` : UNKNOWN;
}

/** Formats a count: `4 × name`. */
export function times(count: number, name: string): string {
  return `${number(count)} × ${name}`;
}

/** Formats a count with its noun: `1 request`, `2 requests`. */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Formats US dollars with three digits: `$1,234`, `$12.3 k`, `$4.56 M`. */
export function dollars(usd: number): string {
  if (!Number.isFinite(usd)) return UNKNOWN;
  if (usd >= 1e9) return `$${number(usd / 1e9)} G`;
  if (usd >= 1e6) return `$${number(usd / 1e6)} M`;
  return usd >= 1e4 ? `$${number(usd / 1e3)} k` : `$${number(usd)}`;
}

/** Formats an hourly price with cents: `$55.04`. */
export function hourly(usd: number): string {
  return Number.isFinite(usd) ? CENTS.format(usd) : UNKNOWN;
}

const DAY = 86_400;
const YEAR = 365 * DAY;

/** Formats a duration: `45 s`, `12 min`, `7.5 h`, `36.2 days`, `2.1 years`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return UNKNOWN;
  if (seconds < 120) return `${number(seconds)} s`;
  if (seconds < 7200) return `${number(seconds / 60)} min`;
  if (seconds < 2 * DAY) return `${number(seconds / 3600)} h`;
  return seconds < 2 * YEAR ? `${number(seconds / DAY)} days` : `${number(seconds / YEAR)} years`;
}

/** Formats milliseconds: `450 ms`, and `12.5 s` from ten seconds on. */
export function milliseconds(ms: number): string {
  return ms < 10_000 ? `${number(ms)} ms` : duration(ms / 1000);
}

/** Bytes in one GiB. */
export const GIB = 2 ** 30;

/** Formats a size: `512 MiB`, `80 GiB`, `5.2 TiB`. */
export function bytes(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  if (value < GIB) return `${number(value / 2 ** 20)} MiB`;
  return value < 1024 * GIB ? `${number(value / GIB)} GiB` : `${number(value / 2 ** 40)} TiB`;
}

/** A likely value, and the values that a tenth of comparable runs are below and above. */
interface Range {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

/** Formats a range: `50 days (41 to 68 days)`, or one number if all print the same. A common unit is printed once. */
export function range({ low, likely, high }: Range, show: (value: number) => string): string {
  const [from, middle, to] = [show(low), show(likely), show(high)];
  if (from === middle && to === middle) return middle;
  const unit = /^[\d.,]+( \w+)$/.exec(from)?.[1];
  const ends = unit !== undefined && to.endsWith(unit) ? `${from.slice(0, -unit.length)} to ${to}` : `${from} to ${to}`;
  return `${middle} (${ends})`;
}
