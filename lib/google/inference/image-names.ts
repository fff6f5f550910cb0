/** What Google says of tags and digests of images. */
export const IMAGE_NAMES = 'https://cloud.google.com/artifact-registry/docs/docker/names';
