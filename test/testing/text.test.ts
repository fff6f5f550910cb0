import { architectureOf } from 'ai-infra-constructs/testing';

const TEMPLATE = {
  Parameters: { Nodes: { Type: 'Number' } },
  Resources: {
    VpcDEADBEEF: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    NodesDEADBEEF: {
      Type: 'AWS::EKS::Nodegroup',
      Properties: {
        InstanceTypes: ['p5.48xlarge'],
        ScalingConfig: { MinSize: 0, DesiredSize: 2, MaxSize: 4 },
        DiskSize: 100,
      },
    },
    SpareDEADBEEF: {
      Type: 'AWS::EKS::Nodegroup',
      Properties: {
        InstanceTypes: ['g5.xlarge', 'g6.xlarge'],
        CapacityType: 'SPOT',
        ScalingConfig: { MinSize: 0, MaxSize: { Ref: 'Nodes' } },
      },
    },
    KeyDEADBEEF: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true }, DeletionPolicy: 'Retain' },
    WorkDEADBEEF: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: { Ref: 'KeyDEADBEEF' } } },
    DataDEADBEEF: { Type: 'AWS::S3::Bucket' },
    EndpointDEADBEEF: { Type: 'AWS::SageMaker::Endpoint' },
    AdminDEADBEEF: {
      Type: 'AWS::IAM::Role',
      Properties: { Policies: [{ PolicyDocument: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } }] },
    },
    DoorDEADBEEF: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { SecurityGroupIngress: [{ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }] },
    },
    RouteDEADBEEF: { Type: 'AWS::EC2::Route' },
  },
};

const TEXT = `stack: template (CloudFormation)

compute:
  Nodes:
    kind:           EKS node group
    machine:        p5.48xlarge (8 H100)
    count:          2 (0 to 4)
    market:         on-demand
    disks:          100 GiB
  Spare:
    kind:           EKS node group
    machine:        g5.xlarge (1 A10G) or g6.xlarge (1 L4)
    count:          0 to known at deployment
    market:         spot

endpoints:
  Endpoint:
    kind:           SageMaker endpoint
    access:         signed calls
    encryption:     managed key

storage:
  Data:
    kind:           S3 bucket
    encryption:     managed key
    on delete:      deleted
    public access:  blocked by default

queues:
  Work:
    kind:           SQS queue
    encryption:     customer key Key

network:
  Vpc:
    kind:           VPC
    range:          10.0.0.0/16

keys:
  Key: KMS key, rotates, outlives the stack

permissions:
  Admin: role, may * on *

open to the internet:
  Door: security group, tcp 443 from 0.0.0.0/0

cost of machines a month:
  Nodes: 80,358 USD, 2 at 55.04 USD/h on-demand in us-east-1, read 2026-07-20
  Spare: not priced: any of several machines
  total: 80,358 USD of what is priced

other resources:
  AWS::EC2::Route: 1`;

test('contains one line per fact', () => {
  expect(String(architectureOf(TEMPLATE))).toBe(TEXT);
});

test('has short lines without trailing blanks', () => {
  const lines = TEXT.split('\n');
  expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(100);
});

test('separates stacks', () => {
  const one = architectureOf({ Resources: {} });
  const both = Object.assign(Object.create(Object.getPrototypeOf(one) as object) as typeof one, {
    stacks: [...one.stacks, ...one.stacks],
  });
  expect(String(both).split('\n\n---\n\n')).toEqual([String(one), String(one)]);
});

test('has no total of zero dollars if no group has a price', () => {
  const text = String(architectureOf({ Resources: { Fleet: { Type: 'AWS::Batch::ComputeEnvironment' } } }));
  expect(text).toMatch(/^ {2}total: none is priced$/m);
});
