/** The part of JSON Schema that `REPORT_SCHEMA` uses. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** Returns the first difference between a value and its schema, as `costs[0].market must be …`, or nothing if it matches. */
export function misfit(value: unknown, schema: object, path = ''): string | undefined {
  const rules = schema as Schema;
  const here = path === '' ? 'the document' : path;
  if (rules.const !== undefined && value !== rules.const) return `${here} must be ${JSON.stringify(rules.const)}`;
  if (rules.enum && !rules.enum.includes(value)) return `${here} must be one of ${rules.enum.join(', ')}`;
  if (rules.type !== undefined && !isOfType(value, rules.type)) return `${here} must be of type ${rules.type}`;
  if (typeof value === 'number') return outOfRange(value, rules) ? `${here} is too small` : undefined;
  if (typeof value === 'string') {
    return rules.pattern !== undefined && !new RegExp(rules.pattern).test(value) ? `${here} is malformed` : undefined;
  }
  if (Array.isArray(value)) {
    return first(value.map((item, at) => () => misfit(item, rules.items ?? {}, `${path}[${at}]`)));
  }
  return typeof value === 'object' && value !== null ? misfitOfObject(value as Values, rules, path) : undefined;
}

type Values = Readonly<Record<string, unknown>>;

function misfitOfObject(value: Values, { properties = {}, required = [] }: Schema, path: string): string | undefined {
  const prefix = path === '' ? '' : `${path}.`;
  const missing = required.find((key) => value[key] === undefined);
  if (missing !== undefined) return `${prefix}${missing} is missing`;
  return first(
    Object.entries(value).map(([key, inner]) => () => {
      const schema = Object.hasOwn(properties, key) ? properties[key] : undefined;
      return schema ? misfit(inner, schema, prefix + key) : `${prefix}${key} is unknown`;
    }),
  );
}

function first(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const found = check();
    if (found !== undefined) return found;
  }
  return undefined;
}

function outOfRange(value: number, { minimum = -Infinity, exclusiveMinimum = -Infinity }: Schema): boolean {
  return value < minimum || value <= exclusiveMinimum;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
