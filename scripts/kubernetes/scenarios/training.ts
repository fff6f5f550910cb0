import { TRAINING } from '../flavor-cluster';
import { describePod, isRunning, type KubernetesObject, type Manifest, nodeNameOf } from '../objects';
import { assert, COMMAND, podsIn, type Scenario, type ScenarioContext, poolSize, standingGroups } from './scenario';

/** All objects are valid, and a second `kubectl apply` changes nothing. */
export const ACCEPTED: Scenario = {
  title: 'accepts every object without a warning, twice',
  run: async ({ cluster, software }) => {
    await cluster.accept(software.manifests);
    await cluster.accept(software.manifests);
  },
};

/** The objects of the app after a change of its code are valid, too. Kueue rejects changes of some fields. */
export const CHANGED: Scenario = {
  title: 'accepts the objects after the nodes of a group changed to spot capacity',
  run: async ({ cluster, changed }) => {
    await cluster.accept(changed!().manifests);
  },
};

/** Each node is found by a worker of node feature discovery, which tolerates its taints. Without it, the operators install no driver. */
export const DISCOVERED: Scenario = {
  title: 'has node feature discovery that tolerates the taints of every group',
  run: async ({ cluster, software }) => {
    const text = JSON.stringify(software.releases.map(({ values }) => workersIn(values)));
    for (const { name, taints } of cluster.acceleratorGroups) {
      for (const { key } of taints) assert(text.includes(`"key":"${key}"`), `no worker tolerates ${key} of ${name}`);
    }
    return Promise.resolve();
  },
};

/** Returns the settings of the workers of node feature discovery in the values of a chart. */
function workersIn(values: unknown): unknown[] {
  if (typeof values !== 'object' || values === null) return [];
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) =>
    key === 'worker' ? [value] : workersIn(value),
  );
}

/** The pods of controllers and of node agents find nodes with enough room. */
export const CONTROLLERS_FIT: Scenario = {
  title: 'runs the pods of controllers and node agents',
  run: async ({ cluster, software }) => {
    const own = software.manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
    const list = async () => {
      const pods = await cluster.plane.client.list('v1', 'Pod');
      return pods.filter(({ metadata }) => !own.includes(metadata.namespace!));
    };
    const allRun = async () => {
      const pods = await list();
      return pods.length > 0 && pods.every(isRunning);
    };
    try {
      await cluster.waitUntil('all pods of controllers and agents run', allRun);
    } catch (error) {
      const waiting = (await list()).filter((pod) => !isRunning(pod)).map(describePod);
      throw new Error([(error as Error).message, ...waiting].join('\n'));
    }
  },
};

/** The acceptance job of each group is admitted, its launcher starts after its nodes, and it is complete with its launcher. */
export const ACCEPTANCE: Scenario = {
  title: 'admits the acceptance job, starts its launcher last, and completes it',
  run: async (context) => {
    const { cluster, software } = context;
    const jobs = Object.values(software.acceptance);
    assert(jobs.length > 0, 'the app wrote no acceptance job');
    for (const manifests of jobs) await runAcceptance(context, manifests);
    assert(cluster.jobs.size > 0, 'no group could run its acceptance job');
  },
};

async function runAcceptance({ cluster }: ScenarioContext, manifests: readonly Manifest[]): Promise<void> {
  const job = manifests.find(({ kind }) => kind === 'TrainJob')!;
  const { name } = job.metadata;
  const group = cluster.acceleratorGroups.find(({ labels }) => name === `${labels['ai-infra/pool']}-acceptance`)!;
  // Another scenario provisions the nodes of queued capacity.
  if (group.taints.some(({ key }) => key === QUEUED)) return;
  await cluster.accept(manifests);
  cluster.jobs.set(name, job);
  const count = podsIn(job);
  const added = group.nodes === 0 ? await cluster.addNodes(group, count) : [];
  const pods = await cluster.running(name, count + 1);
  const launcher = pods.find(({ metadata }) => roleOf(metadata) === 'launcher');
  assert(launcher !== undefined, 'the acceptance job has no launcher');
  const nodes = pods.filter((pod) => pod !== launcher);
  assertOneNodeEach(nodes);
  const last = Math.max(...nodes.map(createdAt));
  assert(createdAt(launcher) > last, 'the launcher started before the pods that it connects to were ready');
  await cluster.exit([launcher]);
  await cluster.completed(name);
  for (const node of added) await cluster.loseNode(node);
}

