import type { AcceleratorPool } from '../../kubernetes';
import { acceleratorPool, poolLabels } from '../nodes/accelerator-pool';
import type { EfaNodeGroup } from '../nodes/efa-node-group';
import { acceleratorResource } from '../nodes/node-resources';
import { acceleratorsOf } from './replica-layout';
import type { SizedInference } from './sized-inference';

/** The machines in the words of the Kubernetes layer: a group as it is, or what Karpenter will make. */
export function acceleratorPoolOf({ props, machines }: SizedInference, group?: EfaNodeGroup): AcceleratorPool {
  if (group) return acceleratorPool(group);
  const { machine, capacity, name } = props;
  const key = acceleratorResource(machine);
  return {
    name,
    machine: machine.name,
    nodes: machines,
    acceleratorResource: key,
    acceleratorsPerNode: acceleratorsOf(machine),
    acceleratorVendor: machine.chip.vendor,
    vcpus: machine.spec.vcpus,
    memoryGiB: machine.spec.memoryGiB,
    nodeLabels: poolLabels(name, machine),
    taints: [{ key, value: 'present', effect: 'NoSchedule' }],
    market: capacity.market === 'capacity-block' || capacity.market === 'reservation' ? 'reserved' : capacity.market,
  };
}
