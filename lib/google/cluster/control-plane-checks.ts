import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { FLAG, fits, kind, listOf, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { ML_NETWORK } from '../network/network-attributes';
import { GKE_VERSION } from '../nodes/gke-version';
import { checkKeyRegion, ENCRYPTION_KEY } from '../operations/encryption-key';
import { checkRegion, isIn } from '../props/location';
import { checkRangeNames } from './cluster-option-checks';
import { ApiAccess, type ControlPlaneProps, ReleaseChannel } from './control-plane-props';
import { checkMaintenance, CLUSTER_MAINTENANCE } from './maintenance-checks';

const SHAPE: Shape<ControlPlaneProps> = {
  region: required(TEXT),
  network: ML_NETWORK,
  releaseChannel: oneOf(Object.values(ReleaseChannel)),
  version: kind(
    'a GKE version, e.g. 1.34',
    (value) => typeof value === 'string' && GKE_VERSION.test(value),
    'Copy it from `gcloud container get-server-config`.',
    'GkeVersion',
  ),
  maintenance: CLUSTER_MAINTENANCE,
  zones: listOf(TEXT),
  encryptionKey: ENCRYPTION_KEY,
  apiAccess: oneOf(Object.values(ApiAccess)),
  authorizedCidrs: listOf(TEXT),
  betaApis: listOf(TEXT),
  legacyLustrePort: FLAG,
  serviceAccount: TEXT,
  shieldedNodes: FLAG,
  deletionProtection: FLAG,
};

/** Throws with everything that is wrong in the props of a control plane. */
export function checkControlPlane(scope: Construct, props: ControlPlaneProps): void {
  const problems = new Problems();
  if (fits(problems, props, SHAPE)) {
    const { region, network } = props;
    checkRegion(problems, 'region', region);
    checkKeyRegion(problems, props.encryptionKey, region);
    checkMaintenance(problems.within('maintenance'), props.maintenance);
    if (network && network.region !== region) {
      problems.add({
        code: 'LocationInvalid',
        prop: 'network',
        allowed: `a network with nodes in ${region}`,
        got: network.region,
        fix: 'Put all in one region.',
      });
    }
    checkRangeNames(problems, network);
    props.zones?.forEach((zone, index) => {
      if (isIn(zone, props.region)) return;
      const allowed = `a zone of ${props.region}`;
      problems.add({
        code: 'LocationInvalid',
        prop: `zones[${index}]`,
        allowed,
        got: zone,
        fix: 'Name zones of the region of the cluster.',
      });
    });
  }
  problems.throwIfAny(scope);
}
