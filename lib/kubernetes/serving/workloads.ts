import type { KubernetesManifest } from '../manifest';
import type { ServingLayout } from './serving-server';
import { serverLabels, servingPod } from './serving-pod';
import type { ModelServing } from './serving-props';
import { arrivalSeconds, startupSeconds } from './load-plan';

/** Reference to the object that an autoscaler scales. */
export interface WorkloadReference {
  /** API version of the object. */
  readonly apiVersion: string;
  /** Kind of the object. */
  readonly kind: string;
  /** Name of the object. */
  readonly name: string;
}

/** Returns the layout of a replica on the nodes of a pool. */
export function layoutOf({ pool, acceleratorsPerReplica }: ModelServing): ServingLayout {
  const perNode = pool.acceleratorsPerNode;
  if (acceleratorsPerReplica <= perNode) return { tensorParallel: acceleratorsPerReplica, pipelineParallel: 1 };
  return { tensorParallel: perNode, pipelineParallel: acceleratorsPerReplica / perNode };
}

/** Creates the workload: a Deployment if a replica fits on one node, otherwise groups of pods that start and fail together. */
export function workload(props: ModelServing): KubernetesManifest {
  const layout = layoutOf(props);
  return layout.pipelineParallel === 1 ? deployment(props, layout) : group(props, layout);
}

/** Returns the reference to the workload. */
export function referenceOf(props: ModelServing): WorkloadReference {
  const { apiVersion, kind, metadata } = workload(props);
  return { apiVersion, kind, name: metadata.name };
}

// Leave out the number if an autoscaler sets it, so that applying the manifest again does not reset it.
function replicas({ scale }: ModelServing): Record<string, unknown> {
  return scale.kind === 'fixed' ? { replicas: scale.replicas } : {};
}

function deployment(props: ModelServing, layout: ServingLayout): KubernetesManifest {
  const { name, namespace, weightsGiB, surge } = props;
  const step = surge ? { maxSurge: 1, maxUnavailable: 0 } : { maxSurge: 0, maxUnavailable: 1 };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: serverLabels(name) },
    spec: {
      ...replicas(props),
      progressDeadlineSeconds: arrivalSeconds(weightsGiB) + startupSeconds(weightsGiB),
      revisionHistoryLimit: 3,
      selector: { matchLabels: serverLabels(name) },
      strategy: { type: 'RollingUpdate', rollingUpdate: step },
      template: servingPod(props, layout, 'single'),
    },
  };
}

/**
 * Creates replicas on several nodes. The pods of one replica are scheduled, started and replaced together.
 *
 * @see https://lws.sigs.k8s.io/docs/concepts/
 */
function group(props: ModelServing, layout: ServingLayout): KubernetesManifest {
  const { name, namespace, surge } = props;
  return {
    apiVersion: 'leaderworkerset.x-k8s.io/v1',
    kind: 'LeaderWorkerSet',
    metadata: { name, namespace, labels: serverLabels(name) },
    spec: {
      ...replicas(props),
      startupPolicy: 'LeaderCreated',
      // With one shared subdomain, the headless service of the pods needs the name that the service of the model has. Then the pods find no leader.
      networkConfig: { subdomainPolicy: 'UniquePerReplica' },
      rolloutStrategy: {
        type: 'RollingUpdate',
        rollingUpdateConfiguration: surge ? { maxSurge: 1, maxUnavailable: 0 } : { maxSurge: 0, maxUnavailable: 1 },
      },
      leaderWorkerTemplate: {
        size: layout.pipelineParallel,
        restartPolicy: 'RecreateGroupOnPodRestart',
        leaderTemplate: servingPod(props, layout, 'leader'),
        workerTemplate: servingPod(props, layout, 'worker'),
      },
    },
  };
}
