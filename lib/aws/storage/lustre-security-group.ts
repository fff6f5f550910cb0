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
  /** Whether the file system uses EFA, which requires rules for all traffic from and to itself. */
  readonly efa: boolean;
}

/** The security group of file servers. */
export interface LustreSecurityGroup {
  readonly group: SecurityGroup;
  /** The rules between the file servers. They are separate resources. */
  readonly selfRules: readonly IConstruct[];
}

/**
 * Creates the security group of the file servers. It allows only Lustre traffic between them.
 *
 * FSx checks these rules when it creates the file system. Without them it fails with "Insufficient security group permissions to create an
 * EFA-enabled file system", so the file system must wait for `selfRules`.
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
 * Adds the rules between file servers and clients, in both directions, because the servers also open connections.
 *
 * Across stacks, all rules go to the stack of the clients, which depends on the file system already.
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

/** EFA requires an egress rule to the group itself. The L2 does not add it if there is already a rule to 0.0.0.0/0. */
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

/** The TCP ports of Lustre and of its network layer. With EFA, all traffic. */
function portsOf(efa: boolean): Port[] {
  const ports = [Port.tcp(988), Port.tcpRange(1018, 1023)];
  return efa ? [...ports, Port.allTraffic()] : ports;
}
