import { Problems } from '../core/errors';
import { JUDGE, LAUNCH, NCCL, ncclBehind, NCCOM, SERVE } from './acceptance-scripts';
import { launcherPod, serverContainer, scriptsVolume } from './acceptance-pods';
import { computeDomain } from './compute-domain';
import { type ExpectedBandwidth, expectedAllReduce } from './expected-bandwidth';
import { checkNames, type EnvVar, type KubernetesManifest } from './manifest';
import { NODE_CONTAINER, nodePod } from './node-pod';
import type { AcceleratorPool } from './pool';
import { checkPool } from './pool-checks';
import { ranksOf } from './ranks';
import { checkJobName, trainJob } from './train-job';

/** Properties for `acceptanceJob`. */
export interface AcceptanceJobProps {
  /** @default - the pool's name with `-acceptance` */
  readonly name?: string;
  /** The namespace of the queue. */
  readonly namespace: string;
  /** Name of the training queue that admits it. */
  readonly queue: string;
  readonly pool: AcceleratorPool;
  /** Nodes to take part. @default - all of the pool */
  readonly nodes?: number;
  /** The least bandwidth that passes. @default - what `expectedAllReduce` says */
  readonly expected?: ExpectedBandwidth;
  /** Image with nccl-tests in `/opt/nccl-tests`, or nccom-test, an SSH server and awk. @default - see `ACCEPTANCE_IMAGES` */
  readonly image?: string;
  /** Environment of the fabric, e.g. `FI_PROVIDER=efa`. @default - none */
  readonly env?: readonly EnvVar[];
  /** Processes of one accelerator. @default - 1 for a GPU; to be given for other accelerators */
  readonly ranksPerAccelerator?: number;
}

/**
 * Public images, by vendor, for x86 machines. That for NVIDIA holds code for A100, A10G, L4, L40S, H100, H200, B200 and B300, but
 * for no T4 and no RTX PRO, and CUDA 13 wants a driver of 580 or later.
 *
 * @see https://github.com/awslabs/awsome-distributed-ai/blob/main/micro-benchmarks/nccl-tests/nccl-tests.Dockerfile
 * @see https://github.com/aws-neuron/deep-learning-containers
 */
export const ACCEPTANCE_IMAGES = {
  NVIDIA: 'public.ecr.aws/hpc-cloud/nccl-tests:cuda13.0.2-efa1.48.0-ofiv1.19.0-ncclv2.30.4-1-testsv2.18.3',
  AWS: 'public.ecr.aws/neuron/pytorch-training-neuronx:2.9.0-neuronx-py312-sdk2.30.0-ubuntu24.04',
} as const;

// A collective needs few cores and little memory of the host: the rest leaves room for the launcher within the quota.
const NODE_SHARE = 0.5;

/**
 * The job that proves a fabric: an all-reduce over whole nodes, which fails unless it is as fast as expected, and says both
 * figures. The Trainer makes a fresh SSH key for each run, the nodes serve it, and a launcher beside them runs the collective once
 * all are ready. Within one NVLink domain of several nodes it measures NVLink, unless `env` has `NCCL_MNNVL_ENABLE=0`.
 */
