import { ProblemCollector } from '../../core/errors';
import type { IMlNetwork } from '../network/ml-network';
import { ML_NETWORK } from '../prop-schemas';

/** Returns the network of a cluster that exposes one, such as a `ControlPlane`. */
export function networkOf(cluster: object): IMlNetwork | undefined {
  if (!('network' in cluster) || !ML_NETWORK.validate(new ProblemCollector(), 'network', cluster.network))
    return undefined;
  return cluster.network as IMlNetwork | undefined;
}
