import { Problems } from '../../core/errors';
import type { KubernetesManifest } from '../manifest';
import { autoscalers } from './autoscalers';
import { guards } from './guards';
import { checkServing } from './serving-checks';
import type { ModelServing, ModelServingProps } from './serving-props';
import { workload } from './workloads';

/**
 * A model behind a service of the cluster: replicas of a server, each on a part of a node, or on several nodes as one group, with
 * their identity, a private address, a policy of who may call, probes that know how long a start takes, and what scales them.
 *
 * The namespace is that of `servingNamespace`. Groups need the LeaderWorkerSet chart, KEDA its own and a Prometheus.
 */
export function modelServing(props: ModelServingProps): KubernetesManifest[] {
  const serving: ModelServing = { ...props, cache: props.cache ?? { kind: 'pod' }, surge: props.surge ?? true };
  const problems = new Problems();
  checkServing(problems, serving);
  problems.throwIfAny();
  return [...guards(serving), workload(serving), ...autoscalers(serving)];
}

/**
 * A namespace for models. It admits pods without any right of the host, but where they lock memory for a fabric or keep models in a
 * folder of the node.
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
