import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { checkSystemNodes } from '../nodes/system-node-pool';
import { checkKeyRegion } from '../operations/encryption-key';
import { checkRegion, isIn } from '../props/location';
import { addNetworkRegion, checkRangeNames } from './cluster-network';
import type { ControlPlaneProps, NewClusterOptions } from './control-plane-props';
import { checkMaintenance } from './maintenance-checks';
import { CONTROL_PLANE_PROPS } from '../prop-schemas';

/** Adds each problem in the options of a new cluster, except the network. */
export function checkNewCluster(problems: ProblemCollector, options: NewClusterOptions, region: string): void {
  checkKeyRegion(problems, options.encryptionKey, region);
  checkMaintenance(problems.within('maintenance'), options.maintenance);
  options.zones?.forEach((zone, index) => {
    if (isIn(zone, region)) return;
    problems.add({
      code: 'LocationInvalid',
      prop: `zones[${index}]`,
      allowed: `a zone of ${region}`,
      got: zone,
      fix: 'Use zones of the region of the cluster.',
    });
  });
  if (options.systemNodes) checkSystemNodes(problems.within('systemNodes'), options.systemNodes);
}

/** Throws an error with each problem in the props of a control plane. */
export function checkControlPlane(scope: Construct, props: ControlPlaneProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, CONTROL_PLANE_PROPS)) {
    const { region, network } = props;
    checkRegion(problems, 'region', region);
    checkNewCluster(problems, props, region);
    if (network && network.region !== region) addNetworkRegion(problems, network, region);
    checkRangeNames(problems, network);
  }
  problems.throwIfAny(scope);
}
