/**
 * Restarts before a job counts as failed, where its program ends by itself or stops: a choice of this library, as in Google's multislice example.
 * An object that stands takes no other number, nor other rules: both kinds refuse a change.
 */
const MOST_RESTARTS = 4;

/** A Job whose pod goes with its node fails at once, and says so by its reason: the ranks on the other nodes wait for that pod in vain. */
export const DISRUPTED_PODS = {
  rules: [{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
} as const;

/**
 * A JobSet starts again as a whole when a part of it fails, and so goes on at its last checkpoint: without this the first failure is its end. What
 * goes with a node, e.g. a spot one, does not count.
 *
 * @see https://github.com/kubernetes-sigs/jobset/tree/main/keps/262-ConfigurableFailurePolicy
 */
export const RESTARTS = {
  maxRestarts: MOST_RESTARTS,
  rules: [
    { name: 'disrupted', action: 'RestartJobSetAndIgnoreMaxRestarts', onJobFailureReasons: ['PodFailurePolicy'] },
  ],
} as const;
