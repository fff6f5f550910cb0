import { Problems } from '../core/errors';
import { type ChartRelease, releaseOf } from './charts';
import { COMPUTE_DOMAIN_CHANNEL, COMPUTE_DOMAIN_DEVICE_CLASS } from './compute-domain';
import { claimsOf } from './device-claim';
import { checkSystemNodes, onSystemNodes, type SystemNodes } from './placement';
import type { AcceleratorPool } from './pool';
import { checkPools } from './pool-checks';

/** Properties of Kueue's chart. */
export interface KueueChartProps {
  /** Where the controller runs. */
  readonly system: SystemNodes;
  readonly pools: readonly AcceleratorPool[];
}

/**
 * Kinds of job that Kueue admits. Single pods, deployments and stateful sets, which the chart's own default admits too, are
 * left out: a webhook on every pod of the cluster would stand between the system and its pods.
 */
export const KUEUE_FRAMEWORKS = [
  'batch/job',
  'jobset.x-k8s.io/jobset',
  'trainer.kubeflow.org/trainjob',
  'kubeflow.org/mpijob',
  'ray.io/rayjob',
  'ray.io/raycluster',
] as const;

/**
 * Kueue: quotas and queues for jobs that start whole or not at all. Topology-aware scheduling is on by default since 0.14.
 *
 * @see https://kueue.sigs.k8s.io/docs/tasks/manage/setup_wait_for_pods_ready/
 */
export function kueueChart({ system, pools }: KueueChartProps): ChartRelease {
  const problems = new Problems();
  checkPools(problems, pools);
  checkSystemNodes(problems, system, pools);
  problems.throwIfAny();
  // JSON is YAML, and needs no package to write.
  const controllerManagerConfigYaml = JSON.stringify(managerConfig(pools));
  return releaseOf('kueue', {
    controllerManager: onSystemNodes(system),
    managerConfig: { controllerManagerConfigYaml },
  });
}

// The text replaces the chart's whole default, so the ports, leader election and client limits of that default stand here, too.
function managerConfig(pools: readonly AcceleratorPool[]): Record<string, unknown> {
  return {
    apiVersion: 'config.kueue.x-k8s.io/v1beta2',
    kind: 'Configuration',
    health: { healthProbeBindAddress: ':8081' },
    metrics: { bindAddress: ':8443', enableClusterQueueResources: true },
    webhook: { port: 9443 },
    leaderElection: { leaderElect: true, resourceName: 'c1f6bfd2.kueue.x-k8s.io' },
    controller: {
      groupKindConcurrency: {
        'Job.batch': 5,
        'Workload.kueue.x-k8s.io': 10,
        'LocalQueue.kueue.x-k8s.io': 5,
        'ClusterQueue.kueue.x-k8s.io': 5,
        'ResourceFlavor.kueue.x-k8s.io': 1,
      },
    },
    clientConnection: { qps: 300, burst: 500 },
    waitForPodsReady: WAIT_FOR_PODS_READY,
    integrations: { frameworks: KUEUE_FRAMEWORKS },
    resources: resourcesOf(pools),
  };
}

// One gang at a time until its pods run, so that two halves never hold each other's nodes. A large node boots and pulls an
// image of several GB within the first limit; a node that is lost is replaced within the second, or the job queues again.
const WAIT_FOR_PODS_READY = {
  timeout: '30m',
  recoveryTimeout: '15m',
  blockAdmission: true,
  requeuingStrategy: { timestamp: 'Eviction', backoffBaseSeconds: 60, backoffMaxSeconds: 3600 },
};

// A pod that asks for an undeclared resource is never admitted. Scratch on a node's disk is no quota of ours; the channel of a
// compute domain and claimed interfaces are, since Kueue refuses device classes that it cannot count.
function resourcesOf(pools: readonly AcceleratorPool[]): Record<string, unknown> {
  const channels = { name: COMPUTE_DOMAIN_CHANNEL, deviceClassNames: [COMPUTE_DOMAIN_DEVICE_CLASS] };
  const mappings = [
    ...(pools.some(({ multiNodeScaleUp }) => multiNodeScaleUp) ? [channels] : []),
    ...claimsOf(pools).map(({ quota, deviceClass }) => ({ name: quota, deviceClassNames: [deviceClass] })),
  ];
  return {
    excludeResourcePrefixes: ['ephemeral-storage'],
    ...(mappings.length > 0 && { deviceClassMappings: mappings }),
  };
}
