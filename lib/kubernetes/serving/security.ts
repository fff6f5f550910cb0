/** The user that servers run as: none that an image has, so that nothing on the node belongs to it. */
export const SERVER_USER = 65_532;

/** What a container may do: nothing of the host, and write nowhere but in its volumes. */
export const SERVER_SECURITY = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
} as const;

/** As root, and still without any right of root beyond its own files. */
export const ROOT_SECURITY = { ...SERVER_SECURITY, runAsNonRoot: false, runAsUser: 0 } as const;

/** As a server, and lock memory that the fabric moves data from and to. */
export const FABRIC_SECURITY = { ...SERVER_SECURITY, capabilities: { drop: ['ALL'], add: ['IPC_LOCK'] } } as const;

/** What all containers of a pod share. */
export const POD_SECURITY = {
  runAsNonRoot: true,
  runAsUser: SERVER_USER,
  runAsGroup: SERVER_USER,
  fsGroup: SERVER_USER,
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
} as const;
