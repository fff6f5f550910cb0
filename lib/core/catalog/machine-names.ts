import { AiInfraError, type ProblemCollector } from '../errors';
import { nearest } from '../nearest';

/** The name of a machine as a static: `p5.48xlarge` becomes `P5_48XLARGE`, `a3-ultragpu-8g` becomes `A3_ULTRAGPU_8G`. */
export type StaticName<Name extends string> = Name extends `${infer Head}.${infer Tail}`
  ? StaticName<`${Head}_${Tail}`>
  : Name extends `${infer Head}-${infer Tail}`
    ? StaticName<`${Head}_${Tail}`>
    : Uppercase<Name>;

/** A static for each machine in a table. */
export type MachineStatics<Name extends string, Machine> = { readonly [Each in Name as StaticName<Each>]: Machine };

/** Creates the statics of a machine table. The compiler derives their names from the rows. */
export function machineStatics<Name extends string, Machine>(
  table: ReadonlyMap<string, Machine>,
): MachineStatics<Name, Machine> {
  const statics = [...table].map(([name, machine]) => [name.replace(/[.-]/g, '_').toUpperCase(), machine] as const);
  return Object.fromEntries(statics) as unknown as MachineStatics<Name, Machine>;
}

/** Returns the machine with this name. Throws an error with the most similar names if it is not in the table. */
export function machineFromTable<Machine>(table: ReadonlyMap<string, Machine>, name: string, className: string): Machine {
  const machine = table.get(name);
  if (machine) return machine;
  const close = typeof name === 'string' ? nearest(name, [...table.keys()]) : [];
  const suggestion = close.length > 0 ? `Did you mean ${close.join(', ')}? ` : '';
  throw new AiInfraError([
    {
      code: 'MachineUnknown',
      prop: 'machine',
      allowed: 'the name of a machine in the table',
      got: name,
      fix: `${suggestion}For another machine, use ${className}.of(name, row).`,
    },
  ]);
}

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
