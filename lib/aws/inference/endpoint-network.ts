import { type ISubnet, type IVpc, Peer, Port, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { selectSubnets } from '../network/node-subnets';

/** Where containers of an endpoint are in a VPC. */
export interface EndpointNetwork {
  readonly securityGroup: SecurityGroup;
  readonly subnets: readonly ISubnet[];
}

/** The subnets of an endpoint: those selected, else the private ones, else the isolated ones. */
export function endpointSubnets(vpc: IVpc, selection?: SubnetSelection): ISubnet[] {
  if (selection) return selectSubnets(vpc, selection);
  return vpc.privateSubnets.length > 0 ? vpc.privateSubnets : vpc.isolatedSubnets;
}

/**
 * The place of an endpoint in a VPC. Nothing comes in: requests reach containers through SageMaker. Out goes HTTPS, by which SageMaker
 * fetches the model; a gateway endpoint of S3 has public addresses, so the rule names none.
 */
export function endpointNetwork(scope: Construct, vpc: IVpc, selection?: SubnetSelection): EndpointNetwork {
  const securityGroup = new SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: 'Containers that serve models: nothing in, HTTPS out',
    allowAllOutbound: false,
  });
  securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'Models from S3');
  return { securityGroup, subnets: endpointSubnets(vpc, selection) };
}

/** That place as SageMaker takes it. */
export function vpcConfigOf(network: EndpointNetwork | undefined) {
  return (
    network && {
      securityGroupIds: [network.securityGroup.securityGroupId],
      subnets: network.subnets.map(({ subnetId }) => subnetId),
    }
  );
}
