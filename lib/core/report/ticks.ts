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
    return { at: value * unit.seconds, text: `${value.toLocaleString('en-US')}${name}` };
  });
}

/** Rounds up to 1, 2, or 5 times a power of ten. */
function roundStep(min: number): number {
  const power = 10 ** Math.floor(Math.log10(min));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= min * (1 - 1e-9))!;
}
