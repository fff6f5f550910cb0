import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { Capacity } from '../capacity/capacity';
import { privateSubnets } from '../cluster/control-plane';
import { trialVpc, zonesOf } from '../network/ml-vpc';
import { checkZones } from '../network/ml-vpc-checks';
import { checkSubnets, chooseNodeSubnets, selectSubnets, type SubnetsOfVpc } from '../network/node-subnets';
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

/** What a new VPC will look like; nothing where its zones are wrong. */
function newVpc(problems: Problems, props: TrainingClusterProps, scope: Construct): SubnetsOfVpc | undefined {
  const zones = zonesOf(scope, props);
  const found = new Problems();
  checkZones(found, zones);
  for (const problem of found.all) problems.add(problem);
  return found.all.length > 0 ? undefined : trialVpc(zones);
}