const QUEUED = 'cloud.google.com/gke-queued';

/** A job over quota waits, and starts when another job ends. Jobs of two nodes run on close nodes. */
export const QUEUE: Scenario = {
  title: 'runs jobs on close nodes, queues one over quota with the reason, and starts it when another job ends',
  run: async (context) => {
    const { cluster } = context;
    const left = poolSize(context) - 2;
    await cluster.submit(jobOf(context, { name: 'small', nodes: left - 1 }));
    await cluster.running('small', left - 1);
    await cluster.submit(jobOf(context, { name: 'pair', nodes: 2 }));
    await assertClose(context, await cluster.running('pair', 2));
    await cluster.submit(jobOf(context, { name: 'next', nodes: 2 }));
    await cluster.waiting('next', /insufficient unused quota|couldn't assign flavors|doesn't allow to fit/i);
    assert((await cluster.podsOf('next')).length === 0, 'a job over quota has pods');
    await cluster.finish('pair');
    const next = await cluster.running('next', 2);
    assertOneNodeEach(next);
    await Promise.all([cluster.finish('small'), cluster.finish('next')]);
  },
};

/** Throws if the nodes of pods do not share the innermost switch, in a group whose nodes know their place. */
async function assertClose(context: ScenarioContext, pods: readonly KubernetesObject[]): Promise<void> {
  const [group] = standingGroups(context);
  const innermost = Object.keys(group?.place?.(0) ?? {})
    .filter((label) => !label.endsWith('host'))
    .at(-1);
  if (innermost === undefined) return;
  const nodes = await context.cluster.plane.client.list('v1', 'Node');
  const labels = pods.map((pod) => nodes.find(({ metadata }) => metadata.name === nodeNameOf(pod))?.metadata.labels);
  const switches = new Set(labels.map((all) => all?.[innermost]));
  assert(switches.size === 1, `the nodes of a job have different switches: ${[...switches].join(', ')}`);
}

/** A job that never fits stays in the queue with a reason, and blocks no other job. */
export const TOO_LARGE: Scenario = {
  title: 'keeps a job that never fits in the queue, with the reason',
  run: async (context) => {
    const { cluster } = context;
    const { spec, ...job } = jobOf(context, { name: 'large', nodes: 1 });
    // The constructs refuse such a job, so its number of nodes is changed in the manifest.
    await cluster.submit({ ...job, spec: { ...spec, trainer: { ...spec?.trainer, numNodes: 1000 } } });
    await cluster.waiting('large', /insufficient quota|maximum capacity/i);
    assert((await cluster.podsOf('large')).length === 0, 'a job that does not fit has pods');
    await cluster.removeJob('large');
  },
};

/** A job over all nodes, with one pod on each, starts again on a new node when it loses one. It does not count as a restart. */
export const LOST_NODE: Scenario = {
  title: 'runs a job on all nodes, and starts it again when a node is lost, without counting a restart',
  run: async (context) => {
    const { cluster } = context;
    const all = poolSize(context);
    await cluster.submit(jobOf(context, { name: 'lost', nodes: all }));
    const pods = await cluster.running('lost', all);
    assertOneNodeEach(pods);
    await assertOnGroups(context, pods);
    const lost = pods[0]!;
    const node = await cluster.loseNode(nodeNameOf(lost));
    await cluster.addNodes(groupOfNode(context, node), 1);
    const before = new Set(pods.map(({ metadata }) => metadata.uid));
    const again = await cluster.waitUntil(
      'all pods run again',
      async () => {
        const running = (await cluster.podsOf('lost')).filter(({ metadata }) => !before.has(metadata.uid));
        return running.length === all && running.every(isRunning) && running;
      },
      undefined,
      'lost',
    );
    assert(!again.map(nodeNameOf).includes(node), 'a pod is on the lost node');
    const jobSet = await cluster.plane.client.get('jobset.x-k8s.io/v1alpha2', 'JobSet', 'lost', TRAINING);
    const counted = jobSet?.status?.restartsCountTowardsMax ?? 0;
    assert(counted === 0, `the loss of a node counts as ${counted} restarts`);
    await cluster.finish('lost');
  },
};

