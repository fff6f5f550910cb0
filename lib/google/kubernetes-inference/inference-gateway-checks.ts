import type { ProblemCollector } from '../../core/errors';
import { isUnknown } from '../../terraform/tokens';
import { checkProxies } from '../network/proxy-subnet';
import { isOlder } from '../nodes/gke-version';
import type { ResolvedInference } from './resolved-inference';

/**
 * From this version on, GKE includes the InferencePool kind.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/deploy-gke-inference-gateway
 */
export const INFERENCE_POOL_FLOOR = '1.34.0-gke.1626000';

/** Checks that the cluster, the server and the network support an inference gateway. */
export function checkGateway(problems: ProblemCollector, { props, resolved }: ResolvedInference): void {
  const { cluster, zone } = props;
  const { kubernetesVersion: version } = cluster.planned(zone);
  if (version !== undefined && !isUnknown(version) && isOlder(version, INFERENCE_POOL_FLOOR)) {
    problems.add({
      code: 'GkeVersion',
      prop: 'cluster.kubernetesVersion',
      allowed: `${INFERENCE_POOL_FLOOR} or newer, which supports inference pools`,
      got: version,
      fix: 'Use a newer version, or another ingress.',
    });
  }
  const wrong = (allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'IngressInvalid', prop: 'ingress', allowed, got, fix });
  if (resolved.engine !== 'vllm') {
    wrong(
      'an ingress without an endpoint picker, because the picker reads the metrics of vLLM',
      resolved.engine,
      'Use ServingServer.vllm(), or another ingress.',
    );
  }
  const network = cluster.networkFor(props.network);
  if (network) checkProxies(problems, network);
  if (cluster.existing && !network) {
    problems.add({
      code: 'ValueMissing',
      prop: 'network',
      allowed: 'the network of the cluster, which contains the proxies of the gateway',
      got: undefined,
      fix: 'Set network.',
    });
  }
}
