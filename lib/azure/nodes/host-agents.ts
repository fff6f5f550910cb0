import { type AcceleratorPool, type KubernetesManifest, onPools } from '../../kubernetes';

/** An image with Linux tools. Source: Azure/aks-rdma-infiniband 700dabb, configs/nvidia-peermem-reloader/ds.yaml; read 2026-11. */
const TOOLS = 'mcr.microsoft.com/mirror/docker/library/ubuntu:24.04';

/** AMD device plugin. The tag is recalled from other uses, unverified. @see https://github.com/ROCm/k8s-device-plugin */
const AMD_PLUGIN = 'docker.io/rocm/k8s-device-plugin:1.31.0.10';

/** Driver version for MI300X. Source: Azure/aks-rdma-infiniband 700dabb, configs/amd-driver-installer/configmap.yaml; read 2026-11. */
const AMD_DRIVER = '30.20.1';

/** Runs a command in the namespaces of the host. */
const ON_HOST = ['nsenter', '--target', '1', '--mount', '--uts', '--ipc', '--net', '--pid', '--', 'bash', '-c'];

const SYSTEM = 'kube-system';

/**
 * Loads the module that gives adapters access to GPU memory. The AKS driver includes it, but does not load it.
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
 * XID errors in the kernel log that only a GPU reset or a restart of the node resolves. Memory errors are 48, 64, 95, and 140. 79 is a GPU that fell off
 * the bus. A GPU system processor stopped with 119 and 120, and failed to start with 143.
 *
 * @see https://docs.nvidia.com/deploy/xid-errors/analyzing-xid-catalog.html
 */
const PERMANENT_XIDS = [48, 64, 79, 95, 119, 120, 140, 143];

/**
 * Triggers AKS node repair for nodes with a permanent GPU fault. AKS repairs nodes that are not ready: it restarts them, reimages them, or moves them
 * to other hardware. The agent stops the kubelet, which makes the node not ready. A restart starts the kubelet with a new log.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/node-auto-repair
 */
export function faultAgent(pools: readonly AcceleratorPool[]): KubernetesManifest[] {
  const fault = `NVRM: Xid \\(PCI:[^)]*\\): (${PERMANENT_XIDS.join('|')}),`;
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

/** Installs the AMD GPU driver from AMD packages on each node, because AKS has none. */
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

/** Device plugin that exposes AMD GPUs as `amd.com/gpu`. */
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