/** A job whose program fails starts again, more than five times, because surviving ranks often fail before a lost node is noticed. */
export const RESTARTS: Scenario = {
  title: 'starts a job again whose program fails, more than five times',
  run: async (context) => {
    const { cluster } = context;
    await cluster.submit(jobOf(context, { name: 'fails', nodes: 2 }));
    const seen = new Set<string>();
    for (let attempt = 0; attempt <= 5; attempt++) {
      const pods = await cluster.waitUntil(
        `attempt ${attempt + 1} runs`,
        async () => {
          const fresh = (await cluster.podsOf('fails')).filter(({ metadata }) => !seen.has(metadata.uid));
          return fresh.length === 2 && fresh.every(isRunning) && fresh;
        },
        undefined,
        'fails',
      );
      pods.forEach(({ metadata }) => seen.add(metadata.uid));
      if (attempt < 5) await cluster.exit([pods[0]!], 1);
    }
    await cluster.finish('fails');
  },
};

/** An urgent job takes the nodes of a spare job, which runs again later. */
export const PRIORITY: Scenario = {
  title: 'interrupts a spare job for an urgent one, and runs it again later',
  run: async (context) => {
    const { cluster } = context;
    const all = poolSize(context);
    await cluster.submit(jobOf(context, { name: 'spare', nodes: all, priority: 'spare' }));
    await cluster.running('spare', all);
    await cluster.submit(jobOf(context, { name: 'urgent', nodes: all, priority: 'urgent' }));
    await cluster.running('urgent', all);
    assert((await cluster.podsOf('spare')).length === 0, 'the spare job still has pods');
    await cluster.finish('urgent');
    await cluster.running('spare', all);
    await cluster.finish('spare');
  },
};

/** A small job that fits overtakes a larger one that was submitted before, as docs/training-jobs.md says. */
export const ORDER: Scenario = {
  title: 'lets a small job that fits overtake a large one, which starts when all its nodes are free',
  run: async (context) => {
    const { cluster } = context;
    const all = poolSize(context);
    await cluster.submit(jobOf(context, { name: 'early', nodes: 1 }));
    await cluster.running('early', 1);
    await cluster.submit(jobOf(context, { name: 'wide', nodes: all }));
    await cluster.waiting('wide', /insufficient unused quota|doesn't allow to fit/i);
    await cluster.submit(jobOf(context, { name: 'late', nodes: 1 }));
    await cluster.running('late', 1);
    await Promise.all([cluster.finish('early'), cluster.finish('late')]);
    await cluster.running('wide', all);
    await cluster.finish('wide');
  },
};

/** Returns a job of the construct. */
export function jobOf(
  { trainJob }: ScenarioContext,
  options: Readonly<Record<string, unknown>> & { readonly name: string },
): Manifest {
  // The type of the priority is an enumeration with these strings.
  return trainJob!({ command: COMMAND, ...options });
}

/** Throws if two pods share a node. */
export function assertOneNodeEach(pods: readonly KubernetesObject[]): void {
  const nodes = new Set(pods.map(nodeNameOf));
  assert(nodes.size === pods.length, `${pods.length} pods share ${nodes.size} nodes`);
}

async function assertOnGroups({ cluster }: ScenarioContext, pods: readonly KubernetesObject[]): Promise<void> {
  const nodes = await cluster.plane.client.list('v1', 'Node');
  for (const { spec, metadata } of pods) {
    const node = nodes.find((one) => one.metadata.name === spec.nodeName);
    assert(node?.metadata.labels?.['ai-infra/pool'] !== undefined, `${metadata.name} is not on a node of the pool`);
  }
}

function groupOfNode(context: ScenarioContext, node: string) {
  return standingGroups(context).find(({ name }) => node.startsWith(`${name.toLowerCase()}-`))!;
}

function roleOf({ labels }: KubernetesObject['metadata']): string | undefined {
  return labels?.['jobset.sigs.k8s.io/replicatedjob-name'];
}

function createdAt({ metadata }: KubernetesObject): number {
  return Date.parse(metadata.creationTimestamp);
}
