/** Key index of a Helm chart. */
export interface ChartIndex {
  readonly version: string;
  readonly repository: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly free?: readonly string[];
  readonly extra?: Readonly<Record<string, string>>;
  readonly required?: readonly string[];
  readonly rejected?: readonly string[];
  readonly removed?: { readonly keys: readonly string[] };
  readonly dependencies?: readonly { readonly name: string; readonly alias?: string }[];
}

/** Sub-chart whose values are under `root`. */
export interface Subchart {
  readonly root: string;
  readonly index: ChartIndex;
}

/**
 * Returns the faults of chart values. Helm ignores paths that the chart does not read. Other faults are values with a different type than the
 * default, and paths that the chart rejects or requires.
 */
export function chartFaults(index: ChartIndex, values: unknown, subcharts: readonly Subchart[] = []): string[] {
  const missing = (index.required ?? []).filter((path) => valueAt(values, path) === undefined);
  return [...missing.map((path) => `${path}: required by the chart`), ...faultsBelow(index, subcharts, '', values)];
}

function faultsBelow(index: ChartIndex, subcharts: readonly Subchart[], path: string, value: unknown): string[] {
  if (index.rejected?.includes(path)) return [`${path}: rejected by the chart`];
  if (index.removed?.keys.includes(path)) return [`${path}: no longer has an effect`];
  const subchart = subcharts.find(({ root }) => root === path);
  if (subchart) {
    const own = (key: string) => index.keys[`${path}.${key}`] !== undefined;
    const rest = Object.fromEntries(Object.entries(value as object).filter(([key]) => !own(key)));
    return chartFaults(subchart.index, rest).map((fault) => `${path}.${fault}`);
  }
  const type = index.keys[path];
  if (type !== undefined && !fits(type, value)) return [`${path}: ${kindOf(value)} where the chart has ${type}`];
  if (index.free?.includes(path)) return [];
  if (kindOf(value) === 'map' && isInner(index, path)) {
    return Object.entries(value as object).flatMap(([key, inner]) => {
      const step = key.replaceAll('.', String.raw`\.`);
      return faultsBelow(index, subcharts, path ? `${path}.${step}` : step, inner);
    });
  }
  const known = type !== undefined || index.extra?.[path] !== undefined;
  return known && !(type === 'map' && kindOf(value) === 'map' && Object.keys(value as object).length > 0)
    ? []
    : [`${path}: the chart has no such value`];
}

function isInner({ keys, free = [], extra = {} }: ChartIndex, path: string): boolean {
  if (path === '') return true;
  return [...Object.keys(keys), ...free, ...Object.keys(extra)].some((one) => one.startsWith(`${path}.`));
}

function fits(type: string, value: unknown): boolean {
  return type === 'null' || type === kindOf(value);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  if (value === null) return 'null';
  return typeof value === 'object' ? 'map' : typeof value;
}

function valueAt(values: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (kindOf(value) === 'map' ? (value as Record<string, unknown>)[key] : undefined),
      values,
    );
}
