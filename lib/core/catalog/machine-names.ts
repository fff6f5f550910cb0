import { AiInfraError } from '../errors';
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
