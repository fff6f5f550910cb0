import type { CloudNodes, Hardware } from './allocatable';
import type { NodeDevices } from './devices';
import type { Manifest } from '../objects';
import type { Taint } from '../../../lib/kubernetes';

/** Group of equal nodes, as a template describes it. */
export interface NodeGroup {
  /** Name of the group in its template. */
  readonly name: string;
  /** Number of nodes at first. */
  readonly nodes: number;
  /** Maximum number of nodes. */
  readonly maxNodes: number;
  /** Name of the machine type. */
  readonly machine: string;
  /** Cores and memory of the machine type. */
  readonly hardware: Hardware;
  /** Other resources of a node, for example accelerators. */
  readonly resources: Readonly<Record<string, string>>;
  /** Labels of the template and of the cloud. */
  readonly labels: Readonly<Record<string, string>>;
  /** Taints of the template and of the cloud. */
  readonly taints: readonly Taint[];
  /** Processor architecture. @default 'amd64' */
  readonly arch?: 'amd64' | 'arm64';
  /** Devices that drivers publish for each node. @default - none */
  readonly devices?: readonly NodeDevices[];
  /** Labels that describe the place of a node in the network. @default - none */
  readonly place?: (index: number) => Readonly<Record<string, string>>;
}

/** Returns a node of a group for kwok. Nodes with the same number have the same place. */
export function nodeOf(group: NodeGroup, cloud: CloudNodes, index: number): Manifest {
  const { arch = 'amd64' } = group;
  const name = `${group.name}-${index}`.toLowerCase();
  const { milliCpu, memoryMiB } = cloud.allocatable(group.hardware);
  const shared = { pods: '110', 'ephemeral-storage': '1Ti', ...group.resources };
  const hugepages = Number(/^(\d+)Mi$/.exec(group.resources['hugepages-2Mi'] ?? '0Mi')?.[1]);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': arch,
        'node.kubernetes.io/instance-type': group.machine,
        ...group.labels,
        ...group.place?.(index),
      },
    },
    spec: { taints: group.taints },
    status: {
      capacity: { ...shared, cpu: String(group.hardware.vcpus), memory: `${group.hardware.memoryGiB * 1024}Mi` },
      allocatable: { ...shared, cpu: `${milliCpu}m`, memory: `${memoryMiB - hugepages}Mi` },
      nodeInfo: {
        ...{ architecture: arch, operatingSystem: 'linux', kubeletVersion: 'v1.36.0', osImage: 'kwok' },
        ...{ bootID: '', containerRuntimeVersion: 'kwok', kernelVersion: 'kwok', kubeProxyVersion: '' },
        ...{ machineID: '', systemUUID: '' },
      },
    },
  };
}

/** Returns a daemon set that requests what the agents of a cloud request on every node. */
export function agentsOf({ agents }: CloudNodes): Manifest {
  const labels = { app: 'cloud-agents' };
  const requests = { cpu: `${agents.milliCpu}m`, memory: `${agents.memoryMiB}Mi` };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'cloud-agents', namespace: 'kube-system' },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          priorityClassName: 'system-node-critical',
          tolerations: [{ operator: 'Exists' }],
          containers: [{ name: 'agents', image: 'agents', resources: { requests } }],
        },
      },
    },
  };
}
