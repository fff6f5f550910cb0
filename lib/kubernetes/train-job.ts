import { ProblemCollector } from '../core/errors';
import { checkEnvironment, type JobEnvironment, variablesOf } from './job-environment';
import { checkVolumes, type JobVolume, podVolumes } from './job-volume';
import { checkNames, isDnsLabel, type KubernetesManifest } from './manifest';
import { NODE_CONTAINER } from './node-pod';
import { type AcceleratorPool, withProfile, checkPool } from './pool';
import type { JobPriority } from './queues';
import { ranksOf } from './restarts';

/** Options for a job on a training cluster. */
export interface TrainJobOptions extends Pick<
  TrainJobProps,
  'nodes' | 'command' | 'image' | 'priority' | 'env' | 'volumes'
> {
  /** Name of the job. A DNS label of at most 40 characters. */
  readonly name: string;
  /** Name of the node group that the job runs on. @default - the first group */
  readonly group?: string;
}

/** Properties for `trainJob`. */
export interface TrainJobProps {
  /** Name of the job. A DNS label of at most 40 characters. */
  readonly name: string;
  /** Namespace of the queue. */
  readonly namespace: string;
  /** Name of the training queue that admits the job. */
  readonly queue: string;
  /** Accelerator pool of the runtime. */
  readonly pool: AcceleratorPool;
  /** Name of the runtime. @default - the name of the pool */
  readonly runtime?: string;
  /** Kind of the runtime: cluster-scoped, or in the namespace of the job. @default 'ClusterTrainingRuntime' */
  readonly runtimeKind?: 'ClusterTrainingRuntime' | 'TrainingRuntime';
  /** Number of nodes. @default - all nodes of the pool */
  readonly nodes?: number;
  /**
   * Command of each node, for example `['torchrun', 'train.py']`.
   *
   * @default - the command of the runtime
   * @schema LINES
   */
  readonly command?: readonly string[];
  /** Container image. @default - the image of the runtime */
  readonly image?: string;
  /** Priority in the queue. @default JobPriority.NORMAL */
  readonly priority?: JobPriority;
  /** Environment variables by name: values, or keys of secrets. @default - none */
  readonly env?: JobEnvironment;
  /** Volumes to mount, in addition to the shared file system. @default - none */
  readonly volumes?: readonly JobVolume[];
  /** Processes per accelerator. @default - 1 for a GPU; required for other accelerators */
  readonly ranksPerAccelerator?: number;
}

/**
 * Creates a job from a training runtime. It always sets the number of processes per node. The Trainer only counts them correctly if the
 * name of the resource contains `gpu`; otherwise it starts one process per CPU core.
 *
 * @see https://www.kubeflow.org/docs/components/trainer/user-guides/
 */
export function trainJob(props: TrainJobProps): KubernetesManifest {
  const { name, namespace, queue, pool, runtime = pool.name, nodes = pool.nodes, command, image, priority } = props;
  const { env, volumes = [] } = props;
  const problems = new ProblemCollector();
  checkPool(problems.within('pool'), pool);
  checkNames(problems, { namespace, queue, runtime });
  checkJobName(problems, name);
  checkCommand(problems, command);
  checkEnvironment(problems, env, pool);
  checkVolumes(problems, volumes, pool);
  if (!Number.isSafeInteger(nodes) || nodes < 1 || nodes > pool.nodes) {
    problems.add({
      code: 'NodesOutOfRange',
      prop: 'nodes',
      allowed: `a whole number from 1 to ${pool.nodes}, the number of nodes in the pool`,
      got: nodes,
      fix: 'Use fewer nodes, or a larger pool.',
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
        ...(command && { command: withProfile(pool, command) }),
        ...(env && { env: variablesOf(env) }),
      },
      ...(volumes.length > 0 && { runtimePatches: [mountPatch(volumes)] }),
    },
  };
}

/**
 * Adds volumes to the pods of a runtime. The admission of Trainer requires a domain and a path in the name of the manager.
 *
 * Source: kubeflow/trainer v2.3.0, pkg/apis/trainer/v1alpha1/trainjob_types.go, `RuntimePatch`.
 */
function mountPatch(given: readonly JobVolume[]): Record<string, unknown> {
  const { volumes, volumeMounts, annotations } = podVolumes(given);
  const pod = {
    ...(Object.keys(annotations).length > 0 && { metadata: { annotations } }),
    spec: { volumes, containers: [{ name: NODE_CONTAINER, volumeMounts }] },
  };
  const part = { name: NODE_CONTAINER, template: { spec: { template: pod } } };
  return {
    manager: 'ai-infra-constructs/volumes',
    trainingRuntimeSpec: { template: { spec: { replicatedJobs: [part] } } },
  };
}

/** Adds a problem if a command is empty. With the profile script of a fabric an empty command would exit with success immediately. */
export function checkCommand(problems: ProblemCollector, command: readonly string[] | undefined): void {
  if (command === undefined || command.length > 0) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'command',
    allowed: 'a program and its arguments',
    got: command,
    fix: 'Leave it out to run the command of the image.',
  });
}

// JobSet adds the name of the part, two indexes and five letters to the name, and the result can have 63 characters.
const MAX_JOB_NAME_LENGTH = 40;

/** Adds a problem if the name of a job is invalid. Pods and services derive their names from it. */
export function checkJobName(problems: ProblemCollector, name: string): void {
  if (isDnsLabel(name) && /^[a-z]/.test(name) && name.length <= MAX_JOB_NAME_LENGTH) return;
  problems.add({
    code: 'KubernetesName',
    prop: 'name',
    allowed: `1 to ${MAX_JOB_NAME_LENGTH} lowercase letters, digits or "-", starting with a letter`,
    got: name,
    fix: 'Choose another name.',
  });
}
