import type { Problems } from '../errors';

/** Adds what is wrong with a figure of a machine row that was written by hand. */
export type WrongFigure = (prop: string, allowed: string, got: unknown) => void;

/** Tells what is wrong with a row. @param source where its figures are read */
export function wrongFigure(problems: Problems, source: string): WrongFigure {
  return (prop, allowed, got) => {
    problems.add({ code: 'MachineRowInvalid', prop, allowed, got, fix: `Read the figure off ${source}.` });
  };
}

/** Adds a problem for each figure that is given, and not more than 0. */
export function checkFigures<Prop extends string>(
  wrong: WrongFigure,
  row: Readonly<Partial<Record<Prop, number>>>,
  props: readonly Prop[],
): void {
  for (const prop of props) {
    const value = row[prop];
    if (value !== undefined && !isFigure(value)) wrong(prop, 'more than 0', value);
  }
}

/** Whether a figure is more than 0. */
export function isFigure(value: number): boolean {
  return value > 0 && Number.isFinite(value);
}

/** Whether a number counts something that is there. */
export function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
