import { isRunning, isTrue, type KubernetesObject } from '../objects';
import { assert, type Scenario, type ScenarioContext } from './scenario';

const ENDED = ['Failed', 'Succeeded'];
const INDEX = 'batch.kubernetes.io/job-completion-index';

/** A run has one pod for each index, retries the index that fails, replaces a reclaimed pod, and is complete. */
export const BATCH_RUN: Scenario = {
  title: 'completes every index of a batch run, retries a failed index, and replaces a reclaimed pod',
  run: async (context) => {
    const { cluster, batchRun } = context;
    const run = batchRun!('run-1');
    await cluster.submit(run);
    const { completions = 0 } = run.spec!;
    const [group] = cluster.acceleratorGroups;
    await cluster.waitUntil('the pods exist', async () => (await podsOf(context)).length === completions);
    await cluster.addNodes(group!, completions);
    const pods = await runningPods(context, completions);
    const [fails, reclaimed] = pods;
    assert(fails !== undefined && reclaimed !== undefined, 'the run has fewer than two pods');
    await cluster.exit([fails], 1);
    await retried(context, fails);
    await cluster.plane.client.evict(reclaimed);
    await retried(context, reclaimed);
    const job = await cluster.job('run-1');
    assert(!isTrue(job, 'Failed'), 'the run failed');
    await cluster.exit((await podsOf(context)).filter(isRunning));
    await cluster.waitUntil('the run is complete', async () => isTrue(await cluster.job('run-1'), 'Complete'));
    const done = await cluster.job('run-1');
    const completed = done?.status?.completedIndexes;
    assert(completed === indexes(completions), `the completed indexes are ${completed}`);
  },
};

/** A schedule does not start a second run while one is active. */
export const ONE_SCHEDULED_RUN: Scenario = {
  title: 'accepts the schedule of a batch run',
  run: async ({ cluster, software }) => {
    const schedule = software.manifests.find(({ kind }) => kind === 'CronJob');
    assert(schedule !== undefined, 'the app has no schedule');
    const { name, namespace } = schedule.metadata;
    const stored = await cluster.plane.client.get('batch/v1', 'CronJob', name, namespace);
    assert(stored?.spec.concurrencyPolicy === 'Forbid', 'two runs could process the same shards');
  },
};

async function podsOf({ cluster }: ScenarioContext): Promise<KubernetesObject[]> {
  const run = cluster.jobs.get('run-1')!;
  const pods = await cluster.plane.client.list(
    'v1',
    'Pod',
    run.metadata.namespace,
    'batch.kubernetes.io/job-name=run-1',
  );
  return pods.filter(({ metadata, status }) => !metadata.deletionTimestamp && !ENDED.includes(status?.phase ?? ''));
}

async function runningPods(context: ScenarioContext, count: number): Promise<KubernetesObject[]> {
  const pods = await context.cluster.waitUntil(`${count} pods run`, async () => {
    const running = (await podsOf(context)).filter(isRunning);
    return running.length === count && running;
  });
  context.cluster.transitions += count;
  return pods;
}

/** Waits for a new pod with the index of an ended one. The controller waits 10 seconds before it retries a failed index. */
async function retried(context: ScenarioContext, { metadata }: KubernetesObject): Promise<void> {
  const index = metadata.annotations?.[INDEX];
  const isNew = (pod: KubernetesObject) =>
    pod.metadata.annotations?.[INDEX] === index && pod.metadata.uid !== metadata.uid && isRunning(pod);
  await context.cluster.waitUntil(`index ${index} runs again`, async () => (await podsOf(context)).some(isNew));
  context.cluster.transitions += 1;
}

function indexes(count: number): string {
  return count === 1 ? '0' : `0-${count - 1}`;
}