export function acceptanceJob(props: AcceptanceJobProps): KubernetesManifest[] {
  const { pool, namespace, queue, name = `${pool.name}-acceptance`, nodes = pool.nodes, env = [] } = props;
  const problems = new Problems();
  checkPool(problems.within('pool'), pool);
  checkNames(problems, { namespace, queue });
  checkJobName(problems, name);
  checkNodes(problems, pool, nodes);
  const expected = expectedOf(problems, props, nodes);
  const image = imageOf(problems, props);
  const ranksPerNode = ranksOf(problems, pool, props.ranksPerAccelerator);
  problems.throwIfAny();

  const neuron = pool.acceleratorVendor === 'AWS';
  const domain = pool.multiNodeScaleUp ? name : undefined;
  const profile = pool.fabric?.pod?.profile;
  const collective = profile === undefined ? { 'collective.sh': neuron ? NCCOM : NCCL } : ncclBehind(profile);
  const scripts = { 'judge.sh': JUDGE, 'serve.sh': SERVE, 'launch.sh': LAUNCH, ...collective };
  const nodeTemplate = nodePod({
    pool,
    image,
    env,
    computeDomain: domain,
    container: serverContainer(),
    volumes: [scriptsVolume(name)],
    share: NODE_SHARE,
  });
  return [
    ...(domain ? [computeDomain({ name: domain, namespace, nodes })] : []),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: scripts },
    runtime(name, namespace, ranksPerNode, [
      // JobSet lets a job depend on one before it only.
      replicatedJob(NODE_CONTAINER, nodeTemplate),
      replicatedJob('launcher', launcherPod({ name, pool, image, env, expected, nodes, ranksPerNode }), [
        { name: NODE_CONTAINER, status: 'Ready' },
      ]),
    ]),
    trainJob({ ...props, name, nodes, runtime: name, runtimeKind: 'TrainingRuntime', image: undefined }),
  ];
}

function runtime(
  name: string,
  namespace: string,
  numProcPerNode: number,
  replicatedJobs: unknown[],
): KubernetesManifest {
  return {
    apiVersion: 'trainer.kubeflow.org/v1alpha1',
    kind: 'TrainingRuntime',
    metadata: { name, namespace, labels: { 'trainer.kubeflow.org/framework': 'mpi' } },
    spec: {
      mlPolicy: {
        mpi: {
          mpiImplementation: 'OpenMPI',
          numProcPerNode,
          runLauncherAsNode: false,
          sshAuthMountPath: '/etc/mpi-ssh',
        },
      },
      template: {
        spec: {
          network: { enableDNSHostnames: true, publishNotReadyAddresses: true },
          successPolicy: { operator: 'All', targetReplicatedJobs: ['launcher'] },
          replicatedJobs,
        },
      },
    },
  };
}

function replicatedJob(name: string, template: unknown, dependsOn?: unknown[]): unknown {
  return { name, ...(dependsOn && { dependsOn }), template: { spec: { backoffLimit: 0, template } } };
}

function checkNodes(problems: Problems, pool: AcceleratorPool, nodes: number): void {
  if (Number.isSafeInteger(nodes) && nodes >= 2 && nodes <= pool.nodes) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'nodes',
    allowed: `a whole number from 2 to ${pool.nodes}, the nodes of the pool: one node never uses its fabric`,
    got: nodes,
    fix: 'Name two nodes or more, or leave the job out.',
  });
}

function expectedOf(problems: Problems, { pool, expected }: AcceptanceJobProps, nodes: number): ExpectedBandwidth {
  const chosen = expected ?? expectedAllReduce(pool, nodes);
  if (!chosen) {
    problems.add({
      code: 'FabricMissing',
      prop: 'pool.fabric',
      allowed: 'a fabric, or an expected bandwidth',
      got: pool.fabric,
      fix: 'Leave the job out, or give what the network should do in `expected`.',
    });
    return { GBps: 0, basis: 'derived', source: '' };
  }
  if (!Number.isFinite(chosen.GBps) || chosen.GBps <= 0 || !chosen.source) {
    problems.add({
      code: 'BandwidthInvalid',
      prop: 'expected',
      allowed: 'a positive number of GB/s and its source',
      got: chosen,
      fix: 'Name the figure and where it was read.',
    });
  }
  return chosen;
}

function imageOf(problems: Problems, { pool, image }: AcceptanceJobProps): string {
  const known: Partial<Record<string, string>> = pool.multiNodeScaleUp ? {} : ACCEPTANCE_IMAGES;
  const chosen = image ?? known[pool.acceleratorVendor];
  if (chosen) return chosen;
  problems.add({
    code: 'ImageMissing',
    prop: 'image',
    allowed: 'given for this hardware',
    got: image,
    fix: 'Build nccl-tests for it, e.g. for arm64, and name the image.',
  });
  return '';
}
