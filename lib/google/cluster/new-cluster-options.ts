import { FLAG, listOf, oneOf, type Shape, TEXT } from '../../core/shapes';
import { ML_NETWORK } from '../network/ml-network';
import { ENCRYPTION_KEY } from '../operations/encryption-key';
import { ApiAccess, type ControlPlaneProps, ReleaseChannel } from './control-plane-props';

/** What a construct that makes a cluster, where none was brought, lets its user say of it. */
export type NewClusterOptions = Pick<
  ControlPlaneProps,
  'network' | 'version' | 'releaseChannel' | 'apiAccess' | 'authorizedCidrs' | 'encryptionKey' | 'deletionProtection'
>;

/** The kinds of these options. */
export const NEW_CLUSTER_OPTIONS: Shape<NewClusterOptions> = {
  network: ML_NETWORK,
  version: TEXT,
  releaseChannel: oneOf(Object.values(ReleaseChannel)),
  apiAccess: oneOf(Object.values(ApiAccess)),
  authorizedCidrs: listOf(TEXT),
  encryptionKey: ENCRYPTION_KEY,
  deletionProtection: FLAG,
};
