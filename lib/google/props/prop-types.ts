import { hasMembers, type PropType, propType } from '../../core/prop-schema';
import { GKE_VERSION as VERSION } from '../nodes/node-pool-checks';

export const GKE_VERSION: PropType = propType(
  'a GKE version, for example 1.34',
  (value) => typeof value === 'string' && VERSION.test(value),
  'Copy it from `gcloud container get-server-config`.',
  'GkeVersion',
);

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

export const TIME_OF_DAY: PropType = propType(
  'a time in UTC as HH:MM',
  (value) => typeof value === 'string' && TIME.test(value),
  'For example, use 22:00.',
  'MaintenanceWindow',
);

/** Networks of a pool. The plan of a cluster has them before the construct exists. */
export const ACCELERATOR_NETWORKS: PropType = hasMembers(
  'AcceleratorNetworks',
  ['networks', 'machine', 'zone'],
  'Use new AcceleratorNetworks(scope, id, { machine, zone }).',
);
