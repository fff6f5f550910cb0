/** JSON object. */
export type Props = Readonly<Record<string, unknown>>;

/** Returns an object, or an empty object for any other value, because synthesized output can have any form. */
export function record(value: unknown): Props {
  return isRecord(value) ? value : {};
}

/** Returns whether a value is an object and not a list. */
export function isRecord(value: unknown): value is Props {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the items of a list. A single value is a list of one item, because Terraform accepts both forms for a single block. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Returns the objects in a list. */
export function records(value: unknown): readonly Props[] {
  return list(value).filter(isRecord);
}

/** Returns the first block in a value, or an empty object. */
export function block(value: unknown): Props {
  return records(value)[0] ?? {};
}

/** Returns a string, number or boolean as a string, and an empty string for other values. */
export function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Returns parsed JSON, or undefined if the string is not valid JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Compares strings in an order that does not depend on the locale. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Returns how often each string occurs, ordered by string. */
export function countsOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => byText(a, b)));
}
