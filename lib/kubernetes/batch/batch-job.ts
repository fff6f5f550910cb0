import { Problems } from '../../core/errors';
import { quantitiesOf } from '../allocatable';
import { checkNames, type KubernetesManifest } from '../manifest';
import { onPools } from '../placement';
import { type AcceleratorPool, tolerationsOf } from '../pool';
import type { ModelSource } from '../serving/model-files';
import { MODEL_MOUNT, modelVolume } from '../serving/model-volume';
import { POD_SECURITY, SERVER_SECURITY } from '../serving/security';
import type { ModelServer } from '../serving/server';
import type { ServingEgress } from '../serving/serving-props';
import { REPLICA_SHARE } from '../serving/serving-pod';
import { diskGiB } from '../serving/startup';
import { WORK_SHARDS } from './batch-script';

/** A folder of object storage as a volume of a pod. */
export type ObjectFolder = Readonly<Record<string, unknown>>;

/** Properties for `batchInference`. */
export interface BatchInferenceObjectsProps {
  /** Name of all objects. */
  readonly name: string;
  readonly namespace: string;
  readonly pool: AcceleratorPool;
  /** vLLM: its batch command works on files of requests. */
  readonly server: ModelServer;
  readonly source: ModelSource;
  /** Size of the weights, which need a place on a disk. */
  readonly weightsGiB: number;
  /** Accelerators of one pod, on one node. */
  readonly acceleratorsPerReplica: number;
  /** Pods at work at once; each has a part of the shards. */
  readonly replicas: number;
  /** Where the shards are. It is only read. */
  readonly input: ObjectFolder;
  /** Where answers and markers go. */
  readonly results: ObjectFolder;
  /** Shards that one start of the model works on. */
  readonly shardsPerStart: number;
  /** Attempts at a pod's part, the first among them, where its program failed. What a node takes away is tried again in any case. */
  readonly attempts: number;
  /** Pods that may fail for good before the run is given up. */
  readonly toleratedFailures: number;
  readonly timeoutSeconds: number;
  /** When runs start, in words of cron and UTC. @default - when someone starts one */
  readonly schedule?: string;
  /** A queue of Kueue in the namespace that admits runs. @default - runs start at once */
  readonly queue?: string;
  /** Annotations of pods, by which a cloud mounts the folders. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** What pods must reach beside DNS and HTTPS. @default - nothing */
  readonly egress?: readonly ServingEgress[];
}

const DAY_SECONDS = 86_400;
/** Finished runs stay so long, for their logs and their exit. */
const KEPT_DAYS = 7;

/** The worker's scratch: requests and answers of one start. */
const WORK_GIB = 20;

/** Never by itself: the object is what runs are started from. */
const NEVER = '0 0 31 12 *';

/**
 * Batch inference as objects: who the pods are, whom they may reach, what they run, and the schedule that starts them. A run is a Job with
 * an index for each pod: what a pod had done before its node was taken away is done.
 *
 * @see https://kubernetes.io/docs/tasks/job/backoff-limit-per-index/
 */
export function batchInference(props: BatchInferenceObjectsProps): KubernetesManifest[] {
  const { name, namespace, schedule } = props;
  const problems = new Problems();
  checkNames(problems, { name, namespace });
  problems.throwIfAny();
  const metadata = { name, namespace, labels: labelsOf(name) };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: networkPolicy(props) },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [SCRIPT]: WORK_SHARDS } },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: {
        schedule: schedule ?? NEVER,
        timeZone: 'Etc/UTC',
        suspend: schedule === undefined,
        // Two runs at once would do the same shards.
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 7,
        failedJobsHistoryLimit: 7,
        jobTemplate: { metadata: { labels: runLabels(props) }, spec: jobSpec(props) },
      },
    },
  ];
}

/** One run, for `kubectl create -f`: what the schedule would start. */
export function batchRunJob(props: BatchInferenceObjectsProps, run: string): KubernetesManifest {
  const problems = new Problems();
  checkNames(problems, { run });
  problems.throwIfAny();
  const metadata = { name: run, namespace: props.namespace, labels: runLabels(props) };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: jobSpec(props) };
}

const SCRIPT = 'work-shards.sh';

function labelsOf(name: string): Record<string, string> {
  return { 'ai-infra/batch': name };
}

function runLabels({ name, queue }: BatchInferenceObjectsProps): Record<string, string> {
  return { ...labelsOf(name), ...(queue !== undefined && { 'kueue.x-k8s.io/queue-name': queue }) };
}

