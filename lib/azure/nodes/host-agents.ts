import { type AcceleratorPool, type KubernetesManifest, onPools } from '../../kubernetes';

/** An image with the tools of Linux. Source: Azure/aks-rdma-infiniband 700dabb, configs/nvidia-peermem-reloader/ds.yaml; read 2026-11. */
const TOOLS = 'mcr.microsoft.com/mirror/docker/library/ubuntu:24.04';

/** Device plugin of AMD. Its tag is recalled from uses of it elsewhere, unverified. @see https://github.com/ROCm/k8s-device-plugin */
const AMD_PLUGIN = 'docker.io/rocm/k8s-device-plugin:1.31.0.10';

/** Driver of MI300X. Source: Azure/aks-rdma-infiniband 700dabb, configs/amd-driver-installer/configmap.yaml; read 2026-11. */
const AMD_DRIVER = '30.20.1';

/** Runs in the host's own namespaces: its modules, packages and devices. */
const ON_HOST = ['nsenter', '--target', '1', '--mount', '--uts', '--ipc', '--net', '--pid', '--', 'bash', '-c'];

const SYSTEM = 'kube-system';

/**
 * Keeps the module loaded by which adapters read and write the memory of GPUs: AKS's driver brings it, and does not load it.
 *
 * @see https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/gpu-operator-rdma.html
 */
export function peerMemoryAgent(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  const script = [
    'set -u',
    'while true; do',
    '  modprobe nvidia-peermem || echo "nvidia-peermem is not loaded"',
    '  sleep 60',
    'done',
  ];
  return hostAgent('nvidia-peermem', pools, script, 'grep -q "^nvidia_peermem " /proc/modules');
}

/**
 * Errors that NVIDIA's driver writes to the log of the kernel, and that end with a reset of the GPU or a restart of its node alone: memory that
 * cannot be corrected (48, 64, 95, 140), a GPU that left the bus (79), its own processor that no longer answers (119, 120) or never did (143).
 *
 * @see https://docs.nvidia.com/deploy/xid-errors/analyzing-xid-catalog.html
 */
const LASTING_XIDS = [48, 64, 79, 95, 119, 120, 140, 143];

/**
 * Hands nodes with a lasting fault of a GPU to the repair of AKS, which mends nodes that are not ready: it restarts them, puts a new image on, and
 * moves them to other hardware. A node is not ready once its kubelet is stopped; a restart starts it again, with a new log.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/node-auto-repair
 */
export function faultAgent(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  const fault = `NVRM: Xid \\(PCI:[^)]*\\): (${LASTING_XIDS.join('|')}),`;
  const script = [
    'set -u',
    'while true; do',
    `  if journalctl --dmesg --boot --quiet --no-pager | grep -E -m 1 '${fault}'; then`,
    '    systemctl stop kubelet',
    '  fi',
    '  sleep 60',
    'done',
  ];
  return hostAgent('gpu-fault-repair', pools, script);
}

/** Installs the driver of AMD's GPUs, from the packages of AMD, once a node: AKS has none. */
export function amdDriverAgent(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  const repository = `https://repo.radeon.com/amdgpu/${AMD_DRIVER}/ubuntu`;
  const key = '/etc/apt/keyrings/rocm.gpg';
  const script = [
    'set -euo pipefail',
    '. /etc/os-release',
    'if ! grep -q "^amdgpu " /proc/modules; then',
    '  export DEBIAN_FRONTEND=noninteractive',
    '  install -d -m 755 /etc/apt/keyrings',
    `  curl -fsSL https://repo.radeon.com/rocm/rocm.gpg.key | gpg --batch --yes --dearmor -o ${key}`,
    `  echo "deb [arch=amd64 signed-by=${key}] ${repository} $VERSION_CODENAME main" > /etc/apt/sources.list.d/amdgpu.list`,
    '  apt-get update -q',
    '  apt-get install -q -y "linux-headers-$(uname -r)" amdgpu-dkms',
    '  modprobe amdgpu',
    'fi',
    'sleep infinity',
  ];
  return hostAgent('amdgpu-driver', pools, script, 'grep -q "^amdgpu " /proc/modules');
}

/** AMD's GPUs as `amd.com/gpu`. */
export function amdDevicePlugin(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  const folders = { plugins: '/var/lib/kubelet/device-plugins', sys: '/sys' };
  const container = {
    name: 'plugin',
    image: AMD_PLUGIN,
    securityContext: { privileged: true },
    volumeMounts: Object.entries(folders).map(([name, mountPath]) => ({ name, mountPath })),
  };
  const volumes = Object.entries(folders).map(([name, path]) => ({ name, hostPath: { path } }));
  return daemonSet('amd-device-plugin', pools, { hostNetwork: true, containers: [container], volumes });
}

function hostAgent(
  name: string,
  pools: readonly AcceleratorPool[],
  script: readonly string[],
  ready?: string,
): KubernetesManifest[] {
  const container = {
    name: 'agent',
    image: TOOLS,
    command: [...ON_HOST, script.join('\n')],
    securityContext: { privileged: true },
    ...(ready !== undefined && { readinessProbe: { exec: { command: ['sh', '-c', ready] }, periodSeconds: 30 } }),
    resources: { requests: { cpu: '10m', memory: '32Mi' } },
  };
  return daemonSet(name, pools, { hostPID: true, hostIPC: true, hostNetwork: true, containers: [container] });
}

function daemonSet(name: string, pools: readonly AcceleratorPool[], pod: object): KubernetesManifest[] {
  if (pools.length === 0) return [];
  const labels = { 'app.kubernetes.io/name': name };
  const spec = {
    priorityClassName: 'system-node-critical',
    affinity: onPools(pools),
    tolerations: [{ operator: 'Exists' }],
    ...pod,
  };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name, namespace: SYSTEM, labels },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy: { type: 'RollingUpdate' },
        template: { metadata: { labels }, spec },
      },
    },
  ];
}
