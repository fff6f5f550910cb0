import type { AcceleratorPool, SystemNodes } from '../../lib/kubernetes';

/** System nodes in these tests. */
export const SYSTEM: SystemNodes = { labels: { 'node-role': 'system' } };

/** Pool of 16 p5.48xlarge with all EFA interfaces, with optional changes. */
export function h100(changes: Partial<AcceleratorPool> = {}): AcceleratorPool {
  return {
    name: 'h100',
    machine: 'p5.48xlarge',
    nodes: 16,
    acceleratorResource: 'nvidia.com/gpu',
    acceleratorsPerNode: 8,
    acceleratorVendor: 'NVIDIA',
    vcpus: 192,
    memoryGiB: 2048,
    fabric: { resource: 'vpc.amazonaws.com/efa', interfacesPerNode: 32, bandwidthGbps: 3200 },
    hugepages2MiB: 5128,
    nodeLabels: {},
    taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }],
    ...changes,
  };
}

/** Pool of 4 trn1.32xlarge. */
export function trainium(changes: Partial<AcceleratorPool> = {}): AcceleratorPool {
  return {
    name: 'trn1',
    machine: 'trn1.32xlarge',
    nodes: 4,
    acceleratorResource: 'aws.amazon.com/neuron',
    acceleratorsPerNode: 16,
    acceleratorVendor: 'AWS',
    vcpus: 128,
    memoryGiB: 512,
    fabric: { resource: 'vpc.amazonaws.com/efa', interfacesPerNode: 8, bandwidthGbps: 800 },
    hugepages2MiB: 5128,
    nodeLabels: {},
    taints: [{ key: 'aws.amazon.com/neuron', effect: 'NoSchedule' }],
    ...changes,
  };
}

/** Pool with an UltraServer of 18 p6e-gb200.36xlarge. */
export function gb200(changes: Partial<AcceleratorPool> = {}): AcceleratorPool {
  return {
    ...h100(),
    name: 'gb200',
    machine: 'p6e-gb200.36xlarge',
    nodes: 18,
    acceleratorsPerNode: 4,
    vcpus: 144,
    memoryGiB: 960,
    fabric: { resource: 'vpc.amazonaws.com/efa', interfacesPerNode: 16, bandwidthGbps: 3200 },
    market: 'reserved',
    topologyLevels: ['nvidia.com/gpu.clique'],
    multiNodeScaleUp: true,
    ...changes,
  };
}
