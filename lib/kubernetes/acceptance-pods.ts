import type { ExpectedBandwidth } from './expected-bandwidth';
import type { EnvVar } from './manifest';
import { NODE_CONTAINER } from './node-pod';
import { onPools } from './placement';
import { type AcceleratorPool, tolerationsOf } from './pool';

const SSH_PORT = 22;
const TIME_LIMIT_SECONDS = 1800;
const LAUNCHER = { cpu: '1', memory: '2Gi' };
const SCRIPTS = { name: 'scripts', mountPath: '/acceptance', readOnly: true };

/** What a node runs in an acceptance job: an SSH server, ready once it listens. */
export function serverContainer() {
  return {
    command: ['sh', '/acceptance/serve.sh'],
    readinessProbe: { tcpSocket: { port: SSH_PORT }, periodSeconds: 5 },
    volumeMounts: [SCRIPTS],
  };
}

/** The volume with the scripts of an acceptance job. */
export function scriptsVolume(name: string): unknown {
  return { name: SCRIPTS.name, configMap: { name } };
}

/** What the launcher of an acceptance job is told. */
export interface LauncherProps {
  readonly name: string;
  readonly pool: AcceleratorPool;
  readonly image: string;
  readonly env: readonly EnvVar[];
  readonly expected: ExpectedBandwidth;
  readonly nodes: number;
  readonly ranksPerNode: number;
}

/** The pod that starts the collective: on a node of the pool, which has the image already, and within what its pod leaves free. */
export function launcherPod(props: LauncherProps): unknown {
  const { name, pool, image, env, expected, nodes, ranksPerNode } = props;
  const told = {
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
            ...Object.entries(told).map(([key, value]) => ({ name: key, value: String(value) })),
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
