import { quantitiesOf } from './allocatable';
import { channelClaimOf } from './compute-domain';
import type { ContainerVariable } from './manifest';
import { onPools } from './placement';
import { type AcceleratorPool, tolerationsOf } from './pool';
import { topologyAnnotations } from './restarts';

/** Persistent volume claim and its mount path in pods. */
export interface MountedClaim {
  /** Name of the persistent volume claim. */
  readonly claimName: string;
  /** Path in the container. */
  readonly mountPath: string;
}

/** Identity of pods in the cloud. */
export interface PodIdentity {
  /** Name of the service account in the namespace of the pods. */
  readonly serviceAccount: string;
  /** Labels that pods need to use the identity. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Properties for `nodePod`. */
export interface NodePodProps {
  /** Accelerator pool that the pod runs on. */
  readonly pool: AcceleratorPool;
  /** Other pools with the same machine that the pod can also run on. @default - none */
  readonly fallbackPools?: readonly AcceleratorPool[];
  /** Container image. */
  readonly image: string;
  /** Environment variables of the container. @default - none */
  readonly env?: readonly ContainerVariable[];
  /** Shared storage to mount. @default - none */
  readonly claim?: MountedClaim;
  /** Identity of the pod in the cloud. @default - the default service account of the namespace */
  readonly identity?: PodIdentity;
  /** Name of the compute domain of the job. @default - none */
  readonly computeDomain?: string;
  /** More fields of the container, for example its command, probes and mounts. @default - none */
  readonly container?: Readonly<Record<string, unknown>> & { readonly volumeMounts?: readonly unknown[] };
  /** Share of the cores and the memory of the node to request. @default 1 */
  readonly share?: number;
  /** More volumes of the pod. @default - none */
  readonly volumes?: readonly unknown[];
  /** More annotations of the pod. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Name of the container that Kubeflow Trainer looks for. */
export const NODE_CONTAINER = 'node';

const CHANNEL = 'compute-domain-channel';

/**
 * Creates a pod that uses a whole node: all accelerators, all interfaces of the fabric, and the huge pages. It also has shared memory for
 * the processes of the node, which counts as memory of the pod.
 */
export function nodePod(props: NodePodProps): Record<string, unknown> {
  const { pool, image, env = [], claim, identity, computeDomain, container = {}, volumes = [], share = 1 } = props;
  const pools = [pool, ...(props.fallbackPools ?? [])];
  const metadata = metadataOf(pool, identity, props.annotations);
  const { env: fabricEnv = [], hostPaths = [], files = [], sidecars, capabilities = [] } = pool.fabric?.pod ?? {};
  const claims = claimsOf(pool, computeDomain);
  const requests = quantitiesOf(pool, 1, share);
  const limits = Object.fromEntries(Object.entries(requests).filter(([resource]) => resource !== 'cpu'));
  return {
    ...(metadata && { metadata }),
    spec: {
      restartPolicy: 'Never',
      ...onHostNetwork(pool),
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
          // A fabric reads and writes memory that must not be swapped out.
          ...(pool.fabric && { securityContext: { capabilities: { add: ['IPC_LOCK', ...capabilities] } } }),
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

/** Returns the fields of a pod whose fabric works only on the network of the host. Such a pod still resolves services of the cluster. */
export function onHostNetwork({ fabric }: AcceleratorPool): object {
  return fabric?.pod?.hostNetwork === true ? { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } : {};
}

/** Returns the claims for the channel of the compute domain and for the interfaces of the fabric. */
function claimsOf({ fabric }: AcceleratorPool, computeDomain: string | undefined) {
  const interfaces = fabric?.pod?.claim;
  return [
    ...(computeDomain ? [{ name: CHANNEL, resourceClaimTemplateName: channelClaimOf(computeDomain) }] : []),
    ...(interfaces ? [{ name: interfaces.name, resourceClaimTemplateName: interfaces.name }] : []),
  ];
}

function metadataOf(
  pool: AcceleratorPool,
  identity: PodIdentity | undefined,
  more: NodePodProps['annotations'],
): object | undefined {
  const annotations = { ...topologyAnnotations(pool), ...pool.fabric?.pod?.annotations, ...more };
  const labels = { ...identity?.labels };
  const all = Object.entries({ annotations, labels }).filter(([, entries]) => Object.keys(entries).length > 0);
  return all.length > 0 ? Object.fromEntries(all) : undefined;
}
