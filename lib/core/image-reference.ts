// [registry/]path[:tag][@digest], as the distribution project has it.
const IMAGE = /^([a-z0-9.-]+(:\d+)?\/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/**
 * Whether a text names a container image.
 *
 * @see https://github.com/distribution/reference
 */
export function isImageReference(text: string): boolean {
  return IMAGE.test(text);
}
