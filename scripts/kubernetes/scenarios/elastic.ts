import { TRAINING } from '../flavor-cluster';
import type { NodeGroup } from '../nodes/node-group';
import { isUnschedulable, type KubernetesObject, nodeNameOf } from '../objects';
import { assert, type Scenario, type ScenarioContext, standingGroups } from './scenario';
import { jobOf } from './training';

/** Returns the groups that have no nodes at first, in the order of the template. */
function elasticGroups({ cluster }: ScenarioContext): NodeGroup[] {
  return cluster.acceleratorGroups.filter(({ nodes, maxNodes }) => nodes === 0 && maxNodes > 0);
}

/** A job for a group without nodes is admitted, and its pods ask the autoscaler for nodes. The last group serves as the fallback. */
export const SCALE_FROM_ZERO: Scenario = {
  title:
    'admits a job for a group without nodes, and runs it when the autoscaler adds nodes of the group or of its fallback',
  run: async (context) => {
    const { cluster } = context;
    for (const group of elasticGroups(context)) {
      const name = `on-${group.labels['ai-infra/pool']}-${elasticGroups(context).indexOf(group)}`;
      await cluster.submit(jobOf(context, { name, nodes: 2, group: group.labels['ai-infra/pool'] }));
      await cluster.waitUntil(
        'its pods wait for nodes',
        async () => (await pending(context, name)).length === 2,
        30,
        name,
      );
      const nodes = await cluster.addNodes(group, 2);
      const pods = await cluster.running(name, 2);
      assert(
        pods.every((pod) => nodes.includes(nodeNameOf(pod))),
        'a pod is on another node',
      );
      await cluster.finish(name);
      for (const node of nodes) await cluster.loseNode(node);
    }
  },
};

/** A job without nodes does not stop the jobs of other groups. */
export const NOT_BLOCKED: Scenario = {
  title: 'runs a job on a group with a fixed size while another one waits for elastic nodes',
  run: async (context) => {
    const { cluster } = context;
    const [elastic] = elasticGroups(context);
    const [standing] = standingGroups(context);
    const pool = (group: NodeGroup | undefined) => group!.labels['ai-infra/pool'];
    await cluster.submit(jobOf(context, { name: 'waits', nodes: 1, group: pool(elastic) }));
    await cluster.waitUntil(
      'its pod waits for a node',
      async () => (await pending(context, 'waits')).length === 1,
      30,
      'waits',
    );
    await cluster.submit(jobOf(context, { name: 'fixed', nodes: 2, group: pool(standing) }));
    await cluster.running('fixed', 2, 15);
    await cluster.finish('fixed');
    await cluster.removeJob('waits');
  },
};

const REQUEST = ['autoscaling.x-k8s.io/v1', 'ProvisioningRequest'] as const;

/** A job for queued capacity waits until the autoscaler provisions all of its nodes together. */
export const QUEUED_PROVISIONING: Scenario = {
  title: 'requests all nodes of a job together, and starts it when they are provisioned',
  run: async (context) => {
    const { cluster } = context;
    const { client } = cluster.plane;
    const [group] = elasticGroups(context);
    assert(group !== undefined, 'no group scales from zero');
    await cluster.submit(jobOf(context, { name: 'queued', nodes: 2, group: group.labels['ai-infra/pool'] }));
    const request = await cluster.waitUntil(
      'Kueue requests nodes',
      async () => (await client.list(...REQUEST, TRAINING))[0],
      30,
      'queued',
    );
    const { provisioningClassName, podSets = [] } = request.spec;
    assert(provisioningClassName === 'queued-provisioning.gke.io', `the class is ${provisioningClassName}`);
    assert(podSets.reduce((sum, { count }) => sum + count, 0) === 2, 'the request is not for two pods');
    assert((await cluster.podsOf('queued')).length === 0, 'the job has pods before its nodes');
    const nodes = await cluster.addNodes(group, 2);
    await client.patch(
      request,
      { status: { conditions: [conditionOf('Accepted'), conditionOf('Provisioned')] } },
      'status',
    );
    const pods = await cluster.running('queued', 2);
    const consumed = pods.map(
      ({ metadata }) => metadata.annotations?.['autoscaling.x-k8s.io/consume-provisioning-request'],
    );
    assert(
      consumed.every((name) => name === request.metadata.name),
      'the pods do not name their request',
    );
    await cluster.finish('queued');
    for (const node of nodes) await cluster.loseNode(node);
  },
};

function conditionOf(type: string): object {
  return { type, status: 'True', reason: type, message: 'done', lastTransitionTime: new Date().toISOString() };
}

/** Returns the pods of a job that the scheduler cannot place. */
async function pending({ cluster }: ScenarioContext, job: string): Promise<KubernetesObject[]> {
  return (await cluster.podsOf(job)).filter(isUnschedulable);
}
