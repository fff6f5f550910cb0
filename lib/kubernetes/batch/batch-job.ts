import { ProblemCollector } from '../../core/errors';
import { quantitiesOf } from '../allocatable';
import { checkNames, type KubernetesManifest } from '../manifest';
import { onPools } from '../placement';
import { type AcceleratorPool, tolerationsOf } from '../pool';
import type { ModelSource } from '../serving/model-files';
import { MODEL_MOUNT, modelVolume } from '../serving/model-volume';
import { POD_SECURITY, SERVER_SECURITY, REPLICA_SHARE } from '../serving/serving-pod';
import type { ModelServer } from '../serving/server';
import type { ServingEgress } from '../serving/serving-props';
import { diskGiB } from '../serving/load-plan';

/** Volume of a pod that mounts a folder of object storage. */
export type ObjectFolder = Readonly<Record<string, unknown>>;

/** Properties for `batchInference`. */
export interface BatchInferenceObjectsProps {
  /** Name of all objects. */
  readonly name: string;
  /** Namespace of all objects. */
  readonly namespace: string;
  /** Accelerator pool that the pods run on. */
  readonly pool: AcceleratorPool;
  /** Model server. Must be vLLM, whose batch command processes files of requests. */
  readonly server: ModelServer;
  /** Location of the model. */
  readonly source: ModelSource;
  /** Size of the weights, which must fit on the disk. */
  readonly weightsGiB: number;
  /** Accelerators per pod, on one node. */
  readonly acceleratorsPerReplica: number;
  /** Number of pods that run in parallel. Each pod processes a part of the shards. */
  readonly replicas: number;
  /** Folder with the shards, mounted read-only. */
  readonly input: ObjectFolder;
  /** Folder for answers and markers. */
  readonly results: ObjectFolder;
  /** Number of shards that one start of the model processes. */
  readonly shardsPerTask: number;
  /** Number of attempts per pod, including the first one, if its program fails. A pod that loses its node is always retried. */
  readonly attempts: number;
  /** Number of pods that can fail permanently before the run fails. */
  readonly toleratedFailures: number;
  /** Time limit of a run. */
  readonly timeoutSeconds: number;
  /** Cron expression in UTC that starts runs. @default - runs are only started by hand */
  readonly schedule?: string;
  /** Kueue queue in the namespace that admits runs. @default - runs start immediately */
  readonly queue?: string;
  /** Annotations of the pods, which a cloud uses to mount the folders. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Labels that a node must have to run the pods. @default - none */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Addresses that pods must reach in addition to DNS and HTTPS. @default - none */
  readonly egress?: readonly ServingEgress[];
}

const DAY_SECONDS = 86_400;
/** Retention of finished runs, for their logs and their exit code. */
const RETENTION_DAYS = 7;

/** Scratch space of the worker: requests and answers of one start. */
const WORK_GIB = 20;

/** A suspended CronJob still needs a valid schedule. Runs are created from the object. */
const NEVER = '0 0 31 12 *';

/**
 * Creates the Kubernetes objects for batch inference: service account, network policy, script, and the CronJob that starts runs.
 *
 * A run is an indexed Job with one index per pod. Shards that a pod completed before it lost its node are not processed again.
 *
 * @see https://kubernetes.io/docs/tasks/job/backoff-limit-per-index/
 */
export function batchInference(props: BatchInferenceObjectsProps): KubernetesManifest[] {
  const { name, namespace, schedule } = props;
  const problems = new ProblemCollector();
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
        // Two concurrent runs would process the same shards. This only counts runs of the schedule. `oneRun` is for all runs.
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 7,
        failedJobsHistoryLimit: 7,
        jobTemplate: { metadata: { labels: runLabels(props) }, spec: jobSpec(props) },
      },
    },
  ];
}

