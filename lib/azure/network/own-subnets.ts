import type { MlNetwork } from './ml-network';
import type { IMlNetwork } from './network-attributes';

/** A network whose subnets this app creates. */
export type OwnNetwork = IMlNetwork & Pick<MlNetwork, 'addSubnet' | 'readyOf' | 'firstServiceBlock' | 'ranges'>;

/** Whether this app creates the subnets of a network. The owner of an existing network creates them there. */
export function ownsSubnets(network: IMlNetwork): network is OwnNetwork {
  return 'addSubnet' in network;
}
