import { Stack } from 'aws-cdk-lib';
import {
  CfnSecurityGroupEgress,
  type IConnectable,
  type ISecurityGroup,
  type IVpc,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct, IConstruct } from 'constructs';

/** Properties for `lustreSecurityGroup`. */
export interface LustreSecurityGroupProps {
  readonly vpc: IVpc;
  /** Whether the file system speaks EFA, which demands all traffic from and to itself. */
  readonly efa: boolean;
}

/** The group of some file servers. */
export interface LustreSecurityGroup {
  readonly group: SecurityGroup;
  /** The rules among the file servers, which are resources of their own. */
  readonly selfRules: readonly IConstruct[];
}

/**
 * The group of the file servers: Lustre among themselves, and no other way out.
 *
 * FSx checks these rules when it creates the file system, and refuses with "Insufficient security group permissions to create an
 * EFA-enabled file system" otherwise: the file system must wait for `selfRules`.
 *
 * @see https://docs.aws.amazon.com/fsx/latest/LustreGuide/limit-access-security-groups.html
 */
export function lustreSecurityGroup(
  scope: Construct,
  id: string,
  { vpc, efa }: LustreSecurityGroupProps,
): LustreSecurityGroup {
  const group = new SecurityGroup(scope, id, {
    vpc,
    description: 'FSx for Lustre file servers',
    allowAllOutbound: false,
  });
  const before = new Set(group.node.children);
  for (const port of portsOf(efa)) {
    group.addIngressRule(group, port, 'Lustre from the file servers');
    group.addEgressRule(group, port, 'Lustre to the file servers');
  }
  return { group, selfRules: group.node.children.filter((child) => !before.has(child)) };
}

/**
 * Opens the way between file servers and clients on both sides, in both directions: the servers call back.
 *
 * In different stacks every rule stands in that of the clients, which depend on the file system anyhow.
 */
export function allowLustreClients(server: IConnectable, clients: IConnectable, efa: boolean): void {
  for (const client of clients.connections.securityGroups) {
    for (const group of server.connections.securityGroups) {
      for (const port of portsOf(efa)) {
        client.addIngressRule(group, port, 'Lustre from the file servers');
        group.addIngressRule(client, port, 'Lustre from clients', true);
        if (!group.allowAllOutbound) group.addEgressRule(client, port, 'Lustre to clients', true);
        if (!client.allowAllOutbound) client.addEgressRule(group, port, 'Lustre to the file servers');
      }
      if (!efa) continue;
      if (client.allowAllOutbound) efaEgress(Stack.of(client), client, group);
      if (group.allowAllOutbound) efaEgress(Stack.of(client), group, client);
    }
  }
}

/** EFA takes no egress rule to 0.0.0.0/0 for one to the group, and the L2 adds none to the group where it has the former. */
function efaEgress(scope: Stack, from: ISecurityGroup, to: ISecurityGroup): void {
  const id = `LustreEfa${from.node.addr}${to.node.addr}`;
  if (scope.node.tryFindChild(id)) return;
  new CfnSecurityGroupEgress(scope, id, {
    groupId: from.securityGroupId,
    destinationSecurityGroupId: to.securityGroupId,
    ipProtocol: '-1',
    description: 'Lustre over EFA',
  });
}

/** The TCP ports of Lustre, its network layer and the range that its peers answer on; with EFA, everything. */
function portsOf(efa: boolean): Port[] {
  const ports = [Port.tcp(988), Port.tcpRange(1018, 1023)];
  return efa ? [...ports, Port.allTraffic()] : ports;
}