/** Creates the Job of one run for `kubectl create -f`, the same as the schedule would start. */
export function batchRunJob(props: BatchInferenceObjectsProps, run: string): KubernetesManifest {
  const problems = new ProblemCollector();
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
    ttlSecondsAfterFinished: RETENTION_DAYS * DAY_SECONDS,
    // A reclaimed or drained node does not count as a failure of the program.
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
    affinity: { ...onPools([pool]), ...oneRun(name) },
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

/**
 * Keeps the pods of a run from starting while pods of another run are on any node. A CronJob only counts the runs of its schedule, so it
 * would start a run next to one that was created by hand. Every node has the label with the operating system.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#mismatchlabelkeys
 */
function oneRun(name: string): Record<string, unknown> {
  const term = {
    labelSelector: { matchLabels: labelsOf(name) },
    mismatchLabelKeys: ['batch.kubernetes.io/controller-uid'],
    topologyKey: 'kubernetes.io/os',
  };
  return { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
}

/** @see https://docs.vllm.ai/en/latest/cli/run-batch/ */
function commandOf({ name, server, acceleratorsPerReplica }: BatchInferenceObjectsProps, path: string): string[] {
  const named = server.args.includes('--served-model-name') ? [] : ['--served-model-name', name];
  const parallel = ['--tensor-parallel-size', String(acceleratorsPerReplica)];
  return ['vllm', 'run-batch', '--model', path, ...parallel, ...named, ...server.args];
}

function environmentOf({ replicas, shardsPerTask }: BatchInferenceObjectsProps): unknown[] {
  const given = {
    ...{ INPUT: '/input', RESULTS: '/results', WORK: '/work', HOME: '/tmp', USER: 'worker', LOGNAME: 'worker' },
    PARTITIONS: String(replicas),
    SHARDS_PER_START: String(shardsPerTask),
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

// Pods read this script from a file, because in a command the kubelet would expand `$(`. It never contains `${`, like the fetch scripts.

/**
 * Processes the shards of one pod: the files in `INPUT` whose name hashes to `INDEX` of `PARTITIONS`. Skips shards that have a marker in
 * `RESULTS`. Its arguments are a command that reads requests from `-i` and writes answers to `-o`, one per line, in the same order.
 *
 * The command processes `SHARDS_PER_START` shards at a time, because each start loads the model. If it fails, it is retried shard by shard,
 * so that only the invalid shard fails. A marker contains the size and the time of its shard, so a replaced shard is processed again.
 */
export const WORK_SHARDS = String.raw`set -eu
mkdir -p "$WORK" "$RESULTS/done" "$RESULTS/output"
rm -rf "$WORK"/*
cd "$INPUT"
find . -type f | sed 's|^\./||' | LC_ALL=C sort | LC_ALL=C awk -v n="$PARTITIONS" -v i="$INDEX" '
  BEGIN { for (c = 1; c < 256; c++) code[sprintf("%c", c)] = c }
  { h = 0; for (k = 1; k <= length($0); k++) h = (h * 65599 + code[substr($0, k, 1)]) % 2147483647; if (h % n == i) print }
' > "$WORK/mine"
: > "$WORK/todo"
while IFS= read -r name; do
  seen="$(stat -c %s.%Y "$name")"
  if [ -f "$RESULTS/done/$name" ] && [ "$(cat "$RESULTS/done/$name")" = "$seen" ]; then continue; fi
  echo "$seen $name" >> "$WORK/todo"
done < "$WORK/mine"

# Arguments: a list of shards, and the command.
work() {
  list="$1"
  shift
  : > "$WORK/requests"
  : > "$WORK/counts"
  while IFS=' ' read -r seen name; do
    grep '[^[:space:]]' "$name" > "$WORK/one" || [ $? -eq 1 ] || return 1
    cat "$WORK/one" >> "$WORK/requests" || return 1
    echo "$(wc -l < "$WORK/one") $seen $name" >> "$WORK/counts"
  done < "$list"
  : > "$WORK/answers"
  if [ -s "$WORK/requests" ]; then "$@" -i "$WORK/requests" -o "$WORK/answers" < /dev/null || return 1; fi
  if [ "$(wc -l < "$WORK/answers")" -ne "$(wc -l < "$WORK/requests")" ]; then
    echo "expected $(wc -l < "$WORK/requests") answers, got $(wc -l < "$WORK/answers")" >&2
    return 1
  fi
  from=1
  while IFS=' ' read -r count seen name; do
    mkdir -p "$(dirname "$RESULTS/output/$name")" "$(dirname "$RESULTS/done/$name")" || return 1
    tail -n +"$from" "$WORK/answers" | head -n "$count" > "$WORK/one"
    cp "$WORK/one" "$RESULTS/output/$name" || return 1
    printf %s "$seen" > "$RESULTS/done/$name" || return 1
    from=$((from + count))
  done < "$WORK/counts"
}

split -l "$SHARDS_PER_START" "$WORK/todo" "$WORK/group."
failed=0
for group in "$WORK"/group.*; do
  [ -f "$group" ] || continue
  if work "$group" "$@"; then continue; fi
  if [ "$(wc -l < "$group")" -eq 1 ]; then
    echo "failed: $(cut -d ' ' -f 2- "$group")" >&2
    failed=1
    continue
  fi
  split -l 1 "$group" "$WORK/single."
  for single in "$WORK"/single.*; do
    if ! work "$single" "$@"; then
      echo "failed: $(cut -d ' ' -f 2- "$single")" >&2
      failed=1
    fi
  done
  rm -f "$WORK"/single.*
done
exit "$failed"
`;
