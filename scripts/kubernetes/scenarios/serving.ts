import { conditionsOf, isRunning, type KubernetesObject, type Manifest } from '../objects';
import { assert, type Scenario, type ScenarioContext } from './scenario';

const WORKLOADS = ['Deployment', 'LeaderWorkerSet'];

/** The server of a model becomes ready on accelerator nodes, and its service has its address. */
export const SERVES: Scenario = {
  title: 'makes the replicas of the model ready, behind the service of the model',
  run: async (context) => {
    for (const workload of workloadsOf(context)) {
      const pods = await readyPods(context, workload, 1);
      await assertServed(context, workload, pods);
    }
  },
};

/** An autoscaler adds replicas, and the nodes that they need join. */
export const SCALES_OUT: Scenario = {
  title: 'runs as many replicas as the autoscaler asks for, when their nodes join',
  run: async (context) => {
    const { cluster } = context;
    for (const workload of workloadsOf(context)) {
      await cluster.plane.client.patch(workload, { spec: { replicas: 2 } });
      cluster.transitions += 1;
      await readyPods(context, workload, 2);
    }
  },
};

/** All pods of a replica on several nodes find its leader before it is ready. */
export const FINDS_LEADER: Scenario = {
  title: 'gives the pods of a replica the address of its leader before it is ready',
  run: async (context) => {
    const { cluster } = context;
    const groups = workloadsOf(context).filter(({ kind }) => kind === 'LeaderWorkerSet');
    assert(groups.length > 0, 'the app has no replica on several nodes');
    for (const { metadata } of groups) {
      const pods = await podsOf(context, metadata.name, metadata.namespace!);
      assert(pods.length > 0, 'the replica has no pods');
      for (const { spec } of pods) {
        const env = (spec.containers ?? []).flatMap((container) => container.env ?? []);
        const address = env.find(({ name }) => name === 'LWS_LEADER_ADDRESS')?.value ?? '';
        const [host, subdomain = ''] = address.split('.');
        const leader = pods.find((pod) => pod.metadata.name === host);
        assert(leader?.spec.subdomain === subdomain, `${address} is not the subdomain of a pod`);
        const service = await cluster.plane.client.get('v1', 'Service', subdomain, metadata.namespace);
        assert(service !== undefined, `there is no service ${subdomain}, so ${address} has no record`);
        assert(
          service.spec.clusterIP === 'None',
          `the service ${subdomain} is not headless, so ${address} has no record`,
        );
        assert(service.spec.publishNotReadyAddresses === true, `${address} has no record until its pod is ready`);
      }
    }
  },
};

function workloadsOf({ software }: ScenarioContext): Manifest[] {
  return software.manifests.filter(({ kind }) => WORKLOADS.includes(kind));
}

/** Adds nodes until all pods of the replicas run, as an autoscaler does. */
async function readyPods(context: ScenarioContext, workload: Manifest, replicas: number): Promise<KubernetesObject[]> {
  const { cluster } = context;
  const { name, namespace } = workload.metadata;
  const perReplica = workload.kind === 'LeaderWorkerSet' ? workload.spec!.leaderWorkerTemplate!.size : 1;
  const wanted = replicas * perReplica;
  const [group] = cluster.acceleratorGroups;
  const pods = await cluster.waitUntil(`the pods of ${name} exist`, async () => {
    const all = await podsOf(context, name, namespace!);
    return all.length >= wanted && all;
  });
  await cluster.waitUntil(`the scheduler looked at the pods of ${name}`, async () =>
    (await podsOf(context, name, namespace!)).every((pod) => conditionsOf(pod).length > 0),
  );
  const unplaced = (await podsOf(context, name, namespace!)).filter(({ spec }) => spec.nodeName === undefined);
  if (unplaced.length > 0) await cluster.addNodes(group!, unplaced.length);
  await cluster.waitUntil(
    `${replicas} replicas of ${name} are ready`,
    async () => {
      const object = await cluster.plane.client.get(workload.apiVersion, workload.kind, name, namespace);
      return (object?.status?.readyReplicas ?? 0) >= replicas;
    },
    30,
  );
  cluster.transitions += wanted;
  return pods;
}

async function assertServed(
  { cluster, software }: ScenarioContext,
  workload: Manifest,
  pods: readonly KubernetesObject[],
) {
  const { namespace, name } = workload.metadata;
  const services = software.manifests.filter(
    ({ kind, metadata }) => kind === 'Service' && metadata.namespace === namespace,
  );
  assert(services.length > 0, `${name} has no service`);
  for (const { metadata } of services) {
    await cluster.waitUntil(`the service ${metadata.name} has an address`, async () => {
      const selector = `kubernetes.io/service-name=${metadata.name}`;
      const slices = await cluster.plane.client.list('discovery.k8s.io/v1', 'EndpointSlice', namespace, selector);
      const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
      return endpoints.some(({ conditions }) => conditions.ready === true);
    });
  }
  assert(pods.length > 0, `${name} has no pods`);
}

async function podsOf(
  { cluster, software }: ScenarioContext,
  name: string,
  namespace: string,
): Promise<KubernetesObject[]> {
  const workload = software.manifests.find(
    ({ kind, metadata }) => WORKLOADS.includes(kind) && metadata.name === name && metadata.namespace === namespace,
  )!;
  const selector =
    workload.kind === 'LeaderWorkerSet'
      ? `leaderworkerset.sigs.k8s.io/name=${name}`
      : Object.entries(workload.spec!.selector!.matchLabels!)
          .map(([key, value]) => `${key}=${value}`)
          .join(',');
  const pods = await cluster.plane.client.list('v1', 'Pod', namespace, selector);
  return pods.filter((pod) => pod.metadata.deletionTimestamp === undefined || isRunning(pod));
}
