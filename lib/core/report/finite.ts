/** The part of JSON Schema that tells which figures a record cannot be without. */
interface Shape {
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
}

/**
 * A value without what is no number (NaN, Infinity): such a figure is not known, so it is left out, and with it the
 * record that means nothing without it. What `schema` requires at the top is no number.
 */
export function withoutNonNumbers<T extends object>(value: T, schema: object): T {
  return finite(value, schema) as T;
}

function finite(value: unknown, shape: Shape | undefined): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (Array.isArray(value)) return value.map((item) => finite(item, shape?.items)).filter((item) => item !== undefined);
  return typeof value === 'object' && value !== null ? finiteRecord(value, shape) : value;
}

function finiteRecord(record: object, shape: Shape | undefined): object | undefined {
  const entries = Object.entries(record).map(([key, inner]) => [key, finite(inner, shape?.properties?.[key])] as const);
  const known = Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  const given = record as Readonly<Record<string, unknown>>;
  const lost = shape?.required?.some((key) => known[key] === undefined && given[key] !== undefined);
  return lost ? undefined : known;
}
