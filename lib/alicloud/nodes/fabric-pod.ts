import type { EnvVar, FabricPod, PoolFabric } from '../../kubernetes';
import type { Capacity } from '../capacity/capacity';
import type { AlicloudMachine } from '../machine/machine';

/**
 * Extended resource of eRDMA. A node has 200 virtual devices for each interface, and a pod requests one: it gets all interfaces, because the add-on
 * has `allocateAllDevices`.
 *
 * Source: AliyunContainerService/alibabacloud-erdma-controller 72e8f0c; read 2026-11.
 */
const ERDMA = 'aliyun/erdma';
/** Extended resource of RDMA on Lingjun nodes, also virtual. @see https://www.alibabacloud.com/help/en/ack/ack-managed-and-ack-dedicated/user-guide/ack-managed-cluster-pro-version-lingjun-node-uses-rdma */
const LINGJUN = 'rdma/hca';

/**
 * NCCL settings for eRDMA on the host network: those of ACK and of Platform for AI.
 *
 * @see https://www.alibabacloud.com/help/en/pai/user-guide/erdma-distributed-training-with-high-performance-networks
 */
const ERDMA_ENV = {
  NCCL_SOCKET_IFNAME: 'eth0',
  NCCL_IB_GID_INDEX: '1',
  NCCL_IB_HCA: 'erdma',
  NCCL_IB_QPS_PER_CONNECTION: '8',
  NCCL_MIN_NCHANNELS: '16',
  NCCL_NET_PLUGIN: 'none',
};

/** On hosts without NVLink, NCCL uses GPUDirect RDMA over PCIe only with this setting. Source: the benchmark of the eRDMA controller. */
const PCIE_ENV = { NCCL_NET_GDR_LEVEL: 'SYS' };
const PCIE_FAMILIES = 'ebmgn9g';

/** NCCL settings for Lingjun nodes. @see https://www.alibabacloud.com/help/en/pai/use-a-custom-image */
const LINGJUN_ENV = {
  NCCL_SOCKET_IFNAME: 'bond0',
  NCCL_IB_TC: '136',
  NCCL_IB_SL: '5',
  NCCL_IB_GID_INDEX: '3',
  NCCL_IB_HCA: 'mlx5',
  NCCL_IB_TIMEOUT: '22',
  NCCL_IB_QPS_PER_CONNECTION: '8',
  NCCL_NET_PLUGIN: 'none',
};

/** The fabric of a machine: eRDMA, or the RDMA of Lingjun nodes. Undefined without one. */
export function fabricOf(machine: AlicloudMachine, { lingjunNodes }: Capacity): PoolFabric | undefined {
  if (lingjunNodes) {
    const pod: FabricPod = { hostNetwork: true, capabilities: ['SYS_RESOURCE'], env: variables(LINGJUN_ENV) };
    return { resource: LINGJUN, interfacesPerNode: 1, bandwidthGbps: lingjunNodes.fabricGbps, pod };
  }
  if (!machine.hasErdma) return undefined;
  const env = { ...ERDMA_ENV, ...(machine.family.startsWith(PCIE_FAMILIES) ? PCIE_ENV : {}) };
  return {
    resource: ERDMA,
    interfacesPerNode: 1,
    bandwidthGbps: machine.spec.erdmaGbps ?? machine.spec.networkGbps,
    // With GPUs, eRDMA works only on the network of the host.
    pod: { hostNetwork: true, env: variables(env) },
  };
}

function variables(values: Readonly<Record<string, string>>): EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/**
 * Raises the limit of locked memory before ACK installs containerd. The provider has the setting `limit_mem_lock` from version 1.288 on.
 *
 * Without it, `ibv_create_qp` fails with ENOMEM.
 */
export const MEMLOCK_SCRIPT = `#!/bin/bash
set -euo pipefail
mkdir -p /etc/systemd/system/containerd.service.d
printf '[Service]\\nLimitMEMLOCK=infinity\\n' > /etc/systemd/system/containerd.service.d/90-memlock.conf
systemctl daemon-reload
`;
