import { objectOf, type PropType, required, STRING } from '../../core/prop-schema';
import { gatewayAuthorization } from '../../core/prop-types';
import type { IAksCluster } from '../cluster/cluster-source';
import { RESOURCE_GROUP } from '../prop-schemas';

/** A cluster, as an object of its attributes or as a construct. */
export const AKS_CLUSTER: PropType = objectOf<IAksCluster>(
  () => ({
    id: required(STRING),
    resourceGroup: required(RESOURCE_GROUP),
    nodeSubnetId: required(STRING),
    kubernetesVersion: STRING,
    principalId: STRING,
    oidcIssuerUrl: STRING,
  }),
  'an IAksCluster, such as a ControlPlane or ControlPlane.fromControlPlaneAttributes(scope, id, { … })',
);

export const GATEWAY_AUTHORIZATION: PropType = gatewayAuthorization(
  'azure',
  'Use GatewayAuthorization.entra({ audiences: […] }).',
);
