import type { Problems } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import { networkOf } from '../cluster/cluster-option-checks';
import { checkProxies } from '../network/proxy-subnet';
import { isOlder } from '../nodes/gke-version';
import type { SizedInference } from './sized-inference';

/**
 * From this version on GKE has the kind InferencePool by itself.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/deploy-gke-inference-gateway
 */
export const INFERENCE_POOL_FLOOR = '1.34.0-gke.1626000';

/** Adds what keeps an inference gateway from standing: an old cluster, a server without its metrics, no network to put proxies into. */
export function checkGateway(problems: Problems, { props, resolved }: SizedInference): void {
  const { cluster, network } = props;
  const [prop, version] = cluster
    ? (['cluster.version', cluster.version] as const)
    : (['version', props.version] as const);
  if (version !== undefined && !isUnknown(version) && isOlder(version, INFERENCE_POOL_FLOOR)) {
    problems.add({
      code: 'GkeVersion',
      prop,
      allowed: `${INFERENCE_POOL_FLOOR} or newer, which knows inference pools`,
      got: version,
      fix: 'Take a newer version, or another way in.',
    });
  }
  const wrong = (allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'IngressInvalid', prop: 'ingress', allowed, got, fix });
  if (resolved.engine !== 'vllm') {
    wrong(
      'another way in than an inference gateway: its picker reads the metrics of vLLM',
      resolved.engine,
      'Serve by vLLM.',
    );
  }
  const itsNetwork = networkOf(network, cluster);
  if (itsNetwork) checkProxies(problems, itsNetwork);
  if (cluster && !itsNetwork) {
    problems.add({
      code: 'ValueMissing',
      prop: 'network',
      allowed: 'the network of the cluster, which the proxies of the gateway stand in',
      got: undefined,
      fix: 'Give network.',
    });
  }
}
