import { FABRIC_IMAGES } from './fabric-images';

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
        resources: { limits: { 'hugepages-2Mi': `${HUGEPAGES_MIB}Mi`, memory: '1024Mi' } },
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
