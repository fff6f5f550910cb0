import { type IVpc, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { demand, required, type Shape, TEXT } from '../../core/shapes';
import { VPC } from '../props/shapes';

/** Properties for `EfaSecurityGroup`. */
export interface EfaSecurityGroupProps {
  readonly vpc: IVpc;
  /** @default 'EFA traffic between the nodes of one fabric' */
  readonly description?: string;
}

const FABRIC: Shape<EfaSecurityGroupProps> = { vpc: required(VPC), description: TEXT };

/**
 * The group that lets nodes of one fabric talk: all traffic from itself and to itself, by name.
 *
 * EFA demands both self rules; an egress rule to 0.0.0.0/0 does not stand in for the second. The L2 default, `allowAllOutbound`,
 * would drop that rule with only a warning. There is no other way out through this group: IP traffic of EKS nodes leaves through
 * the cluster security group on their first interface.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-start.html#efa-start-security
 */
export class EfaSecurityGroup extends SecurityGroup {
  constructor(scope: Construct, id: string, props: EfaSecurityGroupProps) {
    demand(props, FABRIC, { scope });
    super(scope, id, {
      vpc: props.vpc,
      description: props.description ?? 'EFA traffic between the nodes of one fabric',
      allowAllOutbound: false,
    });
    this.addIngressRule(this, Port.allTraffic(), 'EFA from the same fabric');
    this.addEgressRule(this, Port.allTraffic(), 'EFA to the same fabric');
  }
}
