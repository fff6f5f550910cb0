import { ProblemCollector } from '../core/errors';
import { CHECK, LAUNCH, NCCL, ncclWithProfile, NCCOM, SERVE, withPort } from './acceptance-scripts';
import { computeDomain } from './compute-domain';
import { checkNames, type EnvVar, type KubernetesManifest } from './manifest';
import { NODE_CONTAINER, nodePod } from './node-pod';
import { type AcceleratorPool, checkPool, tolerationsOf } from './pool';
import { ranksOf } from './restarts';
import { checkJobName, trainJob } from './train-job';
import { ALL_REDUCE, type AllReduceRow } from '../core/catalog/all-reduce';
import { onPools } from './placement';

/** Properties for `acceptanceJob`. */
export interface AcceptanceJobProps {
  /** Name of the job. A DNS label of at most 40 characters. @default - the name of the pool with the suffix `-acceptance` */
  readonly name?: string;
  /** Namespace of the queue. */
  readonly namespace: string;
  /** Name of the training queue that admits the job. */
  readonly queue: string;
  /** Accelerator pool to test. */
  readonly pool: AcceleratorPool;
  /** Number of nodes in the test, at least 2. @default - all nodes of the pool */
  readonly nodes?: number;
  /** Minimum bandwidth to pass. @default - derived by `expectedAllReduce` */
  readonly expected?: ExpectedBandwidth;
  /** Container image with nccl-tests in `/opt/nccl-tests`, or nccom-test, an SSH server and awk. @default - see `ACCEPTANCE_IMAGES` */
  readonly image?: string;
  /** Environment variables for the fabric, for example `FI_PROVIDER=efa`. @default - none */
  readonly env?: readonly EnvVar[];
  /** Processes per accelerator. @default - 1 for a GPU; required for other accelerators */
  readonly ranksPerAccelerator?: number;
}

/**
 * Public container images for x86 machines, by accelerator vendor. The NVIDIA image supports A100, A10G, L4, L40S, H100, H200, B200
 * and B300. It does not support T4 and RTX PRO. CUDA 13 requires driver 580 or later.
 *
 * @see https://github.com/awslabs/awsome-distributed-ai/blob/main/micro-benchmarks/nccl-tests/nccl-tests.Dockerfile
 * @see https://github.com/aws-neuron/deep-learning-containers
 */
export const ACCEPTANCE_IMAGES = {
  NVIDIA: 'public.ecr.aws/hpc-cloud/nccl-tests:cuda13.0.2-efa1.48.0-ofiv1.19.0-ncclv2.30.4-1-testsv2.18.3',
  AWS: 'public.ecr.aws/neuron/pytorch-training-neuronx:2.9.0-neuronx-py312-sdk2.30.0-ubuntu24.04',
} as const;

// A collective needs few host cores and little host memory. The rest leaves quota for the launcher.
const NODE_SHARE = 0.5;

/**
 * Creates the job that tests a fabric. It runs an all-reduce over whole nodes and prints the measured and the expected bandwidth. It
 * fails if the measured bandwidth is lower.
 *
 * The Trainer creates a new SSH key for each run. A launcher pod connects to the nodes and starts the collective when all are ready. In
 * an NVLink domain that spans several nodes the job measures NVLink, unless `env` has `NCCL_MNNVL_ENABLE=0`.
 */
