/** An object as JSON gives it. */
export type Props = Readonly<Record<string, unknown>>;

/** What has entries, else none: synthesized output is read as it is, never trusted. */
export function record(value: unknown): Props {
  return isRecord(value) ? value : {};
}

export function isRecord(value: unknown): value is Props {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The items of a list; a value that stands alone is one item, since Terraform writes a single block either way. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The objects of a list. */
export function records(value: unknown): readonly Props[] {
  return list(value).filter(isRecord);
}

/** The first block of a kind, without entries where there is none. */
export function block(value: unknown): Props {
  return records(value)[0] ?? {};
}

/** A plain value as text; nothing of what has parts. */
export function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Parsed JSON, or nothing where a text is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Order of texts that is the same on every machine, whatever its language. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** `6 × A` for what occurs how often, in the order of its text. */
export function countsOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => byText(a, b)));
}
