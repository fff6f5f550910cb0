import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import {
  BOOLEAN,
  listOf,
  objectOf,
  oneOf,
  type PropSchema,
  propType,
  required,
  STRING,
  validateProps,
} from '../../core/prop-schema';
import { ML_NETWORK } from '../network/network-attributes';
import { GKE_VERSION } from '../nodes/gke-version';
import { checkSystemNodes, SYSTEM_NODES } from '../nodes/system-node-pool';
import { checkKeyRegion, ENCRYPTION_KEY } from '../operations/encryption-key';
import { checkRegion, isIn } from '../props/location';
import { addNetworkRegion, checkRangeNames } from './cluster-network';
import { ApiAccess, type ControlPlaneProps, type NewClusterOptions, ReleaseChannel } from './control-plane-props';
import { checkMaintenance, CLUSTER_MAINTENANCE } from './maintenance-checks';

const SHARED: PropSchema<Omit<NewClusterOptions, 'admins' | 'systemNodes'>> = {
  releaseChannel: oneOf(Object.values(ReleaseChannel)),
  kubernetesVersion: propType(
    'a GKE version, for example 1.34',
    (value) => typeof value === 'string' && GKE_VERSION.test(value),
    'Copy it from `gcloud container get-server-config`.',
    'GkeVersion',
  ),
  maintenance: CLUSTER_MAINTENANCE,
  zones: listOf(STRING),
  encryptionKey: ENCRYPTION_KEY,
  apiAccess: oneOf(Object.values(ApiAccess)),
  authorizedCidrs: listOf(STRING),
  betaApis: listOf(STRING),
  legacyLustrePort: BOOLEAN,
  deletionProtection: BOOLEAN,
};

/** The types of the options of a new cluster. */
export const NEW_CLUSTER: PropSchema<NewClusterOptions> = {
  ...SHARED,
  admins: listOf(STRING),
  systemNodes: objectOf(SYSTEM_NODES, 'system nodes { machineType, minNodesPerZone, maxNodesPerZone }'),
};

const CONTROL_PLANE: PropSchema<ControlPlaneProps> = {
  ...SHARED,
  region: required(STRING),
  network: ML_NETWORK,
  serviceAccount: STRING,
  shieldedNodes: BOOLEAN,
};

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
  if (validateProps(problems, props, CONTROL_PLANE)) {
    const { region, network } = props;
    checkRegion(problems, 'region', region);
    checkNewCluster(problems, props, region);
    if (network && network.region !== region) addNetworkRegion(problems, network, region);
    checkRangeNames(problems, network);
  }
  problems.throwIfAny(scope);
}
