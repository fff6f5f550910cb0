import type { ComputeGroup, Count, Known, Sections } from './architecture';
import { list } from './json';
import type { View } from './view';

/** Returns the sections of a group of machines. @param why why it is open to the internet @default - it is not open */
export function group(compute: ComputeGroup, why?: string): Partial<Sections> {
  const { name, kind } = compute;
  return { compute: [compute], ...(why !== undefined && { exposure: [{ name, kind, why }] }) };
}

/** Returns a count from values that can be unknown before deployment. */
export function counts(view: View, { min, desired, max }: { readonly [Key in keyof Count]: unknown }): Count {
  const of = (value: unknown): Known<number> | undefined => view.number(value);
  return { min: of(min), desired: of(desired), max: of(max) };
}

/** Returns the values of a list, or a single value, as strings. */
export function textsOf(view: View, values: unknown): readonly string[] {
  return list(values)
    .map((value) => view.text(value))
    .filter((text) => text !== undefined);
}

/** Sources that include the whole internet. */
export const EVERYONE = ['0.0.0.0/0', '::/0', '*', 'Internet', 'Any', 'any'];
