import { type ISubnet, type IVpc, Peer, Port, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { selectSubnets } from '../network/node-subnets';

/** Network of the containers in a VPC. */
export interface EndpointNetwork {
  readonly securityGroup: SecurityGroup;
  readonly subnets: readonly ISubnet[];
}

/** Subnets of an endpoint: the selected ones, or the private ones, or the isolated ones. */
export function endpointSubnets(vpc: IVpc, selection?: SubnetSelection): ISubnet[] {
  if (selection) return selectSubnets(vpc, selection);
  return vpc.privateSubnets.length > 0 ? vpc.privateSubnets : vpc.isolatedSubnets;
}

/**
 * Creates the network of an endpoint in a VPC. No ingress: requests reach containers through SageMaker. Egress is HTTPS, which SageMaker
 * uses to download the model. The S3 gateway endpoint has public addresses, so the rule allows every address.
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

/** The VPC configuration of SageMaker. */
export function vpcConfigOf(network: EndpointNetwork | undefined) {
  return (
    network && {
      securityGroupIds: [network.securityGroup.securityGroupId],
      subnets: network.subnets.map(({ subnetId }) => subnetId),
    }
  );
}
