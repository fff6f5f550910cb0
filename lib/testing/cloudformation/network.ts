import type { Exposure, Sections } from '../architecture';
import {
  EVERYONE,
  details,
  type Reader,
  type Readers,
  type Resource,
  type View,
  type Props,
  record,
  records,
} from '../view';
import { isPublic } from './compute';

/** Readers of networks and security groups. */
export const NETWORK_READERS: Readers = {
  'AWS::EC2::VPC': vpc,
  'AWS::EC2::Subnet': inVpc,
  'AWS::EC2::VPCEndpoint': inVpc,
  'AWS::EC2::NatGateway': ({ props }, view) => (vpcOfSubnet(view, props.SubnetId) ? {} : undefined),
  'AWS::EC2::SecurityGroup': ({ name, props }, view) => {
    const exposure = records(props.SecurityGroupIngress).flatMap((rule) => opening(view, name, rule));
    return exposure.length > 0 ? { exposure } : undefined;
  },
  'AWS::EC2::SecurityGroupIngress': ({ name, props }, view) => {
    const exposure = opening(view, view.find(props.GroupId)?.name ?? name, props);
    return exposure.length > 0 ? { exposure } : undefined;
  },
};

function inVpc({ props }: Resource, view: View): ReturnType<Reader> {
  return view.find(props.VpcId) ? {} : undefined;
}

function vpcOfSubnet(view: View, subnet: unknown): Resource | undefined {
  return view.find(view.find(subnet)?.props.VpcId);
}

function vpc(resource: Resource, view: View): Partial<Sections> {
  const mine = (type: string) => view.ofType(type).filter(({ props }) => view.find(props.VpcId) === resource);
  const subnets = mine('AWS::EC2::Subnet');
  const open = subnets.filter((subnet) => isPublic(view, subnet)).length;
  const gateways = view
    .ofType('AWS::EC2::NatGateway')
    .filter(({ props }) => vpcOfSubnet(view, props.SubnetId) === resource);
  const ofGateways = new Set(gateways.map(({ props }) => view.find(props.SubnetId)));
  // These subnets have a route to the internet, but do not assign public IP addresses.
  const between = subnets.filter((subnet) => ofGateways.has(subnet) && !isPublic(view, subnet)).length;
  const inside = subnets.length - open - between;
  const services = mine('AWS::EC2::VPCEndpoint').map(({ props }) => serviceOf(view.joined(props.ServiceName)));
  return {
    network: [
      {
        name: resource.name,
        kind: 'VPC',
        ...details({
          range: view.text(resource.props.CidrBlock),
          subnets: [
            open > 0 && `${open} public`,
            between > 0 && `${between} of gateways`,
            inside > 0 && `${inside} private`,
          ]
            .filter(Boolean)
            .join(', '),
          'nat gateways': gateways.length > 0 && String(gateways.length),
          endpoints: [...new Set(services)].sort().join(', '),
        }),
      },
    ],
  };
}

/** Returns `s3` for `com.amazonaws.<region>.s3`, for any form of the region. */
function serviceOf(name: string): string {
  return name
    .replace(/^(?:[a-z]+\.)*?(?:com|aws)\.(?:amazonaws|api)\.[\w-]+\./, '')
    .replace(/^.*vpce-svc-\w+$/, 'a private service');
}

function opening(view: View, name: string, rule: Props): Exposure[] {
  const from = [view.text(rule.CidrIp), view.text(rule.CidrIpv6)].find((range) => EVERYONE.includes(range ?? ''));
  if (from === undefined) return [];
  return [{ name, kind: 'security group', why: `${portsOf(view, record(rule))} from ${from}` }];
}

function portsOf(view: View, { IpProtocol, FromPort, ToPort }: Props): string {
  const protocol = view.text(IpProtocol) ?? '-1';
  if (protocol === '-1') return 'every port';
  const [first, last] = [view.text(FromPort), view.text(ToPort)];
  return [protocol, first === last || last === undefined ? first : `${first ?? '0'}-${last}`].filter(Boolean).join(' ');
}
