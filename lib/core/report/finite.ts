/** The part of JSON Schema that defines required fields. */
interface Schema {
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/**
 * Removes values that are NaN or Infinity, because they are unknown. A record that requires such a value is removed, too. The fields that
 * `schema` requires at the top level are never numbers.
 */
export function withoutNonNumbers<T extends object>(value: T, schema: object): T {
  return finite(value, schema) as T;
}

function finite(value: unknown, schema: Schema | undefined): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (Array.isArray(value))
    return value.map((item) => finite(item, schema?.items)).filter((item) => item !== undefined);
  return typeof value === 'object' && value !== null ? finiteRecord(value, schema) : value;
}

function finiteRecord(record: object, schema: Schema | undefined): object | undefined {
  const entries = Object.entries(record).map(
    ([key, inner]) => [key, finite(inner, schema?.properties?.[key])] as const,
  );
  const known = Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  const given = record as Readonly<Record<string, unknown>>;
  const lost = schema?.required?.some((key) => known[key] === undefined && given[key] !== undefined);
  return lost ? undefined : known;
}
