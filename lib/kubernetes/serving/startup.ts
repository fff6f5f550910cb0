/**
 * Times of a start, chosen by this library. Network volumes and a shared disk reach the read rate. Then the server compiles kernels and
 * records graphs, which takes minutes.
 */
export const STARTUP = { readGiBPerSecond: 0.25, initializationSeconds: 600, periodSeconds: 10 } as const;

/** Returns the maximum number of seconds from the start of a server to its first response. */
export function startupSeconds(weightsGiB: number): number {
  const seconds = weightsGiB / STARTUP.readGiBPerSecond + STARTUP.initializationSeconds;
  return Math.ceil(seconds / STARTUP.periodSeconds) * STARTUP.periodSeconds;
}

/** Returns the seconds before the server starts: the node boots, pulls an image of several GB, and downloads the files of the model. */
export function arrivalSeconds(weightsGiB: number): number {
  return 1200 + Math.ceil(weightsGiB / STARTUP.readGiBPerSecond);
}

/** Returns the disk space for a model in GiB: the weights, and 10% for the tokenizer, adapters and a failed download. */
export function diskGiB(weightsGiB: number): number {
  return Math.ceil(weightsGiB * 1.1) + 2;
}
