import { type AcceleratorPool, type KubernetesManifest, onPools } from '../../kubernetes';
import type { GoogleMachine } from '../machine/machine';

/** Node directories that the agent changes, by volume name. */
const FOLDERS = {
  sys: '/sys',
  proc: '/proc',
  'udev-rules': '/etc/udev/rules.d',
  'run-udev': '/run/udev',
  'run-asapd': '/run/asapd-lite',
  'log-asapd': '/var/log/google/asapd-lite',
  'lib-asapd': '/var/lib/google/asapd-lite',
  'systemd-units': '/etc/systemd/system',
  'run-systemd': '/run/systemd',
} as const;

/** Directories that the agent creates on the node. */
const CREATED: readonly string[] = ['run-asapd', 'log-asapd', 'lib-asapd'];

/** The agent uses all huge pages that the node reserves. */
const HUGEPAGES_MIB = 8192;
const MEMORY_MIB = 1024;
/** Memory and huge pages that the agent takes from its node. */
export const ASAPD_MIB = MEMORY_MIB + HUGEPAGES_MIB;
const HEALTH_PORT = 19_540;

/** IPv6 drops an address that it detects as a duplicate. The script then restarts the interface and the agent. */
const SCRIPT = [
  'set -x',
  '/usr/local/bin/run_asapd_lite.sh',
  'sleep 15',
  'found=0',
  "for interface in $(ip -o link show | awk -F': ' '{print $2}' | grep gpu); do",
  '  if ip -6 addr show dev "$interface" | grep -q dadfailed; then',
  '    ip link set dev "$interface" down',
  '    ip link set dev "$interface" up',
  '    found=1',
  '  fi',
  'done',
  'if [ "$found" -eq 1 ]; then exit 1; fi',
  'wait',
].join('\n');

/**
 * The pod of the agent that starts the RDMA interfaces of bare metal nodes. GKE DRANET offers the interfaces only after the agent is healthy.
 *
 * Source: GoogleCloudPlatform/cluster-toolkit 1047080, examples/gke-a4x-max-bm/asapd-lite-installer.yaml; read 2026-11-26.
 */
export function asapd(): Readonly<Record<string, unknown>> {
  const healthy = { httpGet: { path: '/healthz', port: HEALTH_PORT } };
  return {
    containers: [
      {
        name: 'asapd-lite',
        image: FABRIC_IMAGES.asapd,
        command: ['bash', '-c', SCRIPT],
        env: [{ name: 'LD_LIBRARY_PATH', value: '/asapd-lite/controller' }],
        securityContext: { privileged: true },
        livenessProbe: { ...healthy, initialDelaySeconds: 60 },
        readinessProbe: healthy,
        resources: { limits: { 'hugepages-2Mi': `${HUGEPAGES_MIB}Mi`, memory: `${MEMORY_MIB}Mi` } },
        volumeMounts: [
          ...Object.entries(FOLDERS).map(([name, mountPath]) => ({ name, mountPath })),
          { name: 'hugepages', mountPath: '/hugepages-2Mi' },
        ],
      },
    ],
    volumes: [
      ...Object.entries(FOLDERS).map(([name, path]) => ({
        name,
        hostPath: CREATED.includes(name) ? { path, type: 'DirectoryOrCreate' } : { path },
      })),
      { name: 'hugepages', emptyDir: { medium: 'HugePages-2Mi' } },
    ],
  };
}

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

/**
 * Container images for the fabrics of Google machines, on nodes and in pods, with pinned versions.
 *
 * Source: GoogleCloudPlatform/cluster-toolkit v1.95.0, examples/gke-a3-highgpu, gke-a3-megagpu, gke-a3-ultragpu, gke-a4x and gke-a4x-max-bm; read 2026-11.
 */
export const FABRIC_IMAGES = {
  gib: {
    amd64: 'us-docker.pkg.dev/gce-ai-infra/gpudirect-gib/nccl-plugin-gib:v1.1.0',
    arm64: 'us-docker.pkg.dev/gce-ai-infra/gpudirect-gib/nccl-plugin-gib-arm64:v1.1.0',
  },
  tcpxo: 'us-docker.pkg.dev/gce-ai-infra/gpudirect-tcpxo/nccl-plugin-gpudirecttcpx-dev:v1.0.15',
  tcpxoDaemon: 'us-docker.pkg.dev/gce-ai-infra/gpudirect-tcpxo/tcpgpudmarxd-dev:v1.0.21',
  tcpx: 'us-docker.pkg.dev/gce-ai-infra/gpudirect-tcpx/nccl-plugin-gpudirecttcpx-dev:v3.1.9',
  tcpxDaemon: 'us-docker.pkg.dev/gce-ai-infra/gpudirect-tcpx/tcpgpudmarxd-dev:v2.0.12',
  asapd: 'us-docker.pkg.dev/gce-ai-infra/asapd-lite/asapd-lite:v0.0.8',
  deviceInjector:
    'gcr.io/gke-release/nri-device-injector@sha256:6e79483d52abdc28454bf186320b10a56b0f117a10e8d65d5c74dbb821a76970',
  pause: 'gke.gcr.io/pause:3.8@sha256:880e63f94b145e46f1b1082bb71b85e21f16b99b180b9996407d61240ceb9830',
} as const;

/** Node paths of the driver from GKE and of the files from the installers. Same source. */
export const FABRIC_PATHS = {
  bin: '/home/kubernetes/bin',
  nvidia: '/home/kubernetes/bin/nvidia',
  libraries: '/home/kubernetes/bin/nvidia/lib64',
  gib: '/home/kubernetes/bin/gib',
  apertures: '/dev/aperture_devices',
} as const;
