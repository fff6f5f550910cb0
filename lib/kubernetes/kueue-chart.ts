import { ProblemCollector } from '../core/errors';
import { type ChartRelease, releaseOf } from './controller-charts';
import { COMPUTE_DOMAIN_CHANNEL, COMPUTE_DOMAIN_DEVICE_CLASS } from './compute-domain';
import { checkSystemNodes, onSystemNodes, type SystemNodes } from './placement';
import { type AcceleratorPool, checkPools, type DeviceClaim } from './pool';
import { checkNames, type KubernetesManifest } from './manifest';

/** Properties for `kueueChart`. */
export interface KueueChartProps {
  /** Nodes that the controller runs on. */
  readonly system: SystemNodes;
  /** Accelerator pools that jobs run on. */
  readonly pools: readonly AcceleratorPool[];
}

/**
 * Kinds of jobs that Kueue admits. Single pods, deployments and stateful sets are left out. The chart installs their webhooks anyway, in
 * all namespaces except its own and `kube-system`. The webhooks of kinds that are not listed change nothing. Their failure policy
 * is `Ignore`, so Kueue cannot block pods that do not belong to it.
 *
 * Source: kubernetes-sigs/kueue v0.19.2, charts/kueue/templates/webhook/manifests.yaml.
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
 * Returns the Kueue chart: quotas and queues for jobs that only start if all their pods fit. Topology-aware scheduling is on by default
 * since 0.14.
 *
 * @see https://kueue.sigs.k8s.io/docs/tasks/manage/setup_wait_for_pods_ready/
 */
export function kueueChart({ system, pools }: KueueChartProps): ChartRelease {
  const problems = new ProblemCollector();
  checkPools(problems, pools);
  checkSystemNodes(problems, system, pools);
  problems.throwIfAny();
  // JSON is valid YAML and does not need a package.
  const controllerManagerConfigYaml = JSON.stringify(managerConfig(pools));
  return releaseOf('kueue', {
    controllerManager: onSystemNodes(system),
    managerConfig: { controllerManagerConfigYaml },
  });
}

// This configuration replaces the default of the chart completely, so it repeats its ports, leader election and client limits.
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

// A large node boots and pulls an image of several GB within `timeout`. A lost node is replaced within `recoveryTimeout`, or the job is
// queued again. A job that waits for its nodes must not block the admission of others. Kueue would block all queues and pools while one
// group gets no spot capacity. Admitted jobs never share nodes that always run, because the quota is the nodes and pods use whole nodes.
// Two jobs that each get some nodes of an elastic group go back to the queue after `timeout`.
const WAIT_FOR_PODS_READY = {
  timeout: '30m',
  recoveryTimeout: '15m',
  blockAdmission: false,
  requeuingStrategy: { timestamp: 'Eviction', backoffBaseSeconds: 60, backoffMaxSeconds: 3600 },
};

// A pod that requests an undeclared resource is never admitted. Scratch space on the disk of a node has no quota. Channels of compute
// domains and claimed interfaces have one, because Kueue rejects device classes that it cannot count.
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

/**
 * Creates the claim template for the fabric interfaces of a node. A pod claims all of them, because pods do not share a fabric.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
 */
export function claimTemplate({ name, deviceClass, count }: DeviceClaim, namespace: string): KubernetesManifest {
  const problems = new ProblemCollector();
  checkNames(problems, { name, namespace });
  problems.throwIfAny();
  const exactly = { deviceClassName: deviceClass, allocationMode: 'ExactCount', count };
  return {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaimTemplate',
    metadata: { name, namespace },
    spec: { spec: { devices: { requests: [{ name, exactly }] } } },
  };
}

/** Returns the device claims of the pools without duplicates. */
export function claimsOf(pools: readonly AcceleratorPool[]): DeviceClaim[] {
  const claims = pools.flatMap(({ fabric }) => fabric?.pod?.claim ?? []);
  return [...new Map(claims.map((claim) => [claim.name, claim])).values()];
}
