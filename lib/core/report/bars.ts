import type { ReportDocument, ReportMemory, ReportRange } from './document';
import { bytes, range, time } from './format';
import { element, label, picture } from './svg';

const BAR = { width: 100, height: 12 } as const;

/** A range beside others of its column: full up to what is likely, pale up to the high end. */
export function rangeBar({ likely, high }: ReportRange, most: number): string {
  const scale = most > 0 ? BAR.width / most : 0;
  return element(
    'svg',
    {
      viewBox: `0 0 ${BAR.width} ${BAR.height}`,
      preserveAspectRatio: 'none',
      width: '100%',
      height: 12,
      'aria-hidden': 'true',
    },
    element('rect', { width: high * scale, height: BAR.height, fill: 'var(--high)' }) +
      element('rect', { width: likely * scale, height: BAR.height, fill: 'var(--accent)' }),
  );
}

const COLOURS = ['one', 'two', 'three', 'four', 'five'] as const;

/** The fullest accelerator's memory, by part, with its legend in text. */
export function memoryBar({ capacityBytes, parts }: ReportMemory, width: number, id: string): string {
  const total = parts.reduce((sum, part) => sum + part.bytes, 0);
  const scale = width / Math.max(total, capacityBytes, 1);
  const description = `${parts.map((part) => `${part.name} ${bytes(part.bytes)}`).join(', ')}; of ${bytes(capacityBytes)}`;
  const drawn = parts.map((part, at) => {
    const before = parts.slice(0, at).reduce((sum, { bytes: size }) => sum + size, 0);
    return element('rect', { x: before * scale, y: 4, width: part.bytes * scale, height: 28, fill: colour(at) });
  });
  const edge = capacityBytes * scale;
  const outline = element('rect', {
    x: 1,
    y: 4,
    width: Math.max(0, edge - 2),
    height: 28,
    fill: 'none',
    stroke: 'var(--text)',
    'stroke-width': 2,
  });
  return picture(id, 'Memory of the fullest accelerator', description, { width, height: 36 }, drawn.join('') + outline);
}

/** Colour of a part, in the bar and in its legend. */
export function colour(at: number): string {
  return `var(--${COLOURS[at % COLOURS.length]!})`;
}

/** The run on a line of time, from likely to high, with its deadline. */
export function timeLine({ seconds, deadlineSeconds }: ReportDocument, width: number, id: string): string {
  if (!seconds) return '';
  const end = 1.08 * Math.max(seconds.high, deadlineSeconds ?? 0, 1);
  const at = (value: number) => (value / end) * width;
  const deadline =
    deadlineSeconds === undefined ? undefined : { x: at(deadlineSeconds), text: `deadline ${time(deadlineSeconds)}` };
  const description = `The run takes ${range(seconds, time)}${deadline ? `; ${deadline.text}` : ''}.`;
  const side: Readonly<Record<string, string | number>> =
    deadline && deadline.x > width / 2 ? { 'text-anchor': 'end', dx: -6 } : { dx: 6 };
  return picture(
    id,
    'Time of the run',
    description,
    { width, height: 68 },
    [
      element('rect', { y: 24, width, height: 20, rx: 4, fill: 'var(--panel)' }),
      element('rect', { y: 24, width: at(seconds.high), height: 20, rx: 4, fill: 'var(--high)' }),
      element('rect', { y: 24, width: at(seconds.likely), height: 20, rx: 4, fill: 'var(--accent)' }),
      label(`likely ${time(seconds.likely)}, or up to ${time(seconds.high)}`, 0, 60, width),
      deadline
        ? element('line', {
            x1: deadline.x,
            x2: deadline.x,
            y1: 4,
            y2: 48,
            stroke: 'var(--text)',
            'stroke-width': 2,
            'stroke-dasharray': '4 3',
          })
        : '',
      deadline ? label(deadline.text, deadline.x, 15, width, side) : '',
    ].join(''),
  );
}
