/** Keys whose value is one of a few words, so that they cannot carry an attack. */
const WORDS: readonly string[] = ['format', 'work', 'level', 'evidence', 'grade', 'direction'];

/** A copy in which every text is an attack. */
export function poisoned<T>(value: T, attack: string): T {
  if (typeof value === 'string') return attack as T;
  if (Array.isArray(value)) return value.map((item: unknown) => poisoned(item, attack)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      WORDS.includes(key) && typeof inner === 'string' ? inner : poisoned<unknown>(inner, attack),
    ]),
  ) as T;
}
