import {
  type Connections,
  type IConnectable,
  type ISecurityGroup,
  type IVpc,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { assertProps } from '../../core/prop-schema';
import { EFA_SECURITY_GROUP_PROPS } from '../prop-schemas';

/** Properties for `EfaSecurityGroup`. */
export interface EfaSecurityGroupProps {
  /** VPC of the nodes. */
  readonly vpc: IVpc;
  /** Description of the security group. @default 'EFA traffic between the nodes of one fabric' */
  readonly description?: string;
}

/**
 * A security group for the nodes of one fabric: it allows all traffic from and to itself, and nothing else.
 *
 * EFA requires both rules. An egress rule to 0.0.0.0/0 does not replace the second one, and with the L2 default `allowAllOutbound` the CDK
 * drops that rule. IP traffic of EKS nodes uses the cluster security group on their first interface.
 *
 * @example
 * ```ts
 * import { EfaSecurityGroup } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 * import { Vpc } from 'aws-cdk-lib/aws-ec2';
 *
 * const stack = new Stack(new App(), 'Network');
 * new EfaSecurityGroup(stack, 'Fabric', { vpc: new Vpc(stack, 'Vpc') });
 * ```
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-start.html#efa-start-security
 */
export class EfaSecurityGroup extends Construct implements IConnectable {
  /** The security group. */
  public readonly securityGroup: ISecurityGroup;
  /** Connections of the security group. */
  public readonly connections: Connections;

  constructor(scope: Construct, id: string, props: EfaSecurityGroupProps) {
    super(scope, id);
    assertProps(props, EFA_SECURITY_GROUP_PROPS, { scope: this });
    // The child is named 'Default', so that its logical ID is the ID of this construct. A subclass would load all of EC2 with the module.
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
