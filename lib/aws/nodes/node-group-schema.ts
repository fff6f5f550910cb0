import {
  BOOLEAN,
  listOf,
  NUMBER,
  objectOf,
  type PropSchema,
  type PropType,
  required,
  STRING,
  STRING_OR_EMPTY,
} from '../../core/prop-schema';
import { CAPACITY } from '../capacity/capacity';
import type { EfaNodeGroupOptions, EfaNodeGroupProps, NodeOptions } from './node-group-options';
import { INTERCONNECT } from '../network/interconnect';
import { AWS_MACHINE } from '../machine/machine';
import {
  CLUSTER,
  KEY,
  KUBERNETES_VERSION,
  LABELS,
  ROLE,
  SECURITY_GROUP,
  SIZE,
  SUBNET_SELECTION,
} from '../props/prop-types';

/** Node options. `checkNodeGroup` validates the values. */
export const NODE_OPTIONS: PropType = objectOf<NodeOptions>({
  os: STRING,
  bootDisk: SIZE,
  bootDiskKey: KEY,
  scratch: BOOLEAN,
  commands: listOf(STRING_OR_EMPTY),
  labels: LABELS,
  ignoredXids: listOf(NUMBER),
  topologyAware: BOOLEAN,
  nodeQuota: NUMBER,
});

/** Types of the options of a node group. `checkNodeGroup` validates the values. */
export const NODE_GROUP_OPTIONS: PropSchema<EfaNodeGroupOptions> = {
  machine: required(AWS_MACHINE),
  nodes: required({ ...NUMBER, allowed: 'a whole number of nodes' }),
  capacity: CAPACITY,
  subnets: SUBNET_SELECTION,
  interconnect: INTERCONNECT,
  nodeOptions: NODE_OPTIONS,
};

export const NODE_GROUP: PropSchema<EfaNodeGroupProps> = {
  ...NODE_GROUP_OPTIONS,
  cluster: required(CLUSTER),
  name: STRING,
  role: ROLE,
  securityGroup: SECURITY_GROUP,
  minNodes: NUMBER,
  kubernetesVersion: KUBERNETES_VERSION,
};
