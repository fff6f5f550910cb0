import { exposed, ofResource } from '../support';

describe('the Kubernetes API of a cluster', () => {
  const cluster = (network?: object) =>
    ofResource('AWS::EKS::Cluster', { ResourcesVpcConfig: network, Version: '1.34' });

  test('is public by default', () => {
    expect(exposed(cluster())).toEqual(['Subject: Kubernetes API, from 0.0.0.0/0']);
    expect(exposed(cluster({ EndpointPublicAccess: false }))).toEqual([]);
    expect(cluster({ EndpointPublicAccess: false }).endpoints[0]).toMatchObject({ access: 'private' });
  });

  test('shows the allowed ranges', () => {
    expect(exposed(cluster({ PublicAccessCidrs: ['198.51.100.0/24'] }))).toEqual([
      'Subject: Kubernetes API, from 198.51.100.0/24',
    ]);
  });

  test('has the same description for the older CDK cluster', () => {
    const { endpoints } = ofResource('Custom::AWSCDK-EKS-Cluster', {
      Config: { version: '1.33', resourcesVpcConfig: { endpointPublicAccess: 'false', endpointPrivateAccess: true } },
    });
    expect(endpoints[0]).toMatchObject({ access: 'private', details: { version: '1.33' } });
  });
});

describe('a manifest', () => {
  const pool = {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodePool',
    metadata: { name: 'gpu' },
    spec: {
      limits: { 'nvidia.com/gpu': 32, cpu: 512 },
      template: {
        spec: {
          requirements: [
            { key: 'node.kubernetes.io/instance-type', operator: 'In', values: ['g6.xlarge', 'g6.2xlarge'] },
            { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['spot'] },
          ],
        },
      },
    },
  };
  const manifest = (Manifest: unknown) => ofResource('Custom::AWSCDK-EKS-KubernetesResource', { Manifest });

  test('counts its objects by kind', () => {
    const objects = [{ kind: 'Namespace' }, { kind: 'Secret' }, { kind: 'Secret' }];
    expect(manifest(JSON.stringify(objects)).kubernetes.map(({ kind }) => kind)).toEqual(['1 Namespace', '2 Secret']);
  });

  const pods = (image: string) => ({
    spec: { containers: [{ image, resources: { limits: { memory: '8Gi', 'nvidia.com/gpu': '2' } } }] },
  });

  test('shows images, devices and replicas of workloads', () => {
    const objects = [
      { kind: 'Deployment', metadata: { name: 'chat' }, spec: { replicas: 2, template: pods('vllm:1') } },
      {
        kind: 'LeaderWorkerSet',
        metadata: { name: 'large' },
        spec: { leaderWorkerTemplate: { size: 4, workerTemplate: pods('vllm:2') } },
      },
      { kind: 'Job' },
    ];
    expect(manifest(JSON.stringify(objects)).kubernetes).toEqual([
      { name: 'Subject', kind: 'Job' },
      {
        name: 'Subject/chat',
        kind: 'Deployment',
        details: { replicas: '2', image: 'vllm:1', devices: '2 nvidia.com/gpu' },
      },
      {
        name: 'Subject/large',
        kind: 'LeaderWorkerSet',
        details: { 'pods each': '4', image: 'vllm:2', devices: '2 nvidia.com/gpu' },
      },
    ]);
  });

  test('shows the target, the range and the metrics of autoscalers', () => {
    const scaleTargetRef = { kind: 'Deployment', name: 'chat' };
    const objects = [
      {
        kind: 'ScaledObject',
        metadata: { name: 'a' },
        spec: {
          scaleTargetRef,
          minReplicaCount: 0,
          maxReplicaCount: 8,
          triggers: [{ type: 'prometheus', name: 'requests', metadata: { threshold: '21' } }, { type: 'cpu' }],
        },
      },
      {
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'b' },
        spec: {
          scaleTargetRef,
          maxReplicas: 4,
          metrics: [{ pods: { metric: { name: 'waiting' } } }, { resource: { name: 'cpu' } }],
        },
      },
    ];
    expect(manifest(JSON.stringify(objects)).scaling.map(({ details }) => details)).toEqual([
      { target: 'Deployment chat', range: '0 to 8', on: 'cpu, requests at 21' },
      { target: 'Deployment chat', range: '1 to 4', on: 'cpu, waiting' },
    ]);
  });

  const poolOf = (requirements: object[], limits: object) =>
    manifest(JSON.stringify([{ ...pool, spec: { limits, template: { spec: { requirements } } } }])).compute[0];
  const machine = { key: 'node.kubernetes.io/instance-type', operator: 'In', values: ['p5.48xlarge'] };
  const market = (...values: string[]) => ({ key: 'karpenter.sh/capacity-type', operator: 'In', values });

  test('a node pool with one machine type has a maximum from its limit on accelerators', () => {
    expect(poolOf([machine], { 'nvidia.com/gpu': '24' })).toMatchObject({ count: { min: 0, max: 3 } });
    expect(poolOf([machine], { cpu: 512 })!.count).toEqual({ min: 0, max: undefined });
  });

  test('a node pool with several markets has no single market', () => {
    const several = poolOf([machine, market('spot', 'on-demand')], {});
    expect(several).toMatchObject({ market: undefined, details: { markets: 'spot, on-demand' } });
    expect(poolOf([machine, market('reserved')], {})!.market).toBe('reservation');
    expect(poolOf([machine], {})!.market).toBe('on-demand');
  });

  test('is read if it contains values that are only known at deployment', () => {
    const [before, after] = JSON.stringify([{ ...pool, metadata: { name: 'gpu', role: 'ROLE' } }]).split('ROLE');
    const joined = { 'Fn::Join': ['', [before, { Ref: 'NodeRole' }, after]] };
    expect(manifest(joined).compute[0]).toMatchObject({
      name: 'Subject/gpu',
      kind: 'Karpenter node pool',
      machines: ['g6.xlarge', 'g6.2xlarge'],
      market: 'spot',
      details: { limits: '32 nvidia.com/gpu, 512 cpu' },
    });
  });

  test('is listed if it does not contain JSON', () => {
    expect(manifest({ Ref: 'Somewhere' }).kubernetes[0]!.kind).toBe('manifest known at deployment');
  });
});

test('charts and add-ons show their versions', () => {
  const { kubernetes } = ofResource('Custom::AWSCDK-EKS-HelmChart', { Chart: 'kueue', Version: '0.19.2' });
  expect(kubernetes[0]).toEqual({ name: 'Subject', kind: 'chart', details: { of: 'kueue', version: '0.19.2' } });
  const addon = ofResource('AWS::EKS::Addon', { AddonName: 'coredns', AddonVersion: 'v1.12' }).kubernetes[0];
  expect(addon).toEqual({ name: 'Subject', kind: 'add-on', details: { of: 'coredns', version: 'v1.12' } });
});
