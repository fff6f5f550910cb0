import type { ControlPlaneProps } from './control-plane-props';

/** What has no place beside a cluster that exists, whoever brings one. */
export const OF_NEW_CLUSTERS = [
  'outboundType',
  'version',
  'upgradeChannel',
  'systemNodes',
  'apiAccess',
  'authorizedCidrs',
  'admins',
  'logs',
  'deletionProtection',
] as const;

const OPTIONS = ['resourceGroup', 'network', 'encryptionKey', ...OF_NEW_CLUSTERS] as const;

/** What a construct that makes a cluster, where none was brought, lets its user say of it. */
export type NewClusterOptions = Pick<ControlPlaneProps, (typeof OPTIONS)[number]>;

/** These options alone. */
export function newClusterOptions(props: NewClusterOptions): NewClusterOptions {
  return Object.fromEntries(OPTIONS.map((option) => [option, props[option]])) as unknown as NewClusterOptions;
}
