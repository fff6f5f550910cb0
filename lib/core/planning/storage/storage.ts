import { checkNumbers } from '../time/inputs';

const MB = 1e6;
const BYTES_PER_TOKEN = 4;

/** Requirements for a parallel file system. */
export interface StorageInput {
  readonly datasetBytes: number;
  readonly checkpointBytes: number;
  /** Number of checkpoints to keep. @default 3 */
  readonly checkpointsKept?: number;
  /** Required read throughput in bytes per second: see `tokenReadBandwidth` and `sampleReadBandwidth`. @default 0 */
  readonly readBytesPerSecond?: number;
  /** Required write throughput in bytes per second. @default 0 */
  readonly writeBytesPerSecond?: number;
}

/** The required size in one tier. */
export interface StorageSize {
  readonly bytes: number;
  /** Throughput of that size, in bytes per second. */
  readonly bytesPerSecond: number;
  /** Whether the data or the required bandwidth determines the size. */
  readonly binds: 'capacity' | 'bandwidth';
}

/**
 * Returns the required size in a tier whose bandwidth grows with its size: large enough for the data, and fast enough.
 * @param megabytesPerSecondPerTiB throughput of the tier per TiB
 */
export function storageSize(input: StorageInput, megabytesPerSecondPerTiB: number): StorageSize {
  checkNumbers({ megabytesPerSecondPerTiB }, { megabytesPerSecondPerTiB: 'positive' });
  checkNumbers(input, {
    datasetBytes: 'notNegative',
    checkpointBytes: 'notNegative',
    checkpointsKept: '?notNegative',
    readBytesPerSecond: '?notNegative',
    writeBytesPerSecond: '?notNegative',
  });
  const { datasetBytes, checkpointBytes, checkpointsKept = 3, readBytesPerSecond = 0, writeBytesPerSecond = 0 } = input;
  const held = datasetBytes + checkpointsKept * checkpointBytes;
  const perByte = (megabytesPerSecondPerTiB * MB) / 2 ** 40;
  const fast = Math.max(readBytesPerSecond, writeBytesPerSecond) / perByte;
  const bytes = Math.max(held, fast);
  return { bytes, bytesPerSecond: bytes * perByte, binds: fast > held ? 'bandwidth' : 'capacity' };
}

/** Returns the slowest tier that meets the requirements with at most `maxBytes`, or `undefined` if no tier does. */
export function smallestTier(input: StorageInput, tiers: readonly number[], maxBytes: number): number | undefined {
  checkNumbers({ maxBytes }, { maxBytes: 'positive' });
  return [...tiers].sort((a, b) => a - b).find((tier) => storageSize(input, tier).bytes <= maxBytes);
}

/** Returns the read throughput of a language model: 4 bytes per token. It is negligible on any cluster. */
export function tokenReadBandwidth(tokensPerSecond: number): number {
  checkNumbers({ tokensPerSecond }, { tokensPerSecond: 'notNegative' });
  return BYTES_PER_TOKEN * tokensPerSecond;
}

/** Returns the read throughput for image or audio samples. MLPerf UNet3D reads 7 × 140 MB per 0.323 s and H100. */
export function sampleReadBandwidth(bytesPerSample: number, samplesPerStep: number, stepSeconds: number): number {
  checkNumbers(
    { bytesPerSample, samplesPerStep, stepSeconds },
    { bytesPerSample: 'notNegative', samplesPerStep: 'count', stepSeconds: 'positive' },
  );
  return (bytesPerSample * samplesPerStep) / stepSeconds;
}
