import type { ProblemCollector } from '../../core/errors';
import { AzureMarket, Capacity } from '../capacity/capacity';
import type { UncheckedPool } from './node-pool-checks';

/**
 * Adds each contradiction between placement and capacity.
 *
 * @see https://learn.microsoft.com/en-us/azure/aks/reduce-latency-ppg
 * @see https://learn.microsoft.com/en-us/azure/aks/use-capacity-reservation-groups
 */
export function checkPlacement(problems: ProblemCollector, props: UncheckedPool): void {
  const { compactPlacement = false, machine, zone, cluster, capacity = Capacity.onDemand() } = props;
  const add = (allowed: string, fix: string) => {
    problems.add({ code: 'PlacementInvalid', prop: 'compactPlacement', allowed, got: compactPlacement, fix });
  };
  if (compactPlacement && machine.infiniband)
    add(`left out for ${machine.name}, whose scale set is always in one fabric`, 'Remove compactPlacement.');
  if (compactPlacement && zone === undefined)
    add('used together with `zone`, because a proximity placement group is in one zone', 'Set the zone of the nodes.');
  if (compactPlacement && capacity.market === AzureMarket.RESERVATION)
    add('left out with a capacity reservation', 'Remove compactPlacement, or use Capacity.onDemand().');
  if (capacity.market !== AzureMarket.RESERVATION || cluster.principalId !== undefined) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'cluster.principalId',
    allowed: 'the identity of the control plane, which becomes Contributor of the resource group of the reservation',
    got: undefined,
    fix: 'Pass a ControlPlane, or set the object id of the cluster identity.',
  });
}
