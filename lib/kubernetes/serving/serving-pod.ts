import { quantitiesOf } from '../allocatable';
import { onPools } from '../placement';
import { type AcceleratorPool, withProfile, tolerationsOf } from '../pool';
import { commandOf, type ServerCommand, type ServingLayout, type ServingRole } from './serving-server';
import { MODEL_MOUNT, modelVolume } from './model-volume';
import type { ModelServing } from './serving-props';
import { diskGiB, STARTUP, startupSeconds } from './load-plan';

/**
 * Share of its part of a node that a replica requests, for cores and memory. The rest is for the agents of the node, which need a larger share
 * of a small machine. This library chooses the value.
 */
export const REPLICA_SHARE = 0.8;

const MAX_SHARED_MEMORY_GIB = 16;

/** Returns the template of a pod of a replica. */
export function servingPod(props: ModelServing, layout: ServingLayout, role: ServingRole): Record<string, unknown> {
  const { name, pool, server, source, cache, weightsGiB, identity } = props;
  const serves = role !== 'worker';
  const disk = diskGiB(weightsGiB);
  const { path, volume, fetcher } = modelVolume(source, cache, server.image, disk);
  const fabric = role !== 'single' && pool.fabric !== undefined;
  const { annotations, hostPaths = [], env = [], sidecars = [] } = (fabric ? pool.fabric?.pod : undefined) ?? {};
  const command = commandOf(server, name, path, layout, role);
  const before = [...(fetcher ? [fetcher] : []), ...sidecars.map(sidecarOf)];
  const resources = resourcesOf(pool, layout, fabric, fetcher && cache.kind === 'pod' ? disk : 0);
  return {
    metadata: {
      labels: { ...serverLabels(name), ...(serves && { [SERVES_LABEL]: name }), ...identity?.podLabels },
      ...(annotations && { annotations }),
    },
    spec: {
      serviceAccountName: name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      // The server completes running requests before it stops.
      terminationGracePeriodSeconds: 150,
      securityContext: POD_SECURITY,
      ...(props.nodeSelector && { nodeSelector: props.nodeSelector }),
      affinity: onPools([pool]),
      tolerations: tolerationsOf([pool]),
      ...(role === 'single' && { topologySpreadConstraints: spread(name) }),
      ...(before.length > 0 && { initContainers: before }),
      containers: [
        {
          name: 'server',
          image: server.image,
          ...(fabric ? withFabricProfile(pool, command) : command),
          env: [...HOME, ...env, ...(fabric ? (props.fabricEnv ?? []) : []), ...server.env],
          ...(serves && { ports: portsOf(props), ...probes(props) }),
          lifecycle: { preStop: { sleep: { seconds: 20 } } },
          securityContext: fabric ? FABRIC_SECURITY : SERVER_SECURITY,
          resources,
          volumeMounts: [
            { name: 'shared-memory', mountPath: '/dev/shm' },
            { name: 'temporary', mountPath: '/tmp' },
            MODEL_MOUNT,
            ...hostPaths.flatMap(({ name: of, mountPath }) =>
              mountPath === undefined ? [] : [{ name: of, mountPath }],
            ),
          ],
        },
      ],
      volumes: [
        // The processes of a replica exchange activations through shared memory, which counts as memory of the pod.
        { name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: `${sharedMemoryGiB(resources)}Gi` } },
        { name: 'temporary', emptyDir: {} },
        volume,
        ...hostPaths.map(({ name: of, path: onNode }) => ({ name: of, hostPath: { path: onNode } })),
      ],
    },
  };
}

/** Returns the command that first sources the profile script of the fabric, if there is one. */
function withFabricProfile(pool: AcceleratorPool, { command, args }: ServerCommand): Partial<ServerCommand> {
  const whole = [...command, ...args];
  const withScript = withProfile(pool, whole);
  return withScript.length === whole.length ? { command, args } : { command: withScript };
}

/** Returns a container that runs next to the server, as root, because daemons of a fabric need root. */
function sidecarOf(sidecar: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { runAsNonRoot, runAsUser } = ROOT_SECURITY;
  const own = sidecar.securityContext as object | undefined;
  return { ...sidecar, restartPolicy: 'Always', securityContext: { runAsNonRoot, runAsUser, ...own } };
}

// The server writes compiled kernels to its home directory, and needs a user name, which the images do not have.
const HOME = [
  { name: 'HOME', value: '/tmp' },
  { name: 'USER', value: 'server' },
  { name: 'LOGNAME', value: 'server' },
];

interface Resources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

function resourcesOf(
  pool: AcceleratorPool,
  { tensorParallel }: ServingLayout,
  fabric: boolean,
  disk: number,
): Resources {
  const { acceleratorResource, acceleratorsPerNode } = pool;
  const share = (tensorParallel / acceleratorsPerNode) * REPLICA_SHARE;
  const whole = quantitiesOf(pool, 1, share);
  const ofFabric = [pool.fabric?.resource, 'hugepages-2Mi'];
  const requests = {
    ...Object.fromEntries(Object.entries(whole).filter(([resource]) => fabric || !ofFabric.includes(resource))),
    [acceleratorResource]: String(tensorParallel),
    ...(disk > 0 && { 'ephemeral-storage': `${disk}Gi` }),
  };
  const limits = Object.fromEntries(Object.entries(requests).filter(([resource]) => resource !== 'cpu'));
  return { requests, limits };
}

function sharedMemoryGiB({ requests }: Resources): number {
  return Math.max(1, Math.min(MAX_SHARED_MEMORY_GIB, Math.floor(Number.parseInt(requests.memory!, 10) / 4)));
}

function spread(name: string): unknown[] {
  const of = { maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: serverLabels(name) } };
  return [{ ...of, topologyKey: 'topology.kubernetes.io/zone' }];
}

function portsOf({ server: { port, metricsPort } }: ModelServing): unknown[] {
  const http = { name: 'http', containerPort: port };
  return metricsPort === port ? [http] : [http, { name: 'metrics', containerPort: metricsPort }];
}

function probes({ server, weightsGiB }: ModelServing): Record<string, unknown> {
  const get = (path: string) => ({ httpGet: { path, port: 'http' }, periodSeconds: STARTUP.periodSeconds });
  const failureThreshold = startupSeconds(weightsGiB) / STARTUP.periodSeconds;
  return {
    startupProbe: { ...get(server.readyPath), timeoutSeconds: 5, failureThreshold },
    readinessProbe: { ...get(server.readyPath), timeoutSeconds: 5, failureThreshold: 3 },
    // A long prompt can delay the response, so the server only restarts after a minute without a response.
    livenessProbe: { ...get(server.livePath), timeoutSeconds: 10, failureThreshold: 6 },
  };
}

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

/** Label of all pods of a model. */
export const MODEL_LABEL = 'ai-infra/model';

/** Label of the pods that serve requests: every pod, or the leader if a replica has several pods. */
export const SERVES_LABEL = 'ai-infra/serves';

/** Returns the labels of all pods of a model. */
export function serverLabels(name: string): Readonly<Record<string, string>> {
  return { [MODEL_LABEL]: name };
}

/** Returns the labels that select the pods that serve requests. */
export function servingSelector(name: string): Readonly<Record<string, string>> {
  return { [SERVES_LABEL]: name };
}
