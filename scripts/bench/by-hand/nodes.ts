import { Aws, Fn } from 'aws-cdk-lib';
import {
  CfnCapacityReservation,
  CfnLaunchTemplate,
  CfnPlacementGroup,
  MultipartBody,
  MultipartUserData,
  Port,
  SecurityGroup,
  type Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import type { Cluster } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { tagSpecifications } from './tags';

const MACHINE = 'p5en.48xlarge';
const NODES = 16;
const EFA_CARDS = 16;

export function nodeRole(stack: Construct): Role {
  return new Role(stack, 'NodeRole', {
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly'].map((name) =>
      ManagedPolicy.fromAwsManagedPolicyName(name),
    ),
  });
}

/** The security group that all nodes of the fabric share. */
export function fabricGroup(stack: Construct, vpc: Vpc): SecurityGroup {
  const fabric = new SecurityGroup(stack, 'Fabric', {
    vpc,
    description: 'EFA traffic between the nodes of one fabric',
    allowAllOutbound: false,
  });
  fabric.addIngressRule(fabric, Port.allTraffic(), 'EFA from the same fabric');
  fabric.addEgressRule(fabric, Port.allTraffic(), 'EFA to the same fabric');
  return fabric;
}

export function acceleratorNodes(
  stack: Construct,
  vpc: Vpc,
  cluster: Cluster,
  role: Role,
  fabric: SecurityGroup,
): CfnNodegroup {
  const [subnet] = vpc.privateSubnets;
  const placementGroup = new CfnPlacementGroup(stack, 'PlacementGroup', { strategy: 'cluster' });
  const reservation = new CfnCapacityReservation(stack, 'Reservation', {
    instanceType: MACHINE,
    instancePlatform: 'Linux/UNIX',
    instanceCount: NODES,
    availabilityZone: subnet!.availabilityZone,
    ebsOptimized: true,
    instanceMatchCriteria: 'targeted',
    endDateType: 'unlimited',
    placementGroupArn: `arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:placement-group/${placementGroup.ref}`,
    tagSpecifications: [{ resourceType: 'capacity-reservation', tags: [{ key: 'Name', value: 'training' }] }],
  });
  const template = launchTemplate(stack, 'NodesTemplate', {
    instanceType: MACHINE,
    blockDeviceMappings: [rootVolume(200)],
    networkInterfaces: interfaces(cluster, fabric),
    placement: { groupName: placementGroup.ref },
    capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId: reservation.ref } },
    userData: userData(),
  });
  return new CfnNodegroup(stack, 'Nodes', {
    clusterName: cluster.clusterName,
    version: '1.36',
    nodeRole: role.roleArn,
    subnets: [subnet!.subnetId],
    amiType: 'AL2023_x86_64_NVIDIA',
    capacityType: 'ON_DEMAND',
    launchTemplate: template,
    scalingConfig: { minSize: NODES, desiredSize: NODES, maxSize: NODES },
    updateConfig: { maxUnavailable: 1, updateStrategy: 'MINIMAL' },
    nodeRepairConfig: {
      enabled: true,
      nodeRepairConfigOverrides: [13, 31].map((xid) => ({
        nodeMonitoringCondition: 'AcceleratedHardwareReady',
        nodeUnhealthyReason: `NvidiaXID${xid}Error`,
        minRepairWaitTimeMins: 10,
        repairAction: 'NoAction',
      })),
    },
    labels: { 'ai-infra/pool': 'nodes' },
    taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NO_SCHEDULE' }],
  });
}

export function systemNodes(stack: Construct, vpc: Vpc, cluster: Cluster, role: Role): CfnNodegroup {
  const template = launchTemplate(stack, 'SystemTemplate', {
    instanceType: 'm7i.xlarge',
    blockDeviceMappings: [rootVolume(100)],
    networkInterfaces: [
      {
        networkCardIndex: 0,
        deviceIndex: 0,
        interfaceType: 'interface',
        deleteOnTermination: true,
        description: 'IP',
        associatePublicIpAddress: false,
        groups: [cluster.clusterSecurityGroup.securityGroupId],
      },
    ],
  });
  return new CfnNodegroup(stack, 'System', {
    clusterName: cluster.clusterName,
    version: '1.36',
    nodeRole: role.roleArn,
    subnets: vpc.privateSubnets.map(({ subnetId }) => subnetId),
    amiType: 'AL2023_x86_64_STANDARD',
    capacityType: 'ON_DEMAND',
    launchTemplate: template,
    scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 3 },
    updateConfig: { maxUnavailable: 1 },
    nodeRepairConfig: { enabled: true },
    labels: { 'ai-infra/role': 'system' },
  });
}

function launchTemplate(stack: Construct, id: string, data: CfnLaunchTemplate.LaunchTemplateDataProperty) {
  const template = new CfnLaunchTemplate(stack, id, {
    launchTemplateData: {
      metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 2, httpEndpoint: 'enabled' },
      monitoring: { enabled: true },
      ebsOptimized: true,
      tagSpecifications: tagSpecifications('instance', 'volume', 'network-interface'),
      ...data,
    },
    tagSpecifications: tagSpecifications('launch-template'),
  });
  return { id: template.ref, version: template.attrLatestVersionNumber };
}

function rootVolume(volumeSize: number) {
  return {
    deviceName: '/dev/xvda',
    ebs: { volumeType: 'gp3', volumeSize, encrypted: true, deleteOnTermination: true },
  };
}

function interfaces(cluster: Cluster, fabric: SecurityGroup): CfnLaunchTemplate.NetworkInterfaceProperty[] {
  const groups = [fabric.securityGroupId];
  const efa = Array.from({ length: EFA_CARDS }, (_, card) => ({
    networkCardIndex: card,
    deviceIndex: card === 0 ? 1 : 0,
    interfaceType: 'efa-only',
    deleteOnTermination: true,
    description: `EFA on card ${card}`,
    groups,
  }));
  const primary = {
    networkCardIndex: 0,
    deviceIndex: 0,
    interfaceType: 'interface',
    deleteOnTermination: true,
    description: 'IP',
    groups: [cluster.clusterSecurityGroup.securityGroupId, ...groups],
  };
  return [primary, ...efa];
}

const LOCAL_STORAGE = `---
apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  instance:
    localStorage:
      strategy: RAID0
`;

const HUGE_PAGES = `#!/bin/bash
set -o errexit
if [ "$(sysctl -n vm.nr_hugepages)" -lt 5128 ]; then
  echo 'vm.nr_hugepages = 5128' > /etc/sysctl.d/90-efa-hugepages.conf
  sysctl --load /etc/sysctl.d/90-efa-hugepages.conf
fi
`;

function userData(): string {
  const parts = new MultipartUserData();
  parts.addPart(MultipartBody.fromRawBody({ contentType: 'application/node.eks.aws', body: LOCAL_STORAGE }));
  parts.addPart(MultipartBody.fromRawBody({ contentType: 'text/x-shellscript; charset="us-ascii"', body: HUGE_PAGES }));
  return Fn.base64(parts.render());
}
