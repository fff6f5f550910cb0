import type { Problems } from '../../core/errors';
import { Capacity } from '../capacity/capacity';
import type { AcceleratorNodePoolProps } from './node-pool-options';

/**
 * Adds what contradicts itself in where nodes stand and how they are reserved.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/reduce-latency-ppg
 * @see https://learn.microsoft.com/en-us/azure/aks/use-capacity-reservation-groups
 */
export function checkPlacement(problems: Problems, props: AcceleratorNodePoolProps): void {
  const { proximity = false, machine, zone, cluster, capacity = Capacity.onDemand() } = props;
  const add = (allowed: string, fix: string) => {
    problems.add({ code: 'PlacementInvalid', prop: 'proximity', allowed, got: proximity, fix });
  };
  if (proximity && machine.infiniband)
    add(`left out for ${machine.name}: its scale set stands on one fabric by itself`, 'Leave it out.');
  if (proximity && zone === undefined)
    add('with a zone: a proximity placement group stands in one', 'Name the zone of the nodes.');
  if (proximity && capacity.market === 'reservation')
    add('left out with a capacity reservation, which excludes it', 'Leave it out, or buy on demand.');
  if (capacity.market !== 'reservation' || cluster.principalId !== undefined) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'cluster.principalId',
    allowed: 'given: the identity of the control plane must be Contributor of the group of the reservation',
    got: undefined,
    fix: 'Pass a ControlPlane, or the object id of the identity of the cluster.',
  });
}
