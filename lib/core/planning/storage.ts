import { checkNumbers } from './inputs';

const MB = 1e6;
const BYTES_PER_TOKEN = 4;

/** What a parallel file system must hold and do. */
export interface StorageInput {
  readonly datasetBytes: number;
  readonly checkpointBytes: number;
  /** Checkpoints kept. @default 3 */
  readonly checkpointsKept?: number;
  /** Bytes per second that must be read; see `tokenReadBandwidth` and `sampleReadBandwidth`. @default 0 */
  readonly readBytesPerSecond?: number;
  /** Bytes per second that must be written. @default 0 */
  readonly writeBytesPerSecond?: number;
}

/** How much of one tier that takes. */
export interface StorageSize {
  readonly bytes: number;
  /** Bytes per second that the size gives. */
  readonly bytesPerSecond: number;
  /** What the size follows from. */
  readonly binds: 'capacity' | 'bandwidth';
}

/**
 * Bytes of a tier whose bandwidth grows with its size: what holds the data, or what is fast enough.
 * @param megabytesPerSecondPerTiB what the tier gives for each TiB.
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

/** The slowest tier that is big and fast enough at no more than `mostBytes`; absent where even the fastest is not. */
export function smallestTier(input: StorageInput, tiers: readonly number[], mostBytes: number): number | undefined {
  checkNumbers({ mostBytes }, { mostBytes: 'positive' });
  return [...tiers].sort((a, b) => a - b).find((tier) => storageSize(input, tier).bytes <= mostBytes);
}

/** Bytes per second that a language model reads: four a token. Next to nothing, whatever the cluster. */
export function tokenReadBandwidth(tokensPerSecond: number): number {
  checkNumbers({ tokensPerSecond }, { tokensPerSecond: 'notNegative' });
  return BYTES_PER_TOKEN * tokensPerSecond;
}

/** Bytes per second that samples of images or sound take: MLPerf's UNet3D reads 7 × 140 MB per 0.323 s and H100. */
export function sampleReadBandwidth(bytesPerSample: number, samplesPerStep: number, stepSeconds: number): number {
  checkNumbers(
    { bytesPerSample, samplesPerStep, stepSeconds },
    { bytesPerSample: 'notNegative', samplesPerStep: 'count', stepSeconds: 'positive' },
  );
  return (bytesPerSample * samplesPerStep) / stepSeconds;
}
