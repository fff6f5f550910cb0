/** What stands in a tree of plain objects and lists at a dotted path, e.g. `spec.containers.0.image`. */
export function at(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], tree);
}

/** A list of objects by the name that each carries. */
export function byName(list: unknown): Record<string, unknown> {
  return Object.fromEntries((list as { name: string }[]).map((one) => [one.name, one]));
}
