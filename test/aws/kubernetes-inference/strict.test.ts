import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } from 'cdk-nag';
import { ModelSpec } from 'ai-infra-constructs';
import {
  acceptRules,
  acknowledge,
  AwsMachine,
  Capacity,
  KubernetesInference,
  ServingIngress,
  ServingScaling,
} from 'ai-infra-constructs/aws';
import 'ai-infra-constructs/testing/jest';
import { STRICT, validated } from '../support';
import { artifact, type Changes, chat, hub, PRICED } from './support';

/** A model with a way in and everything installed, or what `changes` make of it. */
function serve(app: App, changes: Changes = {}): { stack: Stack; inference: KubernetesInference } {
  const stack = new Stack(app, 'Test', PRICED);
  const certificate = Certificate.fromCertificateArn(stack, 'C', 'arn:aws:acm:us-east-1:111122223333:certificate/1');
  const inference = new KubernetesInference(stack, 'Chat', {
    machine: AwsMachine.G6E_12XLARGE,
    model: artifact(stack),
    load: chat(),
    scaling: ServingScaling.keda({ most: 6 }),
    ingress: ServingIngress.internalLoadBalancer({ certificate }),
    ...changes,
  });
  acknowledge(inference, 'evidence/no-measurement', 'A trial of one replica comes first.');
  acceptRules(stack);
  return { stack, inference };
}

const P5 = {
  machine: AwsMachine.P5_48XLARGE,
  scaling: ServingScaling.fixed(2),
  availabilityZones: ['us-east-1a', 'us-east-1b'],
};

const SPOT: Changes = {
  capacity: Capacity.spot({ fallback: Capacity.onDemand() }),
  prices: [{ machine: 'g6e.12xlarge', market: 'spot', usdPerHour: 4 }],
};

/** Types whose replacement takes a service away, or names that others know. */
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

test('logical ids of what holds state stay: a new id is a new resource, and the old one is lost', () => {
  const { stack } = serve(new App(), { capacity: Capacity.newReservation() });
  const golden = join(__dirname, 'kubernetes-inference.golden.json');
  const { Resources: resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Type: string }>;
  };
  const ids = Object.fromEntries(
    Object.entries(resources)
      .filter(([, { Type }]) => STATEFUL.includes(Type))
      .map(([id, { Type }]) => [id, Type])
      .sort(([a], [b]) => a!.localeCompare(b!)),
  );
  if (process.env.UPDATE_GOLDEN) writeFileSync(golden, `${JSON.stringify(ids, null, 2)}\n`);
  expect(ids).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
});

test('the architecture stays: machines and their most, replicas and their range, server, way in, encryption', () => {
  const { stack } = serve(new App(), SPOT);
  expect(stack).toMatchArchitectureFile('kubernetes-inference.architecture.txt');
});

describe('the CloudFormation validator and four policy packs find nothing', () => {
  test.each<[string, Changes]>([
    ['with Karpenter on spot behind a load balancer', SPOT],
    ['over several machines', { ...P5, model: hub(800), load: undefined }],
  ])('%s', (_, changes) => {
    const app = new App(STRICT);
    const { stack } = serve(app, changes);
    Validations.of(app).addPlugins(
      new AwsSolutionsChecks(app),
      new NIST80053R5Checks(app),
      new HIPAASecurityChecks(app),
      new PCIDSS321Checks(app),
    );
    validated(() => app.synth());
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('and would find a load balancer without a certificate', () => {
    const app = new App(STRICT);
    serve(app, { ingress: ServingIngress.internalLoadBalancer() });
    Validations.of(app).addPlugins(new HIPAASecurityChecks(app));
    expect(() => validated(() => app.synth())).toThrow(/ELBv2ACMCertificateRequired/);
  });
});

test('a warning fails a strict synthesis until it is acknowledged', () => {
  const app = new App();
  const { stack } = serve(app, { load: chat({ model: ModelSpec.LLAMA_3_1_8B, weightPrecision: 'fp8' }) });
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
  expect(warnings.map(({ entry }) => entry.data)).toEqual([expect.stringContaining('model/size')]);
});
