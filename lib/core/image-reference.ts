// [registry/]path[:tag][@digest], as defined by the distribution project.
const IMAGE = /^([a-z0-9.-]+(:\d+)?\/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/**
 * Returns whether a string is a container image reference.
 *
 * @see https://github.com/distribution/reference
 */
export function isImageReference(text: string): boolean {
  return IMAGE.test(text);
}

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
