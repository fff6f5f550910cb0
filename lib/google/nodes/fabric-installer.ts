import { type AcceleratorPool, type KubernetesManifest, onPools } from '../../kubernetes';
import { FABRIC_IMAGES, FABRIC_PATHS } from './fabric-images';
import type { GoogleMachine } from '../machine/machine';
import { asapd } from './asapd';

/** A machine type with its pool. */
export interface FabricNodes {
  /** Machine type of the nodes. */
  readonly machine: GoogleMachine;
  /** The pool in the Kubernetes layer. */
  readonly pool: AcceleratorPool;
}

/**
 * DaemonSets that install the libraries of a fabric on its nodes: gIB for RDMA, the plugins for GPUDirect over TCP, and the device injector.
 * Nodes without a fabric have none.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/gpu-bandwidth-gpudirect-tcpx
 * @see https://cloud.google.com/ai-hypercomputer/docs/create/gke-ai-hypercompute-custom
 */
export function fabricInstallers(nodes: readonly FabricNodes[]): KubernetesManifest[] {
  const wired = nodes.filter(({ pool }) => pool.fabric);
  const of = (transport: string, arch = 'amd64') =>
    wired
      .filter(({ machine: { spec } }) => spec.transport === transport && spec.arch === arch && !spec.deviceClaim)
      .map(({ pool }) => pool);
  const claimed = wired.filter(({ machine: { spec } }) => spec.deviceClaim).map(({ pool }) => pool);
  const [tcpx, tcpxo] = [of('GPUDirect-TCPX'), of('GPUDirect-TCPXO')];
  return [
    ...installer('gib-installer', of('RoCE'), gib('amd64')),
    ...installer('gib-installer-arm64', of('RoCE', 'arm64'), gib('arm64')),
    ...installer('tcpx-installer', tcpx, [plugin('tcpx', FABRIC_IMAGES.tcpx)]),
    ...installer('tcpxo-installer', tcpxo, [apertures(), plugin('tcpxo', FABRIC_IMAGES.tcpxo)]),
    ...agent('asapd-lite', claimed, asapd()),
    ...agent('device-injector', [...tcpx, ...tcpxo], {
      containers: [
        {
          ...PRIVILEGED,
          name: 'device-injector',
          image: FABRIC_IMAGES.deviceInjector,
          volumeMounts: [mount('dev', '/dev'), mount('nri', '/var/run/nri')],
        },
      ],
      volumes: [volume('dev', '/dev'), volume('nri', '/var/run/nri')],
    }),
  ];
}

const PRIVILEGED = { securityContext: { privileged: true }, resources: { requests: { cpu: '150m' } } };

interface Step {
  readonly container: Readonly<Record<string, unknown>>;
  readonly volumes: readonly unknown[];
}

/** Installs once in init containers, and then pauses. A new version runs the installation again. */
function installer(name: string, pools: readonly AcceleratorPool[], steps: readonly Step[]): KubernetesManifest[] {
  return agent(name, pools, {
    initContainers: steps.map(({ container }) => container),
    containers: [{ name: 'pause', image: FABRIC_IMAGES.pause }],
    volumes: steps.flatMap(({ volumes }) => volumes),
  });
}

function agent(
  name: string,
  pools: readonly AcceleratorPool[],
  pod: Readonly<Record<string, unknown>>,
): KubernetesManifest[] {
  if (pools.length === 0) return [];
  const labels = { 'app.kubernetes.io/name': name };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name, namespace: 'kube-system', labels },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy: { type: 'RollingUpdate' },
        template: {
          metadata: { labels },
          spec: {
            priorityClassName: 'system-node-critical',
            affinity: onPools(pools),
            tolerations: [{ operator: 'Exists' }],
            hostNetwork: true,
            hostPID: true,
            ...pod,
          },
        },
      },
    },
  ];
}

/** The NCCL plugin for RDMA. Replies arrive on other interfaces of the same rail, so the script disables the kernel's martian packet log. */
function gib(arch: GoogleMachine['spec']['arch']): Step[] {
  const libraries = '/usr/local/home/kubernetes/bin/nvidia/lib64';
  const target = '/usr/local/home/kubernetes/bin/gib';
  const script = [
    'set -eux',
    'for log in /proc/sys/net/ipv4/conf/gpu*rdma0/log_martians; do if [ -e "$log" ]; then echo 0 > "$log"; fi; done',
    '/scripts/container_entry.sh install --install-nccl',
    `cp -r /var/lib/gib/lib64/. ${libraries}`,
    `cp -r /var/lib/gib/. ${target}`,
  ];
  return [
    {
      container: {
        ...shell('gib', FABRIC_IMAGES.gib[arch], script),
        volumeMounts: [mount('libraries', libraries), mount('gib', target)],
      },
      volumes: [volume('libraries', FABRIC_PATHS.libraries), volume('gib', FABRIC_PATHS.gib)],
    },
  ];
}

/** The NCCL plugin for GPUDirect over TCP. */
function plugin(transport: 'tcpx' | 'tcpxo', image: string): Step {
  const script = [
    'set -eux',
    'chmod 755 /scripts/container_entry.sh',
    '/scripts/container_entry.sh install --install-nccl',
    'mkdir -p /usr/local/nvidia/lib64',
    `cp -r /var/lib/${transport}/lib64/. /usr/local/nvidia/lib64`,
  ];
  const run = transport === 'tcpx';
  return {
    container: {
      ...shell(transport, image, script),
      volumeMounts: [
        mount('var-lib', '/var/lib'),
        mount('bin', '/usr/local'),
        ...(run ? [mount('sockets', '/run/tcpx')] : []),
      ],
    },
    volumes: [
      volume('var-lib', '/var/lib'),
      volume('bin', FABRIC_PATHS.bin),
      ...(run ? [volume('sockets', '/run/tcpx')] : []),
    ],
  };
}

/** Prepares a node for TCPXO: allows its traffic, and mounts the registers of each interface in one directory. */
function apertures(): Step {
  const onNode = [
    'set -eu',
    '/sbin/iptables -C INPUT -p tcp -j ACCEPT 2> /dev/null || /sbin/iptables -I INPUT -p tcp -j ACCEPT',
    'modprobe import-helper',
    'for device in $(lspci -nn -D -d 1ae0:0084 | cut -d " " -f 1); do',
    `  target=${FABRIC_PATHS.apertures}/$device`,
    '  mkdir -p "$target"',
    '  mountpoint -q "$target" || mount --bind "$(readlink -f "/sys/bus/pci/devices/$device")" "$target"',
    '  chmod a+rw "$target"/resource*',
    'done',
    `if [ -d ${FABRIC_PATHS.apertures} ]; then chmod a+rx ${FABRIC_PATHS.apertures} ${FABRIC_PATHS.apertures}/*; fi`,
  ];
  return {
    container: {
      ...PRIVILEGED,
      name: 'apertures',
      image: FABRIC_IMAGES.tcpxo,
      command: ['nsenter', '-at', '1', '--', 'sh', '-c', onNode.join('\n')],
    },
    volumes: [],
  };
}

function shell(name: string, image: string, lines: readonly string[]): Readonly<Record<string, unknown>> {
  return { ...PRIVILEGED, name, image, command: ['sh', '-c', lines.join('\n')] };
}

function mount(name: string, mountPath: string): unknown {
  return { name, mountPath };
}

function volume(name: string, path: string): unknown {
  return { name, hostPath: { path, type: 'DirectoryOrCreate' } };
}
