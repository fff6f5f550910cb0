/**
 * What a start is given: choices of this library. Weights are read at a rate that network volumes and a shared disk keep, and the
 * server then compiles kernels and records graphs, which takes minutes and not seconds.
 */
export const STARTUP = { readGiBPerSecond: 0.25, settleSeconds: 600, periodSeconds: 10 } as const;

/** Seconds that a server may take from its start to its first answer. */
export function startupSeconds(weightsGiB: number): number {
  const seconds = weightsGiB / STARTUP.readGiBPerSecond + STARTUP.settleSeconds;
  return Math.ceil(seconds / STARTUP.periodSeconds) * STARTUP.periodSeconds;
}

/** Seconds in which a node boots, an image of several GB is pulled and the files of a model are fetched, before the server starts. */
export function arrivalSeconds(weightsGiB: number): number {
  return 1200 + Math.ceil(weightsGiB / STARTUP.readGiBPerSecond);
}

/** GiB that the files of a model take on a disk: weights, and a tenth for tokenizer, adapters and a draft that failed. */
export function diskGiB(weightsGiB: number): number {
  return Math.ceil(weightsGiB * 1.1) + 2;
}
