import { CHIPS } from '../core/catalog/chips';
import { nearest } from '../core/nearest';

const IDS = Object.keys(CHIPS);

/** Returns the catalog ID for the first name that matches a chip. Case and punctuation do not matter: `h200 nvl`, `TPUv5p`. */
export function chipIdOf(names: readonly unknown[]): string | undefined {
  for (const name of names) {
    const id = typeof name === 'string' ? IDS.find((one) => keyOf(one) === keyOf(name)) : undefined;
    if (id !== undefined) return id;
  }
  return undefined;
}

const keyOf = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Returns the message for a chip that is not in the catalog. */
export function unknownChip(typed: string): string {
  const close = nearest(typed, IDS);
  return `the catalog has no chip '${typed}'${close.length > 0 ? `; did you mean ${close.join(', ')}?` : ''}`;
}
