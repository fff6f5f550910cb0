import type { ReportRange } from './document';

/** What stands in place of what is no number. */
const UNKNOWN = 'not known';

/** A number with commas, of at most three significant digits below a thousand. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  const digits = Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return value.toLocaleString('en-US', digits);
}

/** `$1,234`, `$12.3 k`, `$4.56 M`: as short as three digits allow. */
export function dollars(usd: number): string {
  if (!Number.isFinite(usd)) return UNKNOWN;
  if (usd >= 1e9) return `$${number(usd / 1e9)} G`;
  if (usd >= 1e6) return `$${number(usd / 1e6)} M`;
  return usd >= 1e4 ? `$${number(usd / 1e3)} k` : `$${number(usd)}`;
}

/** `$55.04`: the price of an hour, to the cent. */
export function hourly(usd: number): string {
  if (!Number.isFinite(usd)) return UNKNOWN;
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

const DAY = 86_400;
const YEAR = 365 * DAY;

/** `45 s`, `12 min`, `7.5 h`, `36.2 days`, `2.1 years`. */
export function time(seconds: number): string {
  if (!Number.isFinite(seconds)) return UNKNOWN;
  if (seconds < 120) return `${number(seconds)} s`;
  if (seconds < 7200) return `${number(seconds / 60)} min`;
  if (seconds < 2 * DAY) return `${number(seconds / 3600)} h`;
  return seconds < 2 * YEAR ? `${number(seconds / DAY)} days` : `${number(seconds / YEAR)} years`;
}

/** Bytes of a GiB. */
export const GIB = 2 ** 30;

/** `512 MiB`, `80 GiB`, `5.2 TiB`. */
export function bytes(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  if (value < GIB) return `${number(value / 2 ** 20)} MiB`;
  return value < 1024 * GIB ? `${number(value / GIB)} GiB` : `${number(value / 2 ** 40)} TiB`;
}

/** Both ends of a range, or one number where they print alike; a unit that both share stands once. */
export function range({ likely, high }: ReportRange, show: (value: number) => string): string {
  const [from, to] = [show(likely), show(high)];
  if (from === to) return from;
  const unit = /^[\d.,]+( \w+)$/.exec(from)?.[1];
  return unit !== undefined && to.endsWith(unit) ? `${from.slice(0, -unit.length)} to ${to}` : `${from} to ${to}`;
}

/** A range, else its lower bound, else nothing. */
export function estimate(
  known: ReportRange | undefined,
  atLeast: number | undefined,
  show: (value: number) => string,
): string {
  if (known) return range(known, show);
  return atLeast === undefined ? '' : `at least ${show(atLeast)}`;
}

/** `4 × name`. */
export function times(count: number, name: string): string {
  return `${number(count)} × ${name}`;
}
