import { isWithin } from '../../core/bounds';

/** What a field of a schedule takes: numbers, or names, which stand for them in order. */
interface Field {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax */
const FIELDS: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: MONTHS },
  { least: 0, most: 6, names: DAYS },
];

/** Whether a text is a schedule of a CronJob: minute, hour, day, month and day of the week, each a list of values, ranges and steps. */
export function isCron(schedule: string): boolean {
  const fields = schedule.split(' ');
  return fields.length === FIELDS.length && FIELDS.every((field, index) => isField(fields[index]!, field));
}

function isField(text: string, field: Field): boolean {
  return text.split(',').every((part) => isPart(part, field));
}

/** `*`, a value or a range, and a step behind it. */
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

function valueOf(text: string, { least, names = [] }: Field): number {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return least + index;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
