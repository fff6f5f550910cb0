import type { MlNetwork } from './ml-network';
import type { IMlNetwork } from './network-attributes';

/** A network whose subnets are made with it. */
export type OwnNetwork = IMlNetwork & Pick<MlNetwork, 'addSubnet' | 'readyOf' | 'firstServiceBlock' | 'ranges'>;

/** Whether subnets of a network are made with it; those of one that stands are its owner's to make. */
export function ownsSubnets(network: IMlNetwork): network is OwnNetwork {
  return 'addSubnet' in network;
}
