import type { ExpectedBandwidth } from './expected-bandwidth';
import type { EnvVar } from './manifest';
import { NODE_CONTAINER } from './node-pod';
import { onPools } from './placement';
import { type AcceleratorPool, tolerationsOf } from './pool';

const SSH_PORT = 22;
const TIME_LIMIT_SECONDS = 1800;
const LAUNCHER = { cpu: '1', memory: '2Gi' };
const SCRIPTS = { name: 'scripts', mountPath: '/acceptance', readOnly: true };

/** Returns the container of a node in an acceptance job: an SSH server that is ready when it listens. */
export function serverContainer() {
  return {
    command: ['sh', '/acceptance/serve.sh'],
    readinessProbe: { tcpSocket: { port: SSH_PORT }, periodSeconds: 5 },
    volumeMounts: [SCRIPTS],
  };
}

/** Returns the volume with the scripts of an acceptance job. */
export function scriptsVolume(name: string): unknown {
  return { name: SCRIPTS.name, configMap: { name } };
}

/** Properties for `launcherPod`. */
export interface LauncherProps {
  readonly name: string;
  readonly pool: AcceleratorPool;
  readonly image: string;
  readonly env: readonly EnvVar[];
  readonly expected: ExpectedBandwidth;
  readonly nodes: number;
  readonly ranksPerNode: number;
}

/**
 * Returns the pod that starts the collective. It runs on a node of the pool, because that node already has the image. It uses the resources
 * that the pod of the node leaves free.
 */
export function launcherPod(props: LauncherProps): unknown {
  const { name, pool, image, env, expected, nodes, ranksPerNode } = props;
  const settings = {
    EXPECTED_GBPS: expected.GBps,
    EXPECTED_BASIS: expected.basis,
    EXPECTED_SOURCE: expected.source,
    RANKS: ranksPerNode * nodes,
    RANKS_PER_NODE: ranksPerNode,
    PASSED_ENV: env.map((variable) => variable.name).join(' '),
    TIME_LIMIT_SECONDS,
  };
  return {
    spec: {
      restartPolicy: 'Never',
      affinity: onPools([pool]),
      tolerations: tolerationsOf([pool]),
      containers: [
        {
          name: NODE_CONTAINER,
          image,
          command: ['sh', '/acceptance/launch.sh'],
          env: [
            ...env,
            ...Object.entries(settings).map(([key, value]) => ({ name: key, value: String(value) })),
            { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
          ],
          resources: { requests: LAUNCHER, limits: { memory: LAUNCHER.memory } },
          volumeMounts: [SCRIPTS],
        },
      ],
      volumes: [scriptsVolume(name)],
    },
  };
}
