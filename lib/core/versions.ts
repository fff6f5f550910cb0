/** The numbers of a version; a part that is left out is one that the newest of its kind fills. @param form with a group for each part */
export function versionParts(version: string, form: RegExp): number[] | undefined {
  const match = form.exec(version);
  return match?.slice(1).map((part) => (part === undefined ? Infinity : Number(part)));
}

/** Whether a version stands before another. */
export function isBefore(version: readonly number[], other: readonly number[]): boolean {
  const index = version.findIndex((part, at) => part !== other[at]);
  return index >= 0 && version[index]! < other[index]!;
}
