import { FLAG, listOf, oneOf, type Shape, TEXT } from '../../core/shapes';
import { ML_NETWORK } from '../network/network-attributes';
import { ENCRYPTION_KEY } from '../operations/encryption-key';
import { ApiAccess, type ControlPlaneProps, ReleaseChannel } from './control-plane-props';
import { CLUSTER_MAINTENANCE } from './maintenance-checks';

/** What a construct that makes a cluster, where none was brought, lets its user say of it. */
export type NewClusterOptions = Pick<
  ControlPlaneProps,
  | 'network'
  | 'version'
  | 'releaseChannel'
  | 'maintenance'
  | 'apiAccess'
  | 'authorizedCidrs'
  | 'encryptionKey'
  | 'deletionProtection'
>;

/** The kinds of these options. */
export const NEW_CLUSTER_OPTIONS: Shape<NewClusterOptions> = {
  network: ML_NETWORK,
  version: TEXT,
  releaseChannel: oneOf(Object.values(ReleaseChannel)),
  maintenance: CLUSTER_MAINTENANCE,
  apiAccess: oneOf(Object.values(ApiAccess)),
  authorizedCidrs: listOf(TEXT),
  encryptionKey: ENCRYPTION_KEY,
  deletionProtection: FLAG,
};

const OPTIONS = Object.keys(NEW_CLUSTER_OPTIONS) as (keyof NewClusterOptions)[];

/** Of these, what has no place beside a cluster that exists. Its network may be told, if the cluster does not tell it. */
export const OF_NEW_CLUSTERS = OPTIONS.filter((option) => option !== 'network');

/** These options alone. */
export function newClusterOptions(props: NewClusterOptions): NewClusterOptions {
  return Object.fromEntries(OPTIONS.map((option) => [option, props[option]]));
}
