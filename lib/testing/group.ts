import type { ComputeGroup, Count, Known, Sections } from './architecture';
import { list } from './json';
import type { View } from './view';

/** A group of machines, and that the internet reaches it where its machines have public addresses. */
export function group(compute: ComputeGroup, why?: string): Partial<Sections> {
  const { name, kind } = compute;
  return { compute: [compute], ...(why !== undefined && { exposure: [{ name, kind, why }] }) };
}

/** How many, of values that may be open. */
export function counts(view: View, { min, desired, max }: { readonly [Key in keyof Count]: unknown }): Count {
  const of = (value: unknown): Known<number> | undefined => view.number(value);
  return { min: of(min), desired: of(desired), max: of(max) };
}

/** The texts of a list, or of a value that stands alone. */
export function textsOf(view: View, values: unknown): readonly string[] {
  return list(values)
    .map((value) => view.text(value))
    .filter((text) => text !== undefined);
}

/** Ranges from which everyone comes. */
export const EVERYONE = ['0.0.0.0/0', '::/0', '*', 'Internet', 'Any', 'any'];
