import type { ProblemCollector } from '../core/errors';

/** Adds the problem that the network of a new file system is unknown. */
export function addNetworkMissing(problems: ProblemCollector): void {
  problems.add({
    code: 'ValueMissing',
    prop: 'network',
    allowed: 'the network of the existing cluster, for the new file system',
    got: undefined,
    fix: 'Set network, or use TrainingStorage.none().',
  });
}
