import type { Problems } from '../core/errors';

/** Adds that nothing tells the network in which a new file system is to stand. */
export function addNetworkMissing(problems: Problems): void {
  problems.add({
    code: 'ValueMissing',
    prop: 'network',
    allowed: 'the network of the cluster, where a new file system is to stand',
    got: undefined,
    fix: 'Give network, or storage: TrainingStorage.none().',
  });
}
