import type { Construct } from 'constructs';
import { type Problems } from '../../core/errors';
import { Capacity } from '../capacity/capacity';
import { privateSubnets } from '../cluster/control-plane';
import { newVpc } from '../network/ml-vpc';
import { checkSubnets, chooseNodeSubnets, selectSubnets } from '../network/node-subnets';
import type { TrainingClusterProps } from './training-cluster-props';

/** Adds what is wrong with the places of a training cluster: zones, and subnets of each group and of the control plane. */
export function checkNetwork(problems: Problems, props: TrainingClusterProps, scope: Construct): void {
  const vpc = props.vpc ?? props.cluster?.vpc ?? newVpc(problems, props, scope);
  if (!vpc) return;
  for (const [name, { subnets, capacity = Capacity.onDemand() }] of Object.entries({ ...props.groups, '': props })) {
    chooseNodeSubnets(name ? problems.within(`groups.${name}`) : problems, vpc, subnets, capacity);
  }
  const { cluster, controlPlaneSubnets: selection } = props;
  if (cluster) return;
  if (selection) checkSubnets(problems, 'controlPlaneSubnets', selectSubnets(vpc, selection));
  else checkSubnets(problems, 'vpc', privateSubnets(vpc));
}
