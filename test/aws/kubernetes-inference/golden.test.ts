import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ModelSpec } from 'ai-infra-constructs';
import { Capacity } from 'ai-infra-constructs/aws';
import 'ai-infra-constructs/testing/jest';
import { expectGoldenIds } from '../support';
import { chat, serve, SPOT } from './support';

/** Types whose replacement stops the service or changes a public name. */
const STATEFUL = [
  'AWS::KMS::Key',
  'AWS::EKS::Cluster',
  'AWS::EKS::Nodegroup',
  'AWS::EC2::CapacityReservation',
  'AWS::EC2::VPC',
  'AWS::EC2::Subnet',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::IAM::InstanceProfile',
  'AWS::SQS::Queue',
];

test('keeps the logical ids of stateful resources, because a new id replaces the resource', () => {
  const { stack } = serve(new App(), { capacity: Capacity.newReservation({ confirm: 'costs until deleted' }) });
  expectGoldenIds(Template.fromStack(stack), STATEFUL, join(__dirname, 'kubernetes-inference.golden.json'));
});

test('keeps the architecture: nodes, replicas, server, ingress and encryption', () => {
  const { stack } = serve(new App(), SPOT);
  expect(stack).toMatchArchitectureFile('kubernetes-inference.architecture.txt');
});

test('reports a warning until it is acknowledged', () => {
  const app = new App();
  const { stack } = serve(app, { load: chat({ model: ModelSpec.LLAMA_3_1_8B, weightPrecision: 'fp8' }) });
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
  expect(warnings.map(({ entry }) => entry.data)).toEqual([expect.stringContaining('model/size')]);
});
