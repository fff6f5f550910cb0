import type { EfaNodeGroup } from './efa-node-group';
import type { AwsMachine } from '../machine/machine';
import { hugePagesOf } from './node-user-data';

/** The resource that pods request for an EFA interface. */
export const EFA_RESOURCE = 'vpc.amazonaws.com/efa';

/** The resource that pods request for an accelerator. Also the key of the taint that keeps other pods away. */
export function acceleratorResource(machine: AwsMachine): 'nvidia.com/gpu' | 'aws.amazon.com/neuron' {
  return machine.isNeuron ? 'aws.amazon.com/neuron' : 'nvidia.com/gpu';
}

const NODE_TEMPLATE = 'k8s.io/cluster-autoscaler/node-template/resources';

/**
 * Tags with the resources of a node, for a group without nodes. The autoscaler cannot derive EFA and huge pages from the machine type.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
 */
export function scaleFromZeroTags(group: EfaNodeGroup): Record<string, string> {
  const efa = group.efaInterfacesPerNode;
  const resources = {
    [acceleratorResource(group.machine)]: Math.ceil(group.machine.spec.accelerators),
    ...(efa > 0 && { [EFA_RESOURCE]: efa, 'hugepages-2Mi': `${2 * hugePagesOf(group)}Mi` }),
  };
  return Object.fromEntries(
    Object.entries(resources).map(([resource, quantity]) => [`${NODE_TEMPLATE}/${resource}`, String(quantity)]),
  );
}
