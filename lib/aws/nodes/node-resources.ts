import type { EfaNodeGroup } from './efa-node-group';
import type { AwsMachine } from '../machine/machine';
import { hugePagesOf } from './node-user-data';

/** What pods ask for to get an EFA interface. */
export const EFA_RESOURCE = 'vpc.amazonaws.com/efa';

/** What pods ask for to get an accelerator, which is also the key of the taint that keeps other pods away. */
export function acceleratorResource(machine: AwsMachine): 'nvidia.com/gpu' | 'aws.amazon.com/neuron' {
  return machine.isNeuron ? 'aws.amazon.com/neuron' : 'nvidia.com/gpu';
}

const NODE_TEMPLATE = 'k8s.io/cluster-autoscaler/node-template/resources';

/**
 * What a node of an empty group would offer: the autoscaler reads it off the group's tags, since it knows neither EFA nor huge pages.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
 */
export function scaleFromZeroTags(group: EfaNodeGroup): Record<string, string> {
  const efa = group.efaInterfacesPerNode;
  const offers = {
    [acceleratorResource(group.machine)]: Math.ceil(group.machine.spec.accelerators),
    ...(efa > 0 && { [EFA_RESOURCE]: efa, 'hugepages-2Mi': `${2 * hugePagesOf(group)}Mi` }),
  };
  return Object.fromEntries(
    Object.entries(offers).map(([resource, quantity]) => [`${NODE_TEMPLATE}/${resource}`, String(quantity)]),
  );
}
