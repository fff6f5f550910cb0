/** A vSwitch: the subnet of a VPC in one zone. */
export interface ZoneVswitch {
  /** Zone of the vSwitch, for example `cn-hangzhou-i`. */
  readonly zone: string;
  /** ID of the vSwitch. */
  readonly vswitchId: string;
  /** CIDR block of the vSwitch. @default - unknown; overlaps are not detected */
  readonly cidr?: string;
}

/** The network of a workload: a new `MlNetwork` or an existing network. */
export interface IMlNetwork {
  /** ID of the VPC. */
  readonly vpcId: string;
  /** Region of the VPC. */
  readonly region: string;
  /** ID of the security group of nodes and pods. */
  readonly securityGroupId: string;
  /** vSwitches of nodes, file systems, and endpoints: one for each zone. */
  readonly vswitches: readonly ZoneVswitch[];
  /** vSwitches of pods: one for each zone. @default - none; pods cannot use Terway */
  readonly podVswitches?: readonly ZoneVswitch[];
  /** CIDR block of the Kubernetes services, outside the VPC. @default - unknown; a new cluster needs it */
  readonly serviceCidr?: string;
}

/** Zones of a network. */
export function zonesOf({ vswitches }: IMlNetwork): readonly string[] {
  return vswitches.map(({ zone }) => zone);
}

/** The vSwitch of nodes in a zone. Undefined if the network has none there. */
export function vswitchIn({ vswitches }: IMlNetwork, zone: string): ZoneVswitch | undefined {
  return vswitches.find((vswitch) => vswitch.zone === zone);
}
