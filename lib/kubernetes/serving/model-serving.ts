import { ProblemCollector } from '../../core/errors';
import type { KubernetesManifest } from '../manifest';
import { autoscalers } from './autoscalers';
import { guards } from './guards';
import { checkServing } from './serving-checks';
import type { ModelServing, ModelServingProps } from './serving-props';
import { workload } from './workloads';

/**
 * Creates the objects that serve a model in a cluster: server replicas, service account, service, network policy and autoscaler. A replica
 * uses a part of a node, or several nodes as one group. The startup probe allows enough time to load the weights.
 *
 * Create the namespace with `servingNamespace`. Replicas on several nodes need the LeaderWorkerSet chart. KEDA needs its chart and a
 * Prometheus server.
 */
export function modelServing(props: ModelServingProps): KubernetesManifest[] {
  const serving: ModelServing = { ...props, cache: props.cache ?? { kind: 'pod' }, surge: props.surge ?? true };
  const problems = new ProblemCollector();
  checkServing(problems, serving);
  problems.throwIfAny();
  return [...guards(serving), workload(serving), ...autoscalers(serving)];
}

/**
 * Creates a namespace for models. By default it only admits pods that need no privileges on the node. Set `restricted` to false if pods lock
 * memory for a fabric, or cache models in a folder of the node.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function servingNamespace(name: string, { restricted = true } = {}): KubernetesManifest {
  const enforce = restricted ? 'restricted' : 'privileged';
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': enforce } },
  };
}
