import { dollars, times } from '../format';
import { mainCost } from './costs';
import type { ReportRange, ReportWorkload } from './document';
import { element, figure, label, picture, textWidth } from './svg';
import { roundStep, timeTicks } from './time-chart';

/** A plan as a point: its time and its cost, each with a range. */
interface Point {
  readonly name: string;
  readonly seconds: ReportRange;
  readonly usd: ReportRange;
  /** Whether it is the plan of the report. */
  readonly own: boolean;
}

const HEIGHT = 300;
/** Space around the plot for the axes. */
const MARGIN = { top: 14, right: 16, bottom: 30, left: 64 } as const;
/** The number of points with names. More names would overlap. */
const MAX_NAMES = 6;
const FONT_SIZE = 12;

/**
 * Draws the likely cost of the plan and of its alternatives against their likely time, with the range of each. Returns nothing without
 * alternatives that have both.
 */
export function alternativesFigure(workload: ReportWorkload, width: number, id: string): string {
  const points = pointsOf(workload);
  if (points.length < 2 || !points.some(({ own }) => own)) return '';
  const caption = captionOf(points);
  return figure(width, caption, (size, view) => chart(points, caption, size, `${id}-${view}`));
}

function pointsOf({ seconds, costs, topology, alternatives }: ReportWorkload): readonly Point[] {
  const usd = mainCost(costs)?.usd;
  const name = topology ? times(topology.nodes.count, topology.nodes.machine) : 'this plan';
  const plan = seconds && usd ? [{ name, seconds, usd, own: true }] : [];
  const others = alternatives.flatMap((one) =>
    one.seconds && one.usd
      ? [{ name: times(one.machines ?? 1, one.machine), seconds: one.seconds, usd: one.usd, own: false }]
      : [],
  );
  return [...plan, ...others];
}

function captionOf(points: readonly Point[]): string {
  const plan = points.find(({ own }) => own)!;
  const others = points.filter(({ own }) => !own);
  const count = (better: (one: Point) => boolean) => others.filter(better).length;
  const cheaper = count(({ usd }) => usd.likely < plan.usd.likely);
  const faster = count(({ seconds }) => seconds.likely < plan.seconds.likely);
  return `Likely cost against likely time, with their ranges. Of ${others.length} alternatives, ${cheaper} cost less than this plan, and ${faster} take less time.`;
}

function chart(points: readonly Point[], description: string, width: number, id: string): string {
  const end = {
    x: 1.04 * Math.max(...points.map(({ seconds }) => seconds.high)),
    y: 1.04 * Math.max(...points.map(({ usd }) => usd.high)),
  };
  const plot = { width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const at: Scale = {
    x: (seconds) => MARGIN.left + (seconds / end.x) * plot.width,
    y: (usd) => MARGIN.top + plot.height - (usd / end.y) * plot.height,
  };
  const frame = { x: MARGIN.left, y: MARGIN.top, width: plot.width, height: plot.height, fill: 'var(--inset)' };
  const parts = [
    element('rect', frame),
    ...timeTicks(end.x, width < 400 ? 3 : 6).map((tick) => timeMark(at.x(tick.at), tick.text, width)),
    ...costTicks(end.y).map((usd) => costMark(at.y(usd), usd, width)),
    ...points.map((point) => spread(point, at)),
    ...points.map(({ seconds, usd, own }) =>
      element('circle', {
        cx: at.x(seconds.likely),
        cy: at.y(usd.likely),
        r: own ? 6 : 4,
        fill: own ? 'var(--three)' : 'var(--accent)',
      }),
    ),
    ...names(points, at, width),
  ];
  return picture(id, 'Cost against time', description, { width, height: HEIGHT }, parts.join(''));
}

/** Converts seconds and dollars to positions. */
interface Scale {
  readonly x: (seconds: number) => number;
  readonly y: (usd: number) => number;
}

/** The ranges of a point, as a cross. */
function spread({ seconds, usd }: Point, at: Scale): string {
  const line = { stroke: 'var(--high)', 'stroke-width': 3 };
  const [x, y] = [at.x(seconds.likely), at.y(usd.likely)];
  return (
    element('line', { x1: at.x(seconds.low), x2: at.x(seconds.high), y1: y, y2: y, ...line }) +
    element('line', { x1: x, x2: x, y1: at.y(usd.low), y2: at.y(usd.high), ...line })
  );
}

function timeMark(x: number, text: string, width: number): string {
  const bottom = HEIGHT - MARGIN.bottom;
  const anchor = x > width - MARGIN.right - 24 ? 'end' : 'middle';
  return (
    element('line', { x1: x, x2: x, y1: bottom, y2: bottom + 5, stroke: 'var(--muted)' }) +
    label(text, x, bottom + 20, 90, { 'text-anchor': anchor, 'font-size': FONT_SIZE, style: 'fill:var(--muted)' })
  );
}

function costMark(y: number, usd: number, width: number): string {
  const line = { x1: MARGIN.left, x2: width - MARGIN.right, y1: y, y2: y, stroke: 'var(--line)' };
  const style = { 'text-anchor': 'end', 'font-size': FONT_SIZE, style: 'fill:var(--muted)' };
  return element('line', line) + label(dollars(usd), MARGIN.left - 6, y + 4, MARGIN.left - 8, style);
}

const COST_TICKS = 4;

function costTicks(end: number): readonly number[] {
  const step = roundStep(end / COST_TICKS);
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

/** Names the plan and the first alternatives, where no other name or point is. */
function names(points: readonly Point[], at: Scale, width: number): readonly string[] {
  const taken: { x: number; y: number; end: number }[] = [];
  return points.slice(0, MAX_NAMES).flatMap(({ name, seconds, usd, own }) => {
    const text = own ? `${name} (this plan)` : name;
    const size = Math.min(textWidth(text, FONT_SIZE, own), width - MARGIN.left - MARGIN.right - 8);
    const x = at.x(seconds.likely) + 9;
    const start = x + size > width - MARGIN.right ? Math.max(MARGIN.left + 4, x - 18 - size) : x;
    const y = Math.max(MARGIN.top + FONT_SIZE, at.y(usd.likely) - 6);
    const line = y - FONT_SIZE / 3;
    const covers = (px: number, py: number) =>
      Math.abs(py - line) < FONT_SIZE && px > start - 4 && px < start + size + 4;
    if (points.some((other) => covers(at.x(other.seconds.likely), at.y(other.usd.likely))) && !own) return [];
    if (taken.some((one) => Math.abs(one.y - y) < FONT_SIZE + 2 && start < one.end && one.x < start + size)) return [];
    taken.push({ x: start, y, end: start + size });
    return [label(text, start, y, size, { 'font-size': FONT_SIZE, ...(own && { 'font-weight': 600 }) })];
  });
}
