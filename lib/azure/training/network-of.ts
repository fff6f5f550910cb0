import { Problems } from '../../core/errors';
import { type IMlNetwork, ML_NETWORK } from '../network/network-attributes';

/** The network that a cluster tells, as a ControlPlane does. @default - it tells none */
export function networkOf(cluster: object): IMlNetwork | undefined {
  if (!('network' in cluster) || !ML_NETWORK.fits(new Problems(), 'network', cluster.network)) return undefined;
  return cluster.network as IMlNetwork | undefined;
}
