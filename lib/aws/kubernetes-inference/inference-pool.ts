import type { AcceleratorPool } from '../../kubernetes';
import { acceleratorPool, poolLabels } from '../nodes/accelerator-pool';
import type { EfaNodeGroup } from '../nodes/efa-node-group';
import { acceleratorResource } from '../nodes/node-resources';
import { acceleratorsOf } from './replica-layout';
import type { ResolvedInference } from './resolved-inference';

/** The node pool for the Kubernetes layer: a managed node group, or the nodes that Karpenter will create. */
export function acceleratorPoolOf({ props, machines }: ResolvedInference, group?: EfaNodeGroup): AcceleratorPool {
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
