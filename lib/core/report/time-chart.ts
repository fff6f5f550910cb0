import { duration, number, percent } from '../format';
import type { ReportRange, ReportWorkload } from './document';
import { element, figure, label, picture } from './svg';

const BAR_HEIGHT = 26;
/** Space above the bar, with and without a deadline label. */
const TOP = { deadline: 26, none: 4 } as const;
/** Space below the bar for the axis. */
const AXIS = 26;

/** Draws the range of the duration with its median, and the deadline. Returns nothing if the duration is unknown. */
export function timeFigure(workload: ReportWorkload, width: number, id: string): string {
  const { seconds } = workload;
  if (!seconds) return '';
  const caption = timeText(workload);
  return figure(width, caption, (size, view) => timePicture(workload, seconds, caption, size, `${id}-${view}`));
}

/** Describes the picture in words. */
export function timeText({ seconds, deadlineSeconds, deadlineProbability }: ReportWorkload): string {
  const sentence = seconds ? likelyText(seconds) : 'The duration has no estimate.';
  if (deadlineSeconds === undefined) return sentence;
  const within = `The deadline is in ${duration(deadlineSeconds)}`;
  if (deadlineProbability === undefined) return `${sentence} ${within}.`;
  return `${sentence} ${within}. The probability of meeting it is ${probabilityText(deadlineProbability)}.`;
}

function likelyText({ low, likely, high }: ReportRange): string {
  const [from, middle, to] = [low, likely, high].map(duration);
  return from === to ? `Likely ${middle}.` : `Likely ${middle}. With a probability of 80%, from ${from} to ${to}.`;
}

/** The tails of the distribution are less certain than its middle, so the ends are not given as a number. */
function probabilityText(probability: number): string {
  if (probability > 0.99) return 'above 99%';
  return probability < 0.01 ? 'below 1%' : percent(Number(probability.toFixed(2)));
}

function timePicture(
  { deadlineSeconds }: ReportWorkload,
  { low, likely, high }: ReportRange,
  description: string,
  width: number,
  id: string,
): string {
  const end = 1.06 * Math.max(high, deadlineSeconds ?? 0, 1);
  const x = (value: number) => (value / end) * width;
  const track = { y: deadlineSeconds === undefined ? TOP.none : TOP.deadline, height: BAR_HEIGHT };
  const below = track.y + track.height;
  const bar = (from: number, to: number, fill: string) =>
    element('rect', { ...track, x: x(from), width: Math.max(1, x(to) - x(from)), rx: 3, fill });
  const median = { ...track, x: Math.max(0, x(likely) - MEDIAN_WIDTH / 2), width: MEDIAN_WIDTH, fill: 'var(--accent)' };
  const parts = [
    element('rect', { ...track, width, rx: 3, fill: 'var(--inset)' }),
    bar(low, high, 'var(--high)'),
    element('rect', median),
    ...timeTicks(end, width < 400 ? 3 : 5).map(({ at, text }) => tick(x(at), text, width, below)),
    deadlineSeconds === undefined ? '' : deadlineMark(x(deadlineSeconds), deadlineSeconds, width, below),
  ];
  return picture(id, 'Time of the run', description, { width, height: below + AXIS }, parts.join(''));
}

/** Width of the mark of the median. */
const MEDIAN_WIDTH = 4;

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
export function roundStep(min: number): number {
  const power = 10 ** Math.floor(Math.log10(min));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= min * (1 - 1e-9))!;
}
