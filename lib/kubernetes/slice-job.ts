import { Problems } from '../core/errors';
import { checkNames, type EnvVar, type KubernetesManifest } from './manifest';
import { type MountedClaim, nodePod } from './node-pod';
import type { AcceleratorPool } from './pool';
import { checkPool } from './pool-checks';
import type { PRIORITIES } from './queues';
import { DISRUPTED_PODS, RESTARTS } from './restarts';
import { checkCommand, checkJobName } from './train-job';

/** Properties for `sliceJob`. */
export interface SliceJobProps {
  readonly name: string;
  readonly namespace: string;
  /** Name of the training queue that admits it. */
  readonly queue: string;
  readonly pool: AcceleratorPool;
  /** Slices to take. @default - all of the pool */
  readonly slices?: number;
  readonly image: string;
  /** What each node runs. @default - the image's */
  readonly command?: readonly string[];
  /** @default - none */
  readonly env?: readonly EnvVar[];
  /** @default - no shared storage */
  readonly claim?: MountedClaim;
  /** @default 'normal' */
  readonly priority?: keyof typeof PRIORITIES;
}

/**
 * A job over whole slices: one pod a node, the pods of a part of the job on the nodes of one slice. A slice that fails restarts the job
 * as a whole, since the others wait for it.
 *
 * @see https://jobset.sigs.k8s.io/docs/tasks/
 */
export function sliceJob(props: SliceJobProps): KubernetesManifest {
  const { name, namespace, queue, pool, image, command, env, claim, priority } = props;
  const all = pool.slices?.count ?? 1;
  const slices = props.slices ?? all;
  const problems = new Problems();
  checkPool(problems.within('pool'), pool);
  checkNames(problems, { namespace, queue });
  checkJobName(problems, name);
  checkCommand(problems, command);
  checkSlices(problems, slices, all);
  problems.throwIfAny();
  const nodes = pool.nodes / all;
  const apart = pool.slices && slices > 1 && { [EXCLUSIVE]: pool.slices.nodeLabel };
  return {
    apiVersion: 'jobset.x-k8s.io/v1alpha2',
    kind: 'JobSet',
    metadata: {
      name,
      namespace,
      labels: {
        'kueue.x-k8s.io/queue-name': queue,
        ...(priority && { 'kueue.x-k8s.io/priority-class': `${queue}-${priority}` }),
      },
      ...(apart && { annotations: apart }),
    },
    spec: {
      failurePolicy: RESTARTS,
      replicatedJobs: [
        {
          name: 'slice',
          replicas: slices,
          template: {
            spec: {
              parallelism: nodes,
              completions: nodes,
              backoffLimit: 0,
              podFailurePolicy: DISRUPTED_PODS,
              template: nodePod({ pool, image, env, claim, container: command ? { command: [...command] } : {} }),
            },
          },
        },
      ],
    },
  };
}

/** Each part of the job on nodes that no other part shares a value of the label with. */
const EXCLUSIVE = 'alpha.jobset.sigs.k8s.io/exclusive-topology';

function checkSlices(problems: Problems, slices: number, most: number): void {
  if (Number.isSafeInteger(slices) && slices >= 1 && slices <= most) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'slices',
    allowed: `a whole number from 1 to ${most}, the slices of the pool`,
    got: slices,
    fix: 'Ask for fewer slices, or make more.',
  });
}
