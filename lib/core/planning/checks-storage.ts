import { number, percent } from '../format';
import { IDEAL_WRITING, MAX_WRITING } from './checkpoint';
import type { Checks } from './checks';
import type { TrainingDraft } from './plan-draft';

/** Checks whether the storage is fast enough for checkpoints. */
export function checkCheckpoints(checks: Checks, { checkpoint, storage }: TrainingDraft): void {
  if (!storage.given || checkpoint.verdict === 'ok') return;
  const report = checks.about('storage/checkpoint-slow', 'Young 1974 and Daly 2006; arXiv 2407.21783: failure rate');
  const needed = `${number(checkpoint.neededWriteMBps)} MB/s`;
  const fix = `Use storage with ${needed}, so that writing takes ${percent(IDEAL_WRITING)} of the time.`;
  if (checkpoint.verdict === 'too-slow') {
    report.contradict({
      code: 'CheckpointTooSlow',
      prop: 'storage.throughputMBps',
      allowed: `higher, so that writing checkpoints of ${number(checkpoint.sizeGB)} GB takes at most ${percent(MAX_WRITING)} of the time instead of ${percent(checkpoint.writing)}`,
      got: storage.given.throughputMBps,
      fix,
    });
  } else {
    report.warn(`Writing checkpoints takes ${percent(checkpoint.writing)} of the time.`, fix);
  }
}

/** A checkpoint is kept until the next one is complete. */
const MIN_CHECKPOINTS = 2;

/** Checks the size and the read throughput of the storage. */
export function checkStorage(checks: Checks, { storage, checkpoint }: TrainingDraft): void {
  const { given, heldGiB, readMBps, readRate } = storage;
  if (!given) return;
  const report = checks.about('storage/throughput', 'mlcommons/storage: 14 bytes per parameter; 4 bytes per token');
  const min = (MIN_CHECKPOINTS * checkpoint.sizeGB * 1e9) / 2 ** 30;
  if (readRate === 'median' && given.throughputMBps < readMBps) {
    report.contradict({
      code: 'StorageTooSmall',
      prop: 'storage.throughputMBps',
      allowed: `at least ${number(readMBps)} MB/s, the read rate of the job`,
      got: given.throughputMBps,
      fix: 'Use a faster tier or a larger file system.',
    });
  }
  if (given.sizeGiB < min) {
    report.contradict({
      code: 'StorageTooSmall',
      prop: 'storage.sizeGiB',
      allowed: `at least ${number(min)} GiB, the size of ${MIN_CHECKPOINTS} checkpoints`,
      got: given.sizeGiB,
      fix: 'Use a larger file system.',
    });
  } else if (given.sizeGiB < heldGiB) {
    report.warn(
      `The file system has ${number(given.sizeGiB)} GiB, but the dataset and three checkpoints need ${number(heldGiB)} GiB.`,
      'Increase its size, or keep the dataset and old checkpoints in a bucket.',
    );
  }
}
