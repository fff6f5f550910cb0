import { duration, number } from '../format';
import type { ReportRange, ReportWorkload } from './document';
import { element, figure, label, picture } from './svg';

const BAR_HEIGHT = 26;
/** Space above the bar, with and without a deadline label. */
const TOP = { deadline: 26, none: 4 } as const;
/** Space below the bar for the axis. */
const AXIS = 26;

/** Draws the duration from likely to high, with the deadline. Returns nothing if the duration is unknown. */
export function timeFigure(workload: ReportWorkload, width: number, id: string): string {
  const { seconds, atLeastSeconds } = workload;
  if (!seconds && atLeastSeconds === undefined) return '';
  const caption = timeText(workload);
  return figure(width, caption, (size, view) => timePicture(workload, caption, size, `${id}-${view}`));
}

/** Describes the picture in words. */
export function timeText({ seconds, atLeastSeconds, deadlineSeconds }: ReportWorkload): string {
  const sentence = seconds
    ? likelyText(seconds)
    : `At least ${duration(atLeastSeconds!)}: no cluster of these machines can be faster.`;
  if (deadlineSeconds === undefined) return sentence;
  return `${sentence} ${deadlineText(seconds?.likely ?? atLeastSeconds!, seconds?.high, deadlineSeconds)}`;
}

function likelyText({ likely, high }: ReportRange): string {
  const [max, slow] = [duration(likely), duration(high)];
  return max === slow ? `Likely ${max}.` : `Likely ${max}; a quarter of comparable runs take longer than ${slow}.`;
}

function deadlineText(likely: number, high: number | undefined, deadline: number): string {
  const within = `The deadline is in ${duration(deadline)}`;
  if (likely > deadline) return `${within}: missed by ${duration(likely - deadline)} or more.`;
  if (high === undefined) return `${within}: it is unknown whether the job meets it.`;
  if (high > deadline) return `${within}: likely met, but a quarter of comparable runs miss it.`;
  return `${within}: met, with ${duration(deadline - high)} to spare at the slow end.`;
}

function timePicture(workload: ReportWorkload, description: string, width: number, id: string): string {
  const { seconds, atLeastSeconds = 0, deadlineSeconds } = workload;
  const end = 1.06 * Math.max(seconds?.high ?? 1.5 * atLeastSeconds, deadlineSeconds ?? 0, 1);
  const x = (value: number) => (value / end) * width;
  const track = { y: deadlineSeconds === undefined ? TOP.none : TOP.deadline, height: BAR_HEIGHT };
  const below = track.y + track.height;
  const bar = (value: number, fill: string) => element('rect', { ...track, width: x(value), rx: 3, fill });
  const open = { ...track, x: x(atLeastSeconds), width: width - x(atLeastSeconds) - 1, rx: 3, fill: 'none' };
  const parts = [
    element('rect', { ...track, width, rx: 3, fill: 'var(--inset)' }),
    seconds
      ? bar(seconds.high, 'var(--high)') + bar(seconds.likely, 'var(--accent)')
      : bar(atLeastSeconds, 'var(--five)') +
        element('rect', { ...open, stroke: 'var(--five)', 'stroke-dasharray': '4 4' }),
    ...timeTicks(end, width < 400 ? 3 : 5).map(({ at, text }) => tick(x(at), text, width, below)),
    deadlineSeconds === undefined ? '' : deadlineMark(x(deadlineSeconds), deadlineSeconds, width, below),
  ];
  return picture(id, 'Time of the run', description, { width, height: below + AXIS }, parts.join(''));
}

function tick(x: number, text: string, width: number, below: number): string {
  const anchor = x < 20 ? 'start' : x > width - 24 ? 'end' : 'middle';
  return (
    element('line', { x1: x, x2: x, y1: below, y2: below + 5, stroke: 'var(--muted)' }) +
    label(text, x, below + 20, 90, { 'text-anchor': anchor, 'font-size': 12, style: 'fill:var(--muted)' })
  );
}

/** Draws the deadline as a line through the bars, with a label on the side that has room. */
function deadlineMark(x: number, seconds: number, width: number, below: number): string {
  const side: Readonly<Record<string, string | number>> = x > width / 2 ? { 'text-anchor': 'end', dx: -6 } : { dx: 6 };
  const line = { x1: x, x2: x, y1: 4, y2: below + 5, stroke: 'var(--text)', 'stroke-width': 2 };
  return element('line', line) + label(`deadline ${duration(seconds)}`, x, 16, 160, { ...side, 'font-weight': 600 });
}

/** A tick on an axis. */
export interface Tick {
  /** Position in the unit of the axis. */
  readonly at: number;
  readonly text: string;
}

const UNITS = [
  { seconds: 365 * 86_400, name: 'years' },
  { seconds: 86_400, name: 'days' },
  { seconds: 3600, name: 'h' },
  { seconds: 60, name: 'min' },
  { seconds: 1, name: 's' },
] as const;

/** Returns about `count` round ticks from 0 to `end` seconds. They use the largest unit of which `end` has two, and the last tick names it. */
export function timeTicks(end: number, count: number): readonly Tick[] {
  const unit = UNITS.find(({ seconds }) => end >= 2 * seconds) ?? UNITS.at(-1)!;
  const step = roundStep(end / unit.seconds / count);
  const marks = Math.floor(end / unit.seconds / step);
  return Array.from({ length: marks + 1 }, (_, index) => {
    const value = Number((index * step).toPrecision(6));
    const name = index === marks ? ` ${unit.name}` : '';
    return { at: value * unit.seconds, text: `${number(value)}${name}` };
  });
}

/** Rounds up to 1, 2, or 5 times a power of ten. */
function roundStep(min: number): number {
  const power = 10 ** Math.floor(Math.log10(min));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= min * (1 - 1e-9))!;
}
