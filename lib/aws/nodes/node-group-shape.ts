import { FLAG, listOf, NUMBER, required, type Shape, TEXT, TEXT_OR_EMPTY } from '../../core/shapes';
import { CAPACITY } from '../capacity/capacity';
import type { EfaNodeGroupOptions, EfaNodeGroupProps } from './node-group-options';
import { INTERCONNECT } from '../network/interconnect';
import { AWS_MACHINE } from '../machine/machine';
import { CLUSTER, KEY, KUBERNETES_VERSION, LABELS, ROLE, SECURITY_GROUP, SUBNET_SELECTION } from '../props/shapes';

/** The kinds of what a group of accelerator nodes is. Ranges and contradictions are judged by `checkNodeGroup`. */
export const NODE_GROUP_OPTIONS: Shape<EfaNodeGroupOptions> = {
  machine: required(AWS_MACHINE),
  nodes: required({ ...NUMBER, allowed: 'a whole number of nodes' }),
  capacity: CAPACITY,
  subnets: SUBNET_SELECTION,
  interconnect: INTERCONNECT,
  os: TEXT,
  scratch: FLAG,
  rootVolumeGiB: NUMBER,
  volumeKey: KEY,
  commands: listOf(TEXT_OR_EMPTY),
  labels: LABELS,
  ignoredXids: listOf(NUMBER),
  topologyAware: FLAG,
  nodeQuota: NUMBER,
};

export const NODE_GROUP: Shape<EfaNodeGroupProps> = {
  ...NODE_GROUP_OPTIONS,
  cluster: required(CLUSTER),
  name: TEXT,
  role: ROLE,
  securityGroup: SECURITY_GROUP,
  standingNodes: NUMBER,
  kubernetesVersion: KUBERNETES_VERSION,
};
