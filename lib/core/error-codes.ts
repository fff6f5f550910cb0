/**
 * Every error code and what it means. Codes are stable: a release adds codes, and never gives an old one a new meaning.
 * `docs/errors.md` is generated from this table.
 */
export const ERROR_CODES = {
  MachineUnknown: 'The catalogue has no machine of that name.',
  MachineRowInvalid: 'A machine row given by hand contradicts itself.',
  NodesOutOfRange: 'The number of nodes is no whole number of the range that the fabric takes.',
  ValueUnknown: 'A token stands where a value must be known at synthesis.',
  EfaUnsupported: 'EFA was asked of a machine that has no EFA interface.',
  NetworkCardUnknown: 'A network card was named that the machine does not have, or that takes no EFA interface.',
  UltraServerCapacity: 'An UltraServer machine was asked for outside the capacity model that it is sold in.',
  MarketUnsupported: 'The machine is not sold in that market.',
  CapacityZone: 'Reserved capacity sits in one zone, and the nodes would be elsewhere or in several.',
  CapacityFallback: 'The fallback of spot capacity is not on-demand capacity.',
  CapacityReservationId: 'A capacity reservation id is malformed.',
  CapacityDate: 'The end of a reservation is in the past or malformed.',
  ReservationMachine: 'The reservation holds another machine type.',
  NeuronOption: 'A GPU-only option was set for a Neuron machine.',
  AmiUnsupported: 'No EKS image boots this machine with that operating system.',
  LocalNvmeMissing: 'Scratch on local NVMe was asked of a machine that has none.',
  VolumeOutOfRange: 'A volume size is outside what EBS takes.',
  LustreSize: 'The size of a Lustre file system is off the grid of the service.',
  LustreThroughput: 'The throughput per TiB of a Lustre file system is not one that the service offers.',
  LustreEfaFloor: 'A Lustre file system with EFA is smaller than, or off the step of, what EFA demands at that throughput.',
  LustreMetadata: 'The metadata performance of a Lustre file system is not one that the service offers.',
  LustreSizing: 'Size and required throughput of a Lustre file system exclude each other, or neither gives a size.',
  LustreZone: 'The file system would not be in the zone of the nodes.',
  DataPath: 'A data repository path is malformed, or collides with another.',
  DataClassFloor: 'A bucket setting is below what its data class demands.',
  BucketRetention: 'Object Lock retention is malformed, or longer than the lifecycle keeps the objects.',
  EndpointId: 'A VPC endpoint id is malformed.',
  CidrInvalid: 'A CIDR block is malformed, or of a size that a VPC does not take.',
  CidrOverlap: 'Two address ranges overlap.',
  GroupDuplicate: 'Two accelerator groups share a name.',
  GroupName: 'The name of an accelerator group is no DNS label.',
  GroupsMissing: 'A training cluster has no accelerator group.',
  ClusterOption: 'A cluster option contradicts another.',
  KubernetesVersion: 'The Kubernetes version does not run this machine.',
  TagMissing: 'A required cost-allocation key is missing.',
  TagValue: 'A tag value is one that some cloud refuses.',
  TagKey: 'A tag key is one that some cloud refuses.',
  BudgetInvalid: 'A budget amount or notification is malformed.',
  StackTooLarge: 'A stack is over a CloudFormation limit.',
} as const;

/** A stable error code of this library. */
export type ErrorCode = keyof typeof ERROR_CODES;
