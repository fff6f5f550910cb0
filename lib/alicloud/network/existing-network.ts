import { Construct } from 'constructs';
import { parseCidr } from '../../core/cidr';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import { checkRegion, checkZone, regionOf } from '../props/location';
import { checkId } from '../props/resource-id';
import { ML_NETWORK_ATTRIBUTES } from '../prop-schemas';
import type { IMlNetwork, ZoneVswitch } from './network-attributes';

/** Attributes of an existing network. */
export interface MlNetworkAttributes extends Pick<IMlNetwork, 'podVswitches' | 'serviceCidr'> {
  /** ID of the VPC: `vpc-…`. */
  readonly vpcId: string;
  /** Region of the VPC. */
  readonly region: string;
  /** ID of the security group of nodes and pods: `sg-…`. It must allow all traffic within the VPC. */
  readonly securityGroupId: string;
  /** vSwitches of nodes, file systems, and endpoints, with outbound internet access. */
  readonly vswitches: readonly ZoneVswitch[];
}

/** A network that exists already. */
export class ExistingNetwork extends Construct implements IMlNetwork {
  readonly vpcId: string;
  readonly region: string;
  readonly securityGroupId: string;
  readonly vswitches: readonly ZoneVswitch[];
  readonly podVswitches?: readonly ZoneVswitch[];
  readonly serviceCidr?: string;

  constructor(scope: Construct, id: string, attributes: MlNetworkAttributes) {
    super(scope, id);
    const problems = new ProblemCollector();
    if (validateProps(problems, attributes, ML_NETWORK_ATTRIBUTES, 'attributes')) check(problems, attributes);
    problems.throwIfAny(this);
    this.vpcId = attributes.vpcId;
    this.region = attributes.region;
    this.securityGroupId = attributes.securityGroupId;
    this.vswitches = attributes.vswitches;
    this.podVswitches = attributes.podVswitches;
    this.serviceCidr = attributes.serviceCidr;
  }
}

function check(problems: ProblemCollector, network: MlNetworkAttributes): void {
  const { vpcId, region, securityGroupId, vswitches, podVswitches, serviceCidr } = network;
  checkId(problems, 'vpcId', vpcId, 'vpc');
  checkId(problems, 'securityGroupId', securityGroupId, 'sg');
  checkRegion(problems, 'region', region);
  if (vswitches.length === 0) {
    const allowed = 'a list of at least one vSwitch';
    problems.add({
      code: 'ValueMissing',
      prop: 'vswitches',
      allowed,
      got: vswitches,
      fix: 'Add a vSwitch of the VPC.',
    });
  }
  checkVswitches(problems, 'vswitches', vswitches, region);
  checkVswitches(problems, 'podVswitches', podVswitches ?? [], region);
  if (serviceCidr === undefined || isUnknown(serviceCidr) || parseCidr(serviceCidr)) return;
  const allowed = 'an IPv4 CIDR block, for example 10.8.0.0/20';
  const fix = 'Start with the first address of the block.';
  problems.add({ code: 'CidrInvalid', prop: 'serviceCidr', allowed, got: serviceCidr, fix });
}

function checkVswitches(
  problems: ProblemCollector,
  prop: string,
  vswitches: readonly ZoneVswitch[],
  region: string,
): void {
  vswitches.forEach(({ zone, vswitchId }, index) => {
    const at = `${prop}[${index}]`;
    checkId(problems, `${at}.vswitchId`, vswitchId, 'vsw');
    checkZone(problems, `${at}.zone`, zone);
    if (isUnknown(region) || isUnknown(zone) || regionOf(zone) === region || regionOf(zone) === zone) return;
    const allowed = `a zone of ${region}, the region of the network`;
    problems.add({
      code: 'LocationInvalid',
      prop: `${at}.zone`,
      allowed,
      got: zone,
      fix: 'Use the same region in both.',
    });
  });
}
