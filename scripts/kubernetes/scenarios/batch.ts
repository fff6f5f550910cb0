import { isRunning, isTrue, isUnschedulable, type KubernetesObject } from '../objects';
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
    await cluster.waitUntil('the pods wait for nodes', async () => {
      const waiting = (await podsOf(context, 'run-1')).filter(isUnschedulable);
      return waiting.length === completions;
    });
    await cluster.addNodes(group!, completions);
    const [fails, reclaimed] = await runningPods(context, 'run-1', completions);
    assert(fails !== undefined && reclaimed !== undefined, 'the run has fewer than two pods');
    await cluster.exit([fails], 1);
    await retried(context, fails);
    await cluster.plane.client.evict(reclaimed);
    await retried(context, reclaimed);
    const job = await cluster.job('run-1');
    assert(!isTrue(job, 'Failed'), 'the run failed');
    await cluster.exit((await podsOf(context, 'run-1')).filter(isRunning));
    await cluster.waitUntil('the run is complete', async () => isTrue(await cluster.job('run-1'), 'Complete'));
    const done = await cluster.job('run-1');
    const completed = done?.status?.completedIndexes;
    assert(completed === indexes(completions), `the completed indexes are ${completed}`);
  },
};

/** A run that is started by hand waits for another one, because both would process the same shards. */
export const ONE_RUN: Scenario = {
  title: 'lets a second batch run wait until the first one is complete',
  run: async (context) => {
    const { cluster, batchRun } = context;
    const [first, second] = [batchRun!('run-2'), batchRun!('run-3')];
    const { completions = 0 } = first.spec!;
    const [group] = cluster.acceleratorGroups;
    await cluster.addNodes(group!, completions);
    await cluster.submit(first);
    const pods = await runningPods(context, 'run-2', completions);
    await cluster.submit(second);
    await cluster.waitUntil('the second run waits', async () => {
      const waiting = (await podsOf(context, 'run-3')).filter(isUnschedulable);
      return waiting.length === completions;
    });
    await cluster.exit(pods);
    await runningPods(context, 'run-3', completions);
  },
};

async function podsOf({ cluster }: ScenarioContext, run: string): Promise<KubernetesObject[]> {
  const { namespace } = cluster.jobs.get(run)!.metadata;
  const pods = await cluster.plane.client.list('v1', 'Pod', namespace, `batch.kubernetes.io/job-name=${run}`);
  return pods.filter(({ metadata, status }) => !metadata.deletionTimestamp && !ENDED.includes(status?.phase ?? ''));
}

async function runningPods(context: ScenarioContext, run: string, count: number): Promise<KubernetesObject[]> {
  const pods = await context.cluster.waitUntil(`${count} pods of ${run} run`, async () => {
    const running = (await podsOf(context, run)).filter(isRunning);
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
  await context.cluster.waitUntil(`index ${index} runs again`, async () =>
    (await podsOf(context, 'run-1')).some(isNew),
  );
  context.cluster.transitions += 1;
}

function indexes(count: number): string {
  return count === 1 ? '0' : `0-${count - 1}`;
}