export function acceptanceJob(props: AcceptanceJobProps): KubernetesManifest[] {
  const { pool, namespace, queue, name = `${pool.name}-acceptance`, nodes = pool.nodes, env = [] } = props;
  const problems = new ProblemCollector();
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
  const collective = profile === undefined ? { 'collective.sh': neuron ? NCCOM : NCCL } : ncclWithProfile(profile);
  const port = sshPort(pool);
  const scripts = withPort({ 'check.sh': CHECK, 'serve.sh': SERVE, 'launch.sh': LAUNCH, ...collective }, port);
  const nodeTemplate = nodePod({
    pool,
    image,
    env,
    computeDomain: domain,
    container: serverContainer(port),
    volumes: [scriptsVolume(name)],
    share: NODE_SHARE,
  });
  return [
    ...(domain ? [computeDomain({ name: domain, namespace, nodes })] : []),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: scripts },
    runtime(name, namespace, ranksPerNode, [
      // In a JobSet, a job can only depend on one that precedes it.
      replicatedJob(NODE_CONTAINER, nodeTemplate),
      replicatedJob('launcher', launcherPod({ name, pool, image, env, expected, nodes, ranksPerNode }), [
        { name: NODE_CONTAINER, status: 'Ready' },
      ]),
    ]),
    trainJob({
      ...props,
      name,
      nodes,
      runtime: name,
      runtimeKind: 'TrainingRuntime',
      image: undefined,
      env: undefined,
    }),
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

function checkNodes(problems: ProblemCollector, pool: AcceleratorPool, nodes: number): void {
  if (Number.isSafeInteger(nodes) && nodes >= 2 && nodes <= pool.nodes) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'nodes',
    allowed: `a whole number from 2 to ${pool.nodes}, the number of nodes in the pool`,
    got: nodes,
    fix: 'Use two or more nodes, because a single node does not use its fabric, or leave out the job.',
  });
}

function expectedOf(
  problems: ProblemCollector,
  { pool, expected }: AcceptanceJobProps,
  nodes: number,
): ExpectedBandwidth {
  const chosen = expected ?? expectedAllReduce(pool, nodes);
  if (!chosen) {
    problems.add({
      code: 'FabricMissing',
      prop: 'pool.fabric',
      allowed: 'set, unless `expected` is set',
      got: pool.fabric,
      fix: 'Leave out the job, or set the bandwidth of the network in `expected`.',
    });
    return { GBps: 0, basis: 'derived', source: '' };
  }
  if (!Number.isFinite(chosen.GBps) || chosen.GBps <= 0 || !chosen.source) {
    problems.add({
      code: 'BandwidthInvalid',
      prop: 'expected',
      allowed: 'a positive number of GB/s with its source',
      got: chosen,
      fix: 'Set `GBps` and `source`.',
    });
  }
  return chosen;
}

function imageOf(problems: ProblemCollector, { pool, image }: AcceptanceJobProps): string {
  const known: Partial<Record<string, string>> = pool.multiNodeScaleUp ? {} : ACCEPTANCE_IMAGES;
  const chosen = image ?? known[pool.acceleratorVendor];
  if (chosen) return chosen;
  problems.add({
    code: 'ImageMissing',
    prop: 'image',
    allowed: 'set for this hardware',
    got: image,
    fix: 'Build an image with nccl-tests for this hardware, for example for arm64, and set it here.',
  });
  return '';
}

/** Minimum all-reduce bandwidth of a healthy fabric. */
export interface ExpectedBandwidth {
  /** Bus bandwidth in GB/s, as nccl-tests defines it. */
  readonly GBps: number;
  /** Whether the value was published for this machine, or derived from the line rate. */
  readonly basis: 'published' | 'derived';
  /** Source of the value, printed with the result. */
  readonly source: string;
}

/** Returns the condition for a fabric to pass, for an output. */
export function passCriterion({ GBps, basis, source }: ExpectedBandwidth): string {
  return `all-reduce at ${GBps} GB/s bus bandwidth or more (${basis}: ${source})`;
}

/**
 * Share of the line rate, or of a single published run, that a healthy fabric must reach. This library uses the share that NVIDIA/aicr
 * uses as its threshold for H100 on EKS (300 of 400 GB/s).
 */
export const ACCEPTED_SHARE = 0.75;

const BITS_PER_BYTE = 8;

/**
 * Returns the expected bandwidth of an all-reduce over the nodes of a pool, or undefined if the pool has no fabric. A published run is only
 * valid for its number of nodes, because two nodes exchange less data than many nodes for the same result.
 *
 * @see https://github.com/NVIDIA/nccl-tests/blob/master/doc/PERFORMANCE.md
 */