function jobSpec(props: BatchInferenceObjectsProps): Record<string, unknown> {
  const { replicas, attempts, toleratedFailures, timeoutSeconds } = props;
  return {
    completionMode: 'Indexed',
    completions: replicas,
    parallelism: replicas,
    backoffLimitPerIndex: attempts - 1,
    maxFailedIndexes: toleratedFailures,
    activeDeadlineSeconds: timeoutSeconds,
    ttlSecondsAfterFinished: KEPT_DAYS * DAY_SECONDS,
    // A node that is taken away, or drained, is no failure of the program.
    podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] },
    template: { metadata: podMetadata(props), spec: podSpec(props) },
  };
}

function podMetadata({ name, annotations }: BatchInferenceObjectsProps): Record<string, unknown> {
  return { labels: labelsOf(name), ...(annotations && { annotations }) };
}

function podSpec(props: BatchInferenceObjectsProps): Record<string, unknown> {
  const { name, pool, server, source, weightsGiB, nodeSelector, input, results } = props;
  const disk = diskGiB(weightsGiB);
  const { path, volume, fetcher } = modelVolume(source, { kind: 'pod' }, server.image, disk);
  const scratch = WORK_GIB + (fetcher ? disk : 0);
  return {
    restartPolicy: 'Never',
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: POD_SECURITY,
    ...(nodeSelector && { nodeSelector }),
    affinity: onPools([pool]),
    tolerations: tolerationsOf([pool]),
    ...(fetcher && { initContainers: [fetcher] }),
    containers: [
      {
        name: 'worker',
        image: server.image,
        command: ['sh', `/worker/${SCRIPT}`, ...commandOf(props, path)],
        env: [...environmentOf(props), ...server.env],
        securityContext: SERVER_SECURITY,
        resources: resourcesOf(props, scratch),
        volumeMounts: [
          { name: 'worker', mountPath: '/worker', readOnly: true },
          { name: 'input', mountPath: '/input', readOnly: true },
          { name: 'results', mountPath: '/results' },
          { name: 'work', mountPath: '/work' },
          { name: 'shared-memory', mountPath: '/dev/shm' },
          { name: 'temporary', mountPath: '/tmp' },
          MODEL_MOUNT,
        ],
      },
    ],
    volumes: [
      { name: 'worker', configMap: { name } },
      { name: 'input', ...input },
      { name: 'results', ...results },
      { name: 'work', emptyDir: { sizeLimit: `${WORK_GIB}Gi` } },
      { name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: '8Gi' } },
      { name: 'temporary', emptyDir: {} },
      volume,
    ],
  };
}

/** @see https://docs.vllm.ai/en/latest/cli/run-batch/ */
function commandOf({ name, server, acceleratorsPerReplica }: BatchInferenceObjectsProps, path: string): string[] {
  const named = server.args.includes('--served-model-name') ? [] : ['--served-model-name', name];
  const parallel = ['--tensor-parallel-size', String(acceleratorsPerReplica)];
  return ['vllm', 'run-batch', '--model', path, ...parallel, ...named, ...server.args];
}

function environmentOf({ replicas, shardsPerStart }: BatchInferenceObjectsProps): unknown[] {
  const given = {
    ...{ INPUT: '/input', RESULTS: '/results', WORK: '/work', HOME: '/tmp', USER: 'worker', LOGNAME: 'worker' },
    PARTITIONS: String(replicas),
    SHARDS_PER_START: String(shardsPerStart),
  };
  const index = "metadata.annotations['batch.kubernetes.io/job-completion-index']";
  return [
    ...Object.entries(given).map(([name, value]) => ({ name, value })),
    { name: 'INDEX', valueFrom: { fieldRef: { fieldPath: index } } },
  ];
}

function resourcesOf({ pool, acceleratorsPerReplica }: BatchInferenceObjectsProps, scratchGiB: number) {
  const share = (acceleratorsPerReplica / pool.acceleratorsPerNode) * REPLICA_SHARE;
  const { cpu, memory } = quantitiesOf(pool, 1, share);
  const accelerators = { [pool.acceleratorResource]: String(acceleratorsPerReplica) };
  const disk = { 'ephemeral-storage': `${scratchGiB}Gi` };
  return { requests: { cpu, memory, ...accelerators, ...disk }, limits: { memory, ...accelerators, ...disk } };
}

function networkPolicy({ name, egress = [] }: BatchInferenceObjectsProps): Record<string, unknown> {
  const tcp = (port: number) => ({ protocol: 'TCP', port });
  return {
    podSelector: { matchLabels: labelsOf(name) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [],
    egress: [
      { ports: [{ protocol: 'UDP', port: 53 }, tcp(53)] },
      { ports: [tcp(443)] },
      ...egress.map(({ cidr, port }) => ({ to: [{ ipBlock: { cidr } }], ports: [tcp(port)] })),
    ],
  };
}
