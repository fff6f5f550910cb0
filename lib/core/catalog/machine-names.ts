import { AiInfraError } from '../errors';
import { nearest } from '../nearest';

/** A machine's name as a constant of TypeScript: `p5.48xlarge` is `P5_48XLARGE`, `a3-ultragpu-8g` is `A3_ULTRAGPU_8G`. */
type StaticName<Name extends string> = Name extends `${infer Head}.${infer Tail}`
  ? StaticName<`${Head}_${Tail}`>
  : Name extends `${infer Head}-${infer Tail}`
    ? StaticName<`${Head}_${Tail}`>
    : Uppercase<Name>;

/** A constant for each machine of a table. */
export type MachineStatics<Name extends string, Machine> = { readonly [Each in Name as StaticName<Each>]: Machine };

/** The constants of a table of machines. The compiler knows their names from the rows alone. */
export function machineStatics<Name extends string, Machine>(
  table: ReadonlyMap<string, Machine>,
): MachineStatics<Name, Machine> {
  const statics = [...table].map(([name, machine]) => [name.replace(/[.-]/g, '_').toUpperCase(), machine] as const);
  return Object.fromEntries(statics) as unknown as MachineStatics<Name, Machine>;
}

/** The machine of that name; an error names the nearest ones where the table lacks it. */
export function machineFromTable<Machine>(table: ReadonlyMap<string, Machine>, name: string, className: string): Machine {
  const machine = table.get(name);
  if (machine) return machine;
  const close = typeof name === 'string' ? nearest(name, [...table.keys()]) : [];
  const meant = close.length > 0 ? `Did you mean ${close.join(', ')}? ` : '';
  throw new AiInfraError([
    {
      code: 'MachineUnknown',
      prop: 'machine',
      allowed: 'the name of a machine of the table',
      got: name,
      fix: `${meant}For one that the table lacks, use ${className}.of(name, row).`,
    },
  ]);
}
