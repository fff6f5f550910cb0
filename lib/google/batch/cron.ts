import { isWithin } from '../../core/bounds';

/** The values of a field: numbers, or names for them in ascending order. */
interface Field {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Fields of a schedule. @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax */
const FIELDS: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
];

/** Returns whether a string is a schedule of a CronJob. Each of the five fields is a list of values, ranges and steps. */
export function isCron(schedule: string): boolean {
  const fields = schedule.split(' ');
  return fields.length === FIELDS.length && FIELDS.every((field, index) => isField(fields[index]!, field));
}

function isField(text: string, field: Field): boolean {
  return text.split(',').every((part) => isPart(part, field));
}

/** `*`, a value or a range, and an optional step. */
const PART = /^(?:[*?]|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/;

function isPart(part: string, field: Field): boolean {
  const match = PART.exec(part);
  if (!match) return false;
  const [, from, to = from, step = '1'] = match;
  if (Number(step) < 1) return false;
  if (from === undefined || to === undefined) return true;
  const [first, last] = [valueOf(from, field), valueOf(to, field)];
  return isWithin(first, field) && isWithin(last, field) && first <= last;
}

function valueOf(text: string, { min, names = [] }: Field): number {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return min + index;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