export function expectedAllReduce(pool: AcceleratorPool, nodes = pool.nodes): ExpectedBandwidth | undefined {
  const { machine = '', fabric } = pool;
  if (!fabric) return undefined;
  const row: AllReduceRow | undefined = Object.hasOwn(ALL_REDUCE, machine)
    ? ALL_REDUCE[machine as keyof typeof ALL_REDUCE]
    : undefined;
  if (row?.kind === 'threshold') return { GBps: row.GBps, basis: 'published', source: row.source };
  const percent = `${ACCEPTED_SHARE * 100}%`;
  if (row?.nodes === nodes) {
    const source = `${percent} of the ${row.GBps} GB/s of ${row.source}`;
    return { GBps: rounded(row.GBps * ACCEPTED_SHARE), basis: 'published', source };
  }
  const source = `${percent} of the line rate of ${fabric.bandwidthGbps} Gbps per node`;
  return { GBps: rounded((fabric.bandwidthGbps / BITS_PER_BYTE) * ACCEPTED_SHARE), basis: 'derived', source };
}

function rounded(GBps: number): number {
  return Math.round(GBps * 10) / 10;
}

const [SSH_PORT, SSH_PORT_ON_HOST] = [22, 2222];
const TIME_LIMIT_SECONDS = 1800;
const LAUNCHER = { cpu: '1', memory: '2Gi' };
/**
 * Annotation of a pod on a pool with topology levels that can run on any node. Without a topology request, Kueue rejects the flavor of the
 * pool if the queue also has flavors without levels.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/topology_aware_scheduling/
 */
const ANYWHERE = { 'kueue.x-k8s.io/podset-unconstrained-topology': 'true' };
const SCRIPTS = { name: 'scripts', mountPath: '/acceptance', readOnly: true };

/** The port of the SSH server. On the network of the host, port 22 belongs to the host. */
function sshPort({ fabric }: AcceleratorPool): number {
  return fabric?.pod?.hostNetwork === true ? SSH_PORT_ON_HOST : SSH_PORT;
}

/** Returns the container of a node in an acceptance job: an SSH server that is ready when it listens. */
export function serverContainer(port = SSH_PORT) {
  return {
    command: ['sh', '/acceptance/serve.sh'],
    readinessProbe: { tcpSocket: { port }, periodSeconds: 5 },
    volumeMounts: [SCRIPTS],
  };
}

/** Returns the volume with the scripts of an acceptance job. */
export function scriptsVolume(name: string): unknown {
  return { name: SCRIPTS.name, configMap: { name } };
}

/** Properties for `launcherPod`. */
export interface LauncherProps {
  readonly name: string;
  readonly pool: AcceleratorPool;
  readonly image: string;
  readonly env: readonly EnvVar[];
  readonly expected: ExpectedBandwidth;
  readonly nodes: number;
  readonly ranksPerNode: number;
}

/**
 * Returns the pod that starts the collective. It runs on a node of the pool, because that node already has the image. It uses the resources
 * that the pod of the node leaves free.
 */
export function launcherPod(props: LauncherProps): unknown {
  const { name, pool, image, env, expected, nodes, ranksPerNode } = props;
  const settings = {
    EXPECTED_GBPS: expected.GBps,
    EXPECTED_BASIS: expected.basis,
    EXPECTED_SOURCE: expected.source,
    RANKS: ranksPerNode * nodes,
    RANKS_PER_NODE: ranksPerNode,
    PASSED_ENV: env.map((variable) => variable.name).join(' '),
    TIME_LIMIT_SECONDS,
  };
  return {
    ...(pool.topologyLevels && { metadata: { annotations: ANYWHERE } }),
    spec: {
      restartPolicy: 'Never',
      affinity: onPools([pool]),
      tolerations: tolerationsOf([pool]),
      containers: [
        {
          name: NODE_CONTAINER,
          image,
          command: ['sh', '/acceptance/launch.sh'],
          env: [
            ...env,
            ...Object.entries(settings).map(([key, value]) => ({ name: key, value: String(value) })),
            { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          ],
          resources: { requests: LAUNCHER, limits: { memory: LAUNCHER.memory } },
          volumeMounts: [SCRIPTS],
        },
      ],
      volumes: [scriptsVolume(name)],
    },
  };
}
