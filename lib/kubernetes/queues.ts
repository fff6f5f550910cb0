import { createHash } from 'node:crypto';
import { ProblemCollector } from '../core/errors';
import { quantitiesOf } from './allocatable';
import { COMPUTE_DOMAIN_CHANNEL } from './compute-domain';
import { checkNames, type KubernetesManifest, namespaceWith } from './manifest';
import { type AcceleratorPool, nodeLabelsOf, tolerationsOf, checkPools, MAX_POOLS } from './pool';
import { levelsOf } from './restarts';

/** Properties for `trainingQueue`. */
export interface TrainingQueueProps {
  /** Name of the queue and of its cluster queue, and prefix of its priority classes. */
  readonly name: string;
  /** Namespace of the jobs. It is created. */
  readonly namespace: string;
  /** Accelerator pools that jobs run on. */
  readonly pools: readonly AcceleratorPool[];
}

/** Priority of a job in a queue. A job with a higher priority preempts jobs with a lower one. */
export enum JobPriority {
  /** Preempts normal and spare jobs. */
  URGENT = 'urgent',
  /** Default priority. Preempts spare jobs. */
  NORMAL = 'normal',
  /** All other jobs preempt it. */
  SPARE = 'spare',
}

const PRIORITY_VALUES: Readonly<Record<JobPriority, number>> = {
  [JobPriority.URGENT]: 1000,
  [JobPriority.NORMAL]: 0,
  [JobPriority.SPARE]: -1000,
};

const KUEUE = 'kueue.x-k8s.io/v1beta2';

// Use capacity that is already paid for first, then the cheapest one.
const MARKET_ORDER = ['reserved', 'spot', 'on-demand'] as const;

/**
 * Creates a queue for training jobs. A job starts when all its nodes are free. The queue uses reserved nodes first, then spot, then
 * on-demand. Its quota is the allocatable resources of the pools, so it never admits jobs that do not fit. A job that fits may overtake an
 * older one that does not fit. An urgent job preempts jobs with lower priorities instead.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/
 */
export function trainingQueue({ name, namespace, pools }: TrainingQueueProps): KubernetesManifest[] {
  const problems = new ProblemCollector();
  checkNames(problems, { name, namespace });
  checkPools(problems, pools);
  if (pools.length > MAX_POOLS) {
    problems.add({
      code: 'QueueTooLarge',
      prop: 'pools',
      allowed: `a list of at most ${MAX_POOLS} pools`,
      got: pools.length,
      fix: 'Distribute the pools over several queues.',
    });
  }
  problems.throwIfAny();
  const ordered = MARKET_ORDER.flatMap((market) => pools.filter((pool) => (pool.market ?? 'on-demand') === market));
  return [
    // Pods lock memory for the fabric, and some mount folders of their node, which the stricter levels reject.
    namespaceWith(namespace, 'privileged'),
    ...ordered.filter(({ topologyLevels }) => topologyLevels).map(topology),
    ...ordered.map(resourceFlavor),
    ...ordered.flatMap(provisioningOf),
    clusterQueue(name, namespace, ordered),
    { apiVersion: KUEUE, kind: 'LocalQueue', metadata: { name, namespace }, spec: { clusterQueue: name } },
    ...Object.entries(PRIORITY_VALUES).map(([priority, value]) => priorityClass(`${name}-${priority}`, value)),
  ];
}

// Kueue rejects changes to the levels of a topology, and to the labels, tolerations and topology of a flavor that has a topology. A change
// therefore needs new objects: the names contain a hash of what cannot change.
function topologyName(pool: AcceleratorPool): string {
  return `${pool.name}-levels-${hashOf(levelsOf(pool))}`;
}

function flavorName(pool: AcceleratorPool): string {
  const { name, machine, topologyLevels } = pool;
  const base = machine === undefined ? name : `${name}-${machine.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return topologyLevels ? `${base}-${hashOf(flavorSpec(pool))}` : base;
}

const HASH_LENGTH = 8;

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, HASH_LENGTH);
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
    spec: flavorSpec(pool),
  };
}

function flavorSpec(pool: AcceleratorPool): Record<string, unknown> {
  return {
    nodeLabels: nodeLabelsOf(pool),
    tolerations: tolerationsOf([pool]),
    ...(pool.topologyLevels && { topologyName: topologyName(pool) }),
  };
}

/** Creates the objects that make a job wait for all its nodes. @see https://kueue.sigs.k8s.io/docs/concepts/admission_check/provisioning_request/ */
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
  // Every flavor must list every resource of the group in the same order, with 0 for resources that its nodes do not have.
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
      // A strict order would block the free nodes of every pool until the oldest job fits, although it may wait for another pool.
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
