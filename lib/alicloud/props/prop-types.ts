import { objectOf, type PropType, propType, required, STRING } from '../../core/prop-schema';
import type { IAckCluster } from '../cluster/cluster-source';
import { ML_NETWORK } from '../prop-schemas';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

export const TIME_OF_DAY: PropType = propType(
  'a time in UTC as HH:MM',
  (value) => typeof value === 'string' && TIME.test(value),
  'For example, use 16:00.',
  'MaintenanceWindow',
);

/** A cluster, as an object of its attributes or as a construct. */
export const ACK_CLUSTER: PropType = objectOf<IAckCluster>(
  () => ({
    id: required(STRING),
    network: required(ML_NETWORK),
    kubernetesVersion: STRING,
    oidcProviderArn: STRING,
    oidcIssuerUrl: STRING,
  }),
  'an IAckCluster, such as a ControlPlane or ControlPlane.fromControlPlaneAttributes(scope, id, { … })',
);
