import { IDEAL_WRITING, MOST_WRITING } from './checkpoint';
import { type Checks, percent, rounded } from './checks';
import type { TrainingDraft } from './plan-draft';

/** Whether the storage takes checkpoints fast enough. */
export function checkCheckpoints(checks: Checks, { checkpoint, storage }: TrainingDraft): void {
  if (!storage.given || checkpoint.verdict === 'ok') return;
  const report = checks.about(
    'storage/checkpoint-slow',
    'Young 1974 and Daly 2006; arXiv 2407.21783: rate of failures',
  );
  const needed = `${rounded(checkpoint.neededWriteMBps)} MB/s`;
  const fix = `Give the storage ${needed}, at which writing takes ${percent(IDEAL_WRITING)} of the time.`;
  if (checkpoint.verdict === 'too-slow') {
    report.contradict({
      code: 'CheckpointTooSlow',
      prop: 'storage.throughputMBps',
      allowed: `so much that writing ${rounded(checkpoint.sizeGB)} GB takes at most ${percent(MOST_WRITING)} of the time, not ${percent(checkpoint.writing)}`,
      got: storage.given.throughputMBps,
      fix,
    });
  } else {
    report.warn(`Writing checkpoints takes ${percent(checkpoint.writing)} of the time.`, fix);
  }
}

/** A checkpoint is kept until the next one is whole. */
const LEAST_CHECKPOINTS = 2;

/** Whether the storage holds what is kept and reads what is fed. */
export function checkStorage(checks: Checks, { storage, checkpoint }: TrainingDraft): void {
  const { given, heldGiB, readMBps, readRate } = storage;
  if (!given) return;
  const report = checks.about('storage/throughput', 'mlcommons/storage: 14 bytes a parameter; 4 bytes a token');
  const least = (LEAST_CHECKPOINTS * checkpoint.sizeGB * 1e9) / 2 ** 30;
  if (readRate === 'median' && given.throughputMBps < readMBps) {
    report.contradict({
      code: 'StorageTooSmall',
      prop: 'storage.throughputMBps',
      allowed: `at least the ${rounded(readMBps)} MB/s that are read`,
      got: given.throughputMBps,
      fix: 'Take a faster tier or more of it.',
    });
  }
  if (given.sizeGiB < least) {
    report.contradict({
      code: 'StorageTooSmall',
      prop: 'storage.sizeGiB',
      allowed: `at least the ${rounded(least)} GiB of ${LEAST_CHECKPOINTS} checkpoints`,
      got: given.sizeGiB,
      fix: 'Take a larger file system.',
    });
  } else if (given.sizeGiB < heldGiB) {
    report.warn(
      `The file system has ${rounded(given.sizeGiB)} GiB, and tokens and three checkpoints take ${rounded(heldGiB)} GiB.`,
      'Enlarge it, or keep tokens and old checkpoints in a bucket.',
    );
  }
}
