import { Problems } from '../core/errors';
import { quantitiesOf } from './allocatable';
import { COMPUTE_DOMAIN_CHANNEL } from './compute-domain';
import { checkNames, type KubernetesManifest } from './manifest';
import { type AcceleratorPool, nodeLabelsOf, tolerationsOf } from './pool';
import { checkPools, MOST_POOLS } from './pool-checks';
import { levelsOf } from './topology';

/** Properties for `trainingQueue`. */
export interface TrainingQueueProps {
  /** Name of the queue, of its cluster queue, and prefix of its priority classes. */
  readonly name: string;
  /** The namespace whose jobs may queue; it is created. */
  readonly namespace: string;
  /** The pools that jobs may run on. */
  readonly pools: readonly AcceleratorPool[];
}

/** Priorities of jobs in a queue. A job without one counts as `normal`; a higher one preempts a lower one. */
export const PRIORITIES = { urgent: 1000, normal: 0, spare: -1000 } as const;

const KUEUE = 'kueue.x-k8s.io/v1beta2';

// What is paid for already is used first, then what is cheapest.
const MARKET_ORDER = ['reserved', 'spot', 'on-demand'] as const;

/**
 * One queue for training jobs: a job starts when all of its nodes are free, on reserved nodes first, then on spot, then on
 * demand. Its quota is what the nodes of the pools leave to pods, so it never admits more than fits.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/
 */
export function trainingQueue({ name, namespace, pools }: TrainingQueueProps): KubernetesManifest[] {
  const problems = new Problems();
  checkNames(problems, { name, namespace });
  checkPools(problems, pools);
  if (pools.length > MOST_POOLS) {
    problems.add({
      code: 'QueueTooLarge',
      prop: 'pools',
      allowed: `at most ${MOST_POOLS}`,
      got: pools.length,
      fix: 'Split the pools over several queues.',
    });
  }
  problems.throwIfAny();
  const ordered = MARKET_ORDER.flatMap((market) => pools.filter((pool) => (pool.market ?? 'on-demand') === market));
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...ordered.filter(({ topologyLevels }) => topologyLevels).map(topology),
    ...ordered.map(resourceFlavor),
    ...ordered.flatMap(provisioningOf),
    clusterQueue(name, namespace, ordered),
    { apiVersion: KUEUE, kind: 'LocalQueue', metadata: { name, namespace }, spec: { clusterQueue: name } },
    ...Object.entries(PRIORITIES).map(([priority, value]) => priorityClass(`${name}-${priority}`, value)),
  ];
}

// Kueue refuses to change the levels of a topology, or a flavor that has one: another machine is another object.
function topologyName(pool: AcceleratorPool): string {
  return `${pool.name}-${levelsOf(pool).length}-levels`;
}

function flavorName({ name, machine }: AcceleratorPool): string {
  return machine === undefined ? name : `${name}-${machine.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
}

function topology(pool: AcceleratorPool): KubernetesManifest {
  const levels = levelsOf(pool).map((nodeLabel) => ({ nodeLabel }));
  return { apiVersion: KUEUE, kind: 'Topology', metadata: { name: topologyName(pool) }, spec: { levels } };
}

function resourceFlavor(pool: AcceleratorPool): KubernetesManifest {
  return {
    apiVersion: KUEUE,
    kind: 'ResourceFlavor',
    metadata: { name: flavorName(pool) },
    spec: {
      nodeLabels: nodeLabelsOf(pool),
      tolerations: tolerationsOf([pool]),
      ...(pool.topologyLevels && { topologyName: topologyName(pool) }),
    },
  };
}

/** What makes a job wait until all of its nodes are there. @see https://kueue.sigs.k8s.io/docs/concepts/admission_check/provisioning_request/ */
function provisioningOf(pool: AcceleratorPool): KubernetesManifest[] {
  if (!pool.provisioning) return [];
  const { className, parameters } = pool.provisioning;
  const name = flavorName(pool);
  return [
    {
      apiVersion: KUEUE,
      kind: 'ProvisioningRequestConfig',
      metadata: { name },
      spec: {
        provisioningClassName: className,
        managedResources: [pool.acceleratorResource],
        ...(parameters && { parameters: { ...parameters } }),
      },
    },
    {
      apiVersion: KUEUE,
      kind: 'AdmissionCheck',
      metadata: { name },
      spec: {
        controllerName: 'kueue.x-k8s.io/provisioning-request',
        parameters: { apiGroup: 'kueue.x-k8s.io', kind: 'ProvisioningRequestConfig', name },
      },
    },
  ];
}

function admissionChecksOf(pools: readonly AcceleratorPool[]): Record<string, unknown> | undefined {
  const checked = pools.filter(({ provisioning }) => provisioning).map(flavorName);
  if (checked.length === 0) return undefined;
  return { admissionChecks: checked.map((name) => ({ name, onFlavors: [name] })) };
}

function clusterQueue(name: string, namespace: string, pools: readonly AcceleratorPool[]): KubernetesManifest {
  const quotas = pools.map((pool) => ({ pool, quota: quotaOf(pool) }));
  const coveredResources = [...new Set(quotas.flatMap(({ quota }) => Object.keys(quota)))];
  // Every flavor lists every resource of the group, in its order: nothing of what its nodes do not have.
  const flavors = quotas.map(({ pool, quota }) => ({
    name: flavorName(pool),
    resources: coveredResources.map((resource) => ({ name: resource, nominalQuota: quota[resource] ?? '0' })),
  }));
  const admissionChecksStrategy = admissionChecksOf(pools);
  return {
    apiVersion: KUEUE,
    kind: 'ClusterQueue',
    metadata: { name },
    spec: {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      queueingStrategy: 'BestEffortFIFO',
      flavorFungibility: { whenCanBorrow: 'TryNextFlavor', whenCanPreempt: 'TryNextFlavor' },
      preemption: { withinClusterQueue: 'LowerPriority' },
      ...(admissionChecksStrategy && { admissionChecksStrategy }),
      resourceGroups: [{ coveredResources, flavors }],
    },
  };
}

function quotaOf(pool: AcceleratorPool): Record<string, string> {
  const claim = pool.fabric?.pod?.claim;
  return {
    ...quantitiesOf(pool, pool.nodes),
    ...(pool.multiNodeScaleUp && { [COMPUTE_DOMAIN_CHANNEL]: String(pool.nodes) }),
    ...(claim && { [claim.quota]: String(claim.count * pool.nodes) }),
  };
}

function priorityClass(name: string, value: number): KubernetesManifest {
  return { apiVersion: KUEUE, kind: 'WorkloadPriorityClass', metadata: { name }, value };
}
