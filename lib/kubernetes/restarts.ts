/**
 * Number of restarts before a job fails, if its program exits or hangs. This library uses the value of Google's multislice example.
 * Both kinds of objects reject changes to the number and to the rules after creation.
 */
const MAX_RESTARTS = 4;

/** A Job that loses a pod with its node fails immediately, with a specific reason. The ranks on the other nodes cannot continue without that pod. */
export const DISRUPTED_PODS = {
  rules: [{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
} as const;

/**
 * A JobSet restarts as a whole if a part of it fails, and continues from its last checkpoint. Without this policy the first failure ends the
 * JobSet. The loss of a node, for example of a spot node, does not count as a restart.
 *
 * @see https://github.com/kubernetes-sigs/jobset/tree/main/keps/262-ConfigurableFailurePolicy
 */
export const RESTARTS = {
  maxRestarts: MAX_RESTARTS,
  rules: [
    { name: 'disrupted', action: 'RestartJobSetAndIgnoreMaxRestarts', onJobFailureReasons: ['PodFailurePolicy'] },
  ],
} as const;
