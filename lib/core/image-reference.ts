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
