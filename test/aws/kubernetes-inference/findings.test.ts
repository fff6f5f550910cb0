import { App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { type FindingId, findingsOf, ModelSpec } from 'ai-infra-constructs';
import {
  AwsMachine,
  Capacity,
  ClusterSource,
  Installation,
  KubernetesInference,
  ServingIngress,
  ServingNodes,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/aws';
import { clusterStack } from '../support';
import { type Changes, chat, hub, inference, PRICED } from './support';

const found = (changes: Changes = {}, props = PRICED): FindingId[] =>
  findingsOf(inference(changes, props)).map(({ id }) => id);
const keda = ServingScaling.keda({ maxReplicas: 2, targetConcurrency: 8 });
const balanced = ServingIngress.internalLoadBalancer();

/** Each finding, props that record it, and props that do not. */
const FINDINGS: readonly (readonly [FindingId, Changes, Changes])[] = [
  ['serving/one-replica', {}, { scaling: ServingScaling.fixed(2) }],
  ['image/mutable', {}, { server: ServingServer.vllm({ image: `vllm/vllm-openai@sha256:${'a'.repeat(64)}` }) }],
  ['nodes/latest-image', {}, { nodes: ServingNodes.karpenter({ imageVersion: 'v20261105' }) }],
  ['spot/no-fallback', { capacity: Capacity.spot() }, { capacity: Capacity.spot({ fallback: Capacity.onDemand() }) }],
  [
    'capacity/expires',
    { capacity: Capacity.newReservation({ until: new Date('2099-01-31'), confirm: 'costs until deleted' }) },
    { capacity: Capacity.newReservation({ confirm: 'costs until deleted' }) },
  ],
  ['scaling/adapter', { scaling: ServingScaling.hpa({ maxReplicas: 2, targetConcurrency: 8 }) }, { scaling: keda }],
  ['scaling/fixed-nodes', { scaling: keda, nodes: ServingNodes.managed() }, { scaling: keda }],
  [
    'serving/cold-start',
    {
      scaling: ServingScaling.keda({
        minReplicas: 0,
        maxReplicas: 2,
        targetConcurrency: 8,
        activation: { query: 'up' },
      }),
    },
    { scaling: keda },
  ],
  ['model/size', { load: chat(), model: hub(30) }, { load: chat(), model: hub(16) }],
  ['evidence/no-measurement', { load: chat() }, {}],
];

describe.each(FINDINGS)('%s', (id, recorded, without) => {
  test('is recorded only if its condition is met', () => {
    expect(found(recorded)).toContain(id);
    expect(found(without)).not.toContain(id);
  });
});

test('network/plain-requests: a load balancer without a certificate', () => {
  const stack = new Stack(new App(), 'Certificates', PRICED);
  const certificate = Certificate.fromCertificateArn(stack, 'C', 'arn:aws:acm:us-east-1:111122223333:certificate/1');
  expect(found({ ingress: balanced })).toContain('network/plain-requests');
  expect(found({ ingress: ServingIngress.internalLoadBalancer({ certificate }) })).not.toContain(
    'network/plain-requests',
  );
});

test('access/no-admins: a new cluster without administrators', () => {
  const stack = new Stack(new App(), 'Roles', PRICED);
  const admins = [Role.fromRoleArn(stack, 'Admin', 'arn:aws:iam::111122223333:role/admin')];
  expect(found()).toContain('access/no-admins');
  expect(found({ cluster: ClusterSource.create({ admins }) })).not.toContain('access/no-admins');
});

test('network/policies: an existing cluster', () => {
  const { stack, cluster } = clusterStack(PRICED);
  const of = new KubernetesInference(stack, 'Chat', {
    machine: AwsMachine.G6E_12XLARGE,
    model: hub(),
    cluster: ClusterSource.fromCluster(cluster, { systemLabels: { role: 'system' } }),
    installation: Installation.gitOps(),
  });
  expect(findingsOf(of).map(({ id }) => id)).toContain('network/policies');
  expect(found()).not.toContain('network/policies');
});

test('network/no-egress: charts from the internet in a VPC without egress', () => {
  const stack = new Stack(new App(), 'Isolated', PRICED);
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0a',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    isolatedSubnetIds: ['subnet-0a', 'subnet-0b'],
  });
  expect(found({ vpc, installation: Installation.byDeployment() })).toContain('network/no-egress');
  expect(found({ vpc })).not.toContain('network/no-egress');
});

test('machine/region: no source lists the machine in the region', () => {
  const elsewhere = { env: { account: '111122223333', region: 'sa-east-1' } };
  const regional = { machine: AwsMachine.P5EN_48XLARGE, availabilityZones: ['sa-east-1a', 'sa-east-1b'] };
  const { regions } = AwsMachine.P5EN_48XLARGE.spec;
  expect(found(regional, elsewhere).includes('machine/region')).toBe(!regions.includes('sa-east-1'));
  expect(found({ machine: AwsMachine.P5EN_48XLARGE })).not.toContain('machine/region');
});

test('machine/unverified and capacity/on-demand-scarce: facts of the catalog row', () => {
  const { spec } = AwsMachine.G6E_12XLARGE;
  const machine = AwsMachine.of('g6e.13xlarge', { ...spec, unverified: 'the disks', onDemandPriced: false });
  expect(found({ machine })).toEqual(expect.arrayContaining(['machine/unverified', 'capacity/on-demand-scarce']));
  expect(found()).not.toContain('capacity/on-demand-scarce');
});

test('cost/region: a region that is known only at deployment', () => {
  expect(found({ load: chat() }, {})).toContain('cost/region');
  expect(found({ load: chat() })).not.toContain('cost/region');
});

test('cost/price: a capacity block is paid up front', () => {
  const capacity = Capacity.capacityBlock('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a' });
  const load = chat({ model: ModelSpec.LLAMA_3_1_70B });
  const changes = {
    machine: AwsMachine.P5_48XLARGE,
    model: hub(131),
    load,
    availabilityZones: ['us-east-1a', 'us-east-1b'],
  };
  expect(found({ ...changes, capacity })).toContain('cost/price');
});

test('records each finding of the plan once', () => {
  const load = chat({ model: ModelSpec.LLAMA_3_1_70B });
  const ids = found({ machine: AwsMachine.P5_48XLARGE, model: hub(131), load });
  expect(ids).toHaveLength(new Set(ids).size);
});
