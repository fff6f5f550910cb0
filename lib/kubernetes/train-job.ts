import { Problems } from '../core/errors';
import { checkNames, isDnsLabel, type KubernetesManifest } from './manifest';
import { type AcceleratorPool, behindProfile } from './pool';
import { checkPool } from './pool-checks';
import type { PRIORITIES } from './queues';
import { ranksOf } from './ranks';

/** Properties for `trainJob`. */
export interface TrainJobProps {
  readonly name: string;
  readonly namespace: string;
  /** Name of the training queue that admits it. */
  readonly queue: string;
  /** The pool that the runtime was made for. */
  readonly pool: AcceleratorPool;
  /** Name of the runtime. @default - the pool's name */
  readonly runtime?: string;
  /** Whether the runtime is of the cluster, or of the job's namespace. @default 'ClusterTrainingRuntime' */
  readonly runtimeKind?: 'ClusterTrainingRuntime' | 'TrainingRuntime';
  /** @default - all nodes of the pool */
  readonly nodes?: number;
  /** What each node runs, e.g. `['torchrun', 'train.py']`. @default - the runtime's */
  readonly command?: readonly string[];
  /** @default - the runtime's */
  readonly image?: string;
  /** @default 'normal' */
  readonly priority?: keyof typeof PRIORITIES;
  /** Processes of one accelerator. @default - 1 for a GPU; to be given for other accelerators */
  readonly ranksPerAccelerator?: number;
}

/**
 * A job of a training runtime. Its processes per node are always stated: the Trainer counts them by itself only where the
 * accelerator's resource is named after a GPU, and starts one for each CPU core elsewhere.
 *
 * @see https://www.kubeflow.org/docs/components/trainer/user-guides/
 */
export function trainJob(props: TrainJobProps): KubernetesManifest {
  const { name, namespace, queue, pool, runtime = pool.name, nodes = pool.nodes, command, image, priority } = props;
  const problems = new Problems();
  checkPool(problems.within('pool'), pool);
  checkNames(problems, { namespace, queue, runtime });
  checkJobName(problems, name);
  checkCommand(problems, command);
  if (!Number.isSafeInteger(nodes) || nodes < 1 || nodes > pool.nodes) {
    problems.add({
      code: 'NodesOutOfRange',
      prop: 'nodes',
      allowed: `a whole number from 1 to ${pool.nodes}, the nodes of the pool`,
      got: nodes,
      fix: 'Ask for fewer nodes, or for a larger pool.',
    });
  }
  const ranks = ranksOf(problems, pool, props.ranksPerAccelerator);
  problems.throwIfAny();
  return {
    apiVersion: 'trainer.kubeflow.org/v1alpha1',
    kind: 'TrainJob',
    metadata: {
      name,
      namespace,
      labels: {
        'kueue.x-k8s.io/queue-name': queue,
        ...(priority && { 'kueue.x-k8s.io/priority-class': `${queue}-${priority}` }),
      },
    },
    spec: {
      runtimeRef: {
        apiGroup: 'trainer.kubeflow.org',
        kind: props.runtimeKind ?? 'ClusterTrainingRuntime',
        name: runtime,
      },
      trainer: {
        numNodes: nodes,
        numProcPerNode: ranks,
        ...(image !== undefined && { image }),
        ...(command && { command: behindProfile(pool, command) }),
      },
    },
  };
}

/** Adds a problem when a command is empty: behind the script of a fabric it would end at once, as if the work were done. */
export function checkCommand(problems: Problems, command: readonly string[] | undefined): void {
  if (command === undefined || command.length > 0) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'command',
    allowed: 'a program and its arguments',
    got: command,
    fix: 'Leave it out for what the image starts by itself.',
  });
}

// JobSet adds the part, its index, the pod's and five letters to the name, and takes 63 in all.
const LONGEST_JOB_NAME = 40;

/** Adds a problem when a name is none for a job, whose pods and service are named after it. */
export function checkJobName(problems: Problems, name: string): void {
  if (isDnsLabel(name) && /^[a-z]/.test(name) && name.length <= LONGEST_JOB_NAME) return;
  problems.add({
    code: 'KubernetesName',
    prop: 'name',
    allowed: `1 to ${LONGEST_JOB_NAME} lower-case letters, digits or "-", beginning with a letter`,
    got: name,
    fix: 'Give the job a short name.',
  });
}
