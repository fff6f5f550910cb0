import {
  type Connections,
  type IConnectable,
  type ISecurityGroup,
  type IVpc,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
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
export class EfaSecurityGroup extends Construct implements IConnectable {
  public readonly securityGroup: ISecurityGroup;
  public readonly connections: Connections;

  constructor(scope: Construct, id: string, props: EfaSecurityGroupProps) {
    super(scope, id);
    demand(props, FABRIC, { scope: this });
    // Its default child, so that the id of the group is that of this construct. It is no subclass: that would load all of EC2 with it.
    this.securityGroup = new SecurityGroup(this, 'Default', {
      vpc: props.vpc,
      description: props.description ?? 'EFA traffic between the nodes of one fabric',
      allowAllOutbound: false,
    });
    this.connections = this.securityGroup.connections;
    this.securityGroup.addIngressRule(this.securityGroup, Port.allTraffic(), 'EFA from the same fabric');
    this.securityGroup.addEgressRule(this.securityGroup, Port.allTraffic(), 'EFA to the same fabric');
  }
}
