/** Returns the numbers of a version. A missing part counts as the newest one. @param form a pattern with a group for each part */
export function versionParts(version: string, form: RegExp): number[] | undefined {
  const match = form.exec(version);
  return match?.slice(1).map((part) => (part === undefined ? Infinity : Number(part)));
}

/** Returns whether a version is older than another. */
export function isBefore(version: readonly number[], other: readonly number[]): boolean {
  const index = version.findIndex((part, at) => part !== other[at]);
  return index >= 0 && version[index]! < other[index]!;
}
