/** Returns the value at a dotted path in a tree of plain objects and lists, for example `spec.containers.0.image`. */
export function at(tree: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], tree);
}

/** Indexes a list of objects by name. */
export function byName(list: unknown): Record<string, unknown> {
  return Object.fromEntries((list as { name: string }[]).map((one) => [one.name, one]));
}
