/** Google's documentation of image tags and digests. */
export const IMAGE_NAMES = 'https://cloud.google.com/artifact-registry/docs/docker/names';
