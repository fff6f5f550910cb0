/** User that servers run as. It does not exist in any image, so it does not own files on the node. */
export const SERVER_USER = 65_532;

/** Security context of a container: no privileges on the host, and write access only to its volumes. */
export const SERVER_SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
} as const;

/** Security context of a container that runs as root, without capabilities. */
export const ROOT_SECURITY = { ...SERVER_SECURITY, runAsNonRoot: false, runAsUser: 0 } as const;

/** Security context of a server that can lock memory for a fabric. */
export const FABRIC_SECURITY = { ...SERVER_SECURITY, capabilities: { drop: ['ALL'], add: ['IPC_LOCK'] } } as const;

/** Security context of a pod. */
export const POD_SECURITY = {
  runAsNonRoot: true,
  runAsUser: SERVER_USER,
  runAsGroup: SERVER_USER,
  fsGroup: SERVER_USER,
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
} as const;
