import { ProblemCollector } from '../core/errors';
import { checkEnvironment, type JobEnvironment, variablesOf } from './job-environment';
import { checkVolumes, type JobVolume, podVolumes } from './job-volume';
import { checkNames, type KubernetesManifest } from './manifest';
import { type MountedClaim, nodePod } from './node-pod';
import { type AcceleratorPool, checkPool } from './pool';
import type { JobPriority } from './queues';
import { DISRUPTED_PODS, RESTARTS } from './restarts';
import { checkCommand, checkJobName } from './train-job';

/** Properties for `sliceJob`. */
export interface SliceJobProps {
  /** Name of the job. A DNS label of at most 40 characters. */
  readonly name: string;
  /** Namespace of the queue. */
  readonly namespace: string;
  /** Name of the training queue that admits the job. */
  readonly queue: string;
  /** Accelerator pool that the job runs on. */
  readonly pool: AcceleratorPool;
  /** Number of slices to use. @default - all slices of the pool */
  readonly slices?: number;
  /** Container image. */
  readonly image: string;
  /**
   * Command of each node.
   *
   * @default - the command of the image
   * @schema LINES
   */
  readonly command?: readonly string[];
  /** Environment variables by name: values, or keys of secrets. @default - none */
  readonly env?: JobEnvironment;
  /** More volumes to mount. @default - none */
  readonly volumes?: readonly JobVolume[];
  /** Shared storage to mount. @default - none */
  readonly claim?: MountedClaim;
  /** Priority in the queue. @default JobPriority.NORMAL */
  readonly priority?: JobPriority;
}

/**
 * Creates a job over whole slices. It runs one pod per node, and the pods of each part run on the nodes of one slice. If a slice fails, the
 * whole job restarts, because the other slices cannot continue.
 *
 * @see https://jobset.sigs.k8s.io/docs/tasks/
 */
export function sliceJob(props: SliceJobProps): KubernetesManifest {
  const { name, namespace, queue, pool, image, command, env, claim, priority } = props;
  const all = pool.slices?.count ?? 1;
  const slices = props.slices ?? all;
  const problems = new ProblemCollector();
  checkPool(problems.within('pool'), pool);
  checkNames(problems, { namespace, queue });
  checkJobName(problems, name);
  checkCommand(problems, command);
  checkEnvironment(problems, env, pool);
  checkVolumes(problems, props.volumes, pool);
  checkSlices(problems, slices, all);
  problems.throwIfAny();
  const nodes = pool.nodes / all;
  const { volumes, volumeMounts, annotations } = podVolumes(props.volumes);
  // A single part also needs it, because the nodes of all slices have the same labels otherwise. Without it, its pods run in several slices.
  const apart = pool.slices && all > 1 && { [EXCLUSIVE]: pool.slices.nodeLabel };
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
              template: nodePod({
                pool,
                image,
                env: variablesOf(env),
                claim,
                container: { ...(command && { command: [...command] }), volumeMounts },
                volumes,
                annotations,
              }),
            },
          },
        },
      ],
    },
  };
}

/** Annotation that gives each part of a job its own value of a node label. */
const EXCLUSIVE = 'alpha.jobset.sigs.k8s.io/exclusive-topology';

function checkSlices(problems: ProblemCollector, slices: number, max: number): void {
  if (Number.isSafeInteger(slices) && slices >= 1 && slices <= max) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'slices',
    allowed: `a whole number from 1 to ${max}, the number of slices in the pool`,
    got: slices,
    fix: 'Use fewer slices, or add slices to the pool.',
  });
}
