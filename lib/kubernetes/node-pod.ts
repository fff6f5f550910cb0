import { quantitiesOf } from './allocatable';
import { channelClaimOf } from './compute-domain';
import type { EnvVar } from './manifest';
import { onPools } from './placement';
import { type AcceleratorPool, tolerationsOf } from './pool';
import { nearNodes } from './topology';

/** A claim of shared storage, and where pods find it. */
export interface MountedClaim {
  readonly claimName: string;
  readonly mountPath: string;
}

/** Whom pods act as in the cloud. */
export interface PodIdentity {
  /** Service account of the namespace of the pods. */
  readonly serviceAccount: string;
  /** Labels by which the cloud knows such pods. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** What a pod that takes a whole node of a pool runs. */
export interface NodePodProps {
  readonly pool: AcceleratorPool;
  /** Pools of the same machine that will do, too. @default - none */
  readonly fallbackPools?: readonly AcceleratorPool[];
  readonly image: string;
  readonly env?: readonly EnvVar[];
  readonly claim?: MountedClaim;
  /** @default - the default service account of the namespace */
  readonly identity?: PodIdentity;
  /** The compute domain of the job. @default - none */
  readonly computeDomain?: string;
  /** What only this container has: its command, probes and mounts. */
  readonly container?: Readonly<Record<string, unknown>> & { readonly volumeMounts?: readonly unknown[] };
  /** Share of the node's cores and memory to ask for. @default 1 */
  readonly share?: number;
  /** Further volumes of the pod. @default - none */
  readonly volumes?: readonly unknown[];
}

/** Kubeflow Trainer looks for its containers by this name. */
export const NODE_CONTAINER = 'node';

const CHANNEL = 'compute-domain-channel';

/**
 * A pod that takes a whole node: all accelerators, all interfaces of the fabric, its huge pages, and shared memory for the
 * processes of the node, which counts as memory of the pod.
 */
export function nodePod(props: NodePodProps): Record<string, unknown> {
  const { pool, image, env = [], claim, identity, computeDomain, container = {}, volumes = [], share = 1 } = props;
  const pools = [pool, ...(props.fallbackPools ?? [])];
  const metadata = metadataOf(pool, identity);
  const { env: fabricEnv = [], hostPaths = [], files = [], sidecars } = pool.fabric?.pod ?? {};
  const claims = claimsOf(pool, computeDomain);
  const requests = quantitiesOf(pool, 1, share);
  const limits = Object.fromEntries(Object.entries(requests).filter(([resource]) => resource !== 'cpu'));
  return {
    ...(metadata && { metadata }),
    spec: {
      restartPolicy: 'Never',
      ...(identity && { serviceAccountName: identity.serviceAccount }),
      affinity: onPools(pools),
      tolerations: tolerationsOf(pools),
      ...(claims.length > 0 && { resourceClaims: claims }),
      ...(sidecars && { initContainers: sidecars.map((sidecar) => ({ ...sidecar, restartPolicy: 'Always' })) }),
      containers: [
        {
          ...container,
          name: NODE_CONTAINER,
          image,
          env: [...fabricEnv, ...env],
          // A fabric moves data from and to memory that must not be swapped out.
          ...(pool.fabric && { securityContext: { capabilities: { add: ['IPC_LOCK'] } } }),
          resources: { requests, limits, ...(claims.length > 0 && { claims: claims.map(({ name }) => ({ name })) }) },
          volumeMounts: [
            { name: 'shared-memory', mountPath: '/dev/shm' },
            ...(claim ? [{ name: 'file-system', mountPath: claim.mountPath }] : []),
            ...hostPaths.flatMap(({ name, mountPath }) => (mountPath === undefined ? [] : [{ name, mountPath }])),
            ...files.map(({ configMap: name, mountPath }) => ({ name, mountPath, readOnly: true })),
            ...(container.volumeMounts ?? []),
          ],
        },
      ],
      volumes: [
        { name: 'shared-memory', emptyDir: { medium: 'Memory' } },
        ...(claim ? [{ name: 'file-system', persistentVolumeClaim: { claimName: claim.claimName } }] : []),
        ...hostPaths.map(({ name, path }) => ({ name, hostPath: { path } })),
        ...files.map(({ configMap: name }) => ({ name, configMap: { name } })),
        ...volumes,
      ],
    },
  };
}

/** The channel of the compute domain, and the interfaces of the fabric where pods claim them. */
function claimsOf({ fabric }: AcceleratorPool, computeDomain: string | undefined) {
  const interfaces = fabric?.pod?.claim;
  return [
    ...(computeDomain ? [{ name: CHANNEL, resourceClaimTemplateName: channelClaimOf(computeDomain) }] : []),
    ...(interfaces ? [{ name: interfaces.name, resourceClaimTemplateName: interfaces.name }] : []),
  ];
}

function metadataOf(pool: AcceleratorPool, identity: PodIdentity | undefined): object | undefined {
  const annotations = { ...nearNodes(pool), ...pool.fabric?.pod?.annotations };
  const labels = { ...identity?.labels };
  const all = Object.entries({ annotations, labels }).filter(([, entries]) => Object.keys(entries).length > 0);
  return all.length > 0 ? Object.fromEntries(all) : undefined;
}
