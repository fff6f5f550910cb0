import type { Problems } from '../errors';

/** Adds that a cluster has neither nodes nor a job that they follow from. */
export function addNodesMissing(problems: Problems): void {
  problems.add({
    code: 'ValueMissing',
    prop: 'nodes',
    allowed: 'a whole number of nodes',
    got: undefined,
    fix: 'Give nodes, or a job that they follow from.',
  });
}

/** Where checkpoints of a job stay. */
export interface KeptCheckpoints {
  readonly capacity?: { readonly market: string; readonly isElastic: boolean };
  readonly storage: { readonly isAny: boolean };
  /** @default - no store */
  readonly checkpoints?: object;
}

/** Adds a problem where a job which is to end has no place for its checkpoints, and its nodes are taken away. */
export function checkCheckpointsKept(problems: Problems, { capacity, storage, checkpoints }: KeptCheckpoints): void {
  if (!capacity?.isElastic || checkpoints || storage.isAny) return;
  problems.add({
    code: 'CheckpointStoreMissing',
    prop: 'checkpoints',
    allowed: `given for a job on ${capacity.market} nodes without a file system: it would start anew whenever one is taken back`,
    got: undefined,
    fix: 'Give checkpoints a DataBucket, or leave storage out.',
  });
}

/** Adds a problem where datasets and checkpoints are one bucket. */
export function checkTwoBuckets(
  problems: Problems,
  { datasets, checkpoints }: { readonly datasets?: object; readonly checkpoints?: object },
): void {
  if (!datasets || datasets !== checkpoints) return;
  problems.add({
    code: 'DataPath',
    prop: 'checkpoints',
    allowed: 'another bucket than that of datasets: the one is read, the other is written',
    got: datasets,
    fix: 'Give checkpoints a bucket of their own.',
  });
}
