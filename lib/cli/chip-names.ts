import { CHIPS } from '../core/catalog/chips';
import { nearest } from '../core/nearest';

const IDS = Object.keys(CHIPS);

/** The chip of the table that the first of these names means, whatever its letters' case and its signs: `h200 nvl`, `TPUv5p`. */
export function chipIdOf(names: readonly unknown[]): string | undefined {
  for (const name of names) {
    const id = typeof name === 'string' ? IDS.find((one) => keyOf(one) === keyOf(name)) : undefined;
    if (id !== undefined) return id;
  }
  return undefined;
}

const keyOf = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** What to say of a chip that the table lacks. */
export function unknownChip(typed: string): string {
  const close = nearest(typed, IDS);
  return `there is no chip '${typed}'${close.length > 0 ? `; did you mean ${close.join(', ')}?` : ''}`;
}
