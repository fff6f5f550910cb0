import type { ProblemCollector } from '../errors';

/** Adds a problem for an invalid figure in a machine row of the user. */
export type WrongFigure = (prop: string, allowed: string, got: unknown) => void;

/** Creates the function that adds problems for a row. @param source the documentation with the figures */
export function wrongFigure(problems: ProblemCollector, source: string): WrongFigure {
  return (prop, allowed, got) => {
    problems.add({ code: 'MachineRowInvalid', prop, allowed, got, fix: `Copy the figure from ${source}.` });
  };
}

/** Adds a problem for each figure that is set and is not greater than 0. */
export function checkFigures<Prop extends string>(
  wrong: WrongFigure,
  row: Readonly<Partial<Record<Prop, number>>>,
  props: readonly Prop[],
): void {
  for (const prop of props) {
    const value = row[prop];
    if (value !== undefined && !isFigure(value)) wrong(prop, 'greater than 0', value);
  }
}

/** Returns whether a figure is finite and greater than 0. */
export function isFigure(value: number): boolean {
  return value > 0 && Number.isFinite(value);
}

/** Returns whether a number is a whole number of at least 1. */
export function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
