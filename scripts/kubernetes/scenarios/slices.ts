import { nodeNameOf } from '../objects';
import { assert, podsIn, type Scenario, type ScenarioContext } from './scenario';
import { jobOf } from './training';

const SLICE_LABEL = 'cloud.google.com/gke-nodepool';

/** Runs a job over some slices. @returns the node pool of each pod, by part of the job */
async function placed(context: ScenarioContext, name: string, slices: number): Promise<Map<string, Set<string>>> {
  const { cluster } = context;
  const job = jobOf(context, { name, slices });
  await cluster.submit(job);
  const pods = await cluster.running(name, podsIn(job));
  const nodes = await cluster.plane.client.list('v1', 'Node');
  const pools = new Map<string, Set<string>>();
  for (const pod of pods) {
    const part = pod.metadata.labels!['jobset.sigs.k8s.io/job-index']!;
    const { labels = {} } = nodes.find(({ metadata }) => metadata.name === nodeNameOf(pod))!.metadata;
    pools.set(part, (pools.get(part) ?? new Set()).add(labels[SLICE_LABEL]!));
  }
  await cluster.finish(name);
  return pools;
}

/** A job over one slice of several uses the nodes of one slice. */
export const ONE_SLICE: Scenario = {
  title: 'keeps a job over one slice on the nodes of one slice',
  run: async (context) => {
    for (const attempt of [1, 2]) {
      const [[, pools]] = [...(await placed(context, `single-${attempt}`, 1))] as [[string, Set<string>]];
      assert(pools.size === 1, `a job over one slice runs on ${[...pools].join(' and ')}`);
    }
  },
};

/** Each part of a job over all slices has its own slice. */
export const ALL_SLICES: Scenario = {
  title: 'gives each part of a job over all slices its own slice',
  run: async (context) => {
    const parts = [...(await placed(context, 'every', 2)).values()];
    assert(
      parts.every((pools) => pools.size === 1),
      'a part runs on several slices',
    );
    assert(new Set(parts.flatMap((pools) => [...pools])).size === parts.length, 'two parts share a slice');
  },
};
