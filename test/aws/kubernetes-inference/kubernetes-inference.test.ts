import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ArnPrincipal, type Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { App, Stack, Tags } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { findingsOf } from 'ai-infra-constructs';
import {
  AwsMachine,
  Capacity,
  ClusterSource,
  type ExistingClusterOptions,
  Installation,
  KubernetesInference,
  ServingCache,
  ServingIngress,
  ServingNodes,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/aws';
import { at, byName } from '../../kubernetes/at';
import { clusterStack, filesBeside, type Json } from '../support';
import { artifact, type Changes, chat, hub, inference, objectOf, PRICED, resourcesOf } from './support';

const keda = ServingScaling.keda({ maxReplicas: 6, targetConcurrency: 32 });
const SEVERAL = { machine: AwsMachine.P5_48XLARGE, acceleratorsPerReplica: 16 };
const BLOCK = Capacity.capacityBlock('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a', desiredNodes: 2 });
const ZONES = { availabilityZones: ['us-east-1a', 'us-east-1b'] };

function container(of: KubernetesInference): Json {
  return at(objectOf(of, 'Deployment'), 'spec.template.spec.containers.0');
}

describe('defaults', () => {
  test('use one replica on the smallest power of two of accelerators that holds the weights', () => {
    const of = (sizeGiB: number) => inference({ model: hub(sizeGiB) }).acceleratorsPerReplica;
    expect([of(15), of(40), of(80), of(120)]).toEqual([1, 1, 2, 4]);
  });

  test('use whole machines if one machine does not hold the weights', () => {
    const of = inference({ machine: AwsMachine.P5_48XLARGE, model: hub(800) });
    expect(of.acceleratorsPerReplica).toBe(16);
    expect(of.nodeGroup!.nodes).toBe(2);
    expect(of.karpenter).toBeUndefined();
  });

  test('size the replica and the number of replicas for the load', () => {
    const of = (requestsPerSecond: number) => inference({ load: chat({ requestsPerSecond }) });
    const [few, many] = [of(5), of(60)];
    expect(at(objectOf(few, 'Deployment'), 'spec.replicas')).toBe(few.plan!.replicas.count);
    expect(many.plan!.replicas.count).toBeGreaterThan(few.plan!.replicas.count);
    expect(many.acceleratorsPerReplica).toBe(many.plan!.replica.accelerators);
  });

  test('derive the concurrency of a replica from the load', () => {
    const of = inference({ load: chat({ requestsPerSecond: 60 }), scaling: ServingScaling.keda({ maxReplicas: 20 }) });
    const { requests } = byName(at(objectOf(of, 'ScaledObject'), 'spec.triggers')) as Record<string, Json>;
    const threshold = Number(requests.metadata.threshold);
    expect(threshold).toBeGreaterThanOrEqual(1);
    expect(threshold).toBeLessThanOrEqual(of.plan!.memory.maxConcurrency);
  });

  test('pass an fp8 cache of the load to the server', () => {
    expect(container(inference({ load: chat({ kvPrecision: 'fp8' }) })).args.join(' ')).toContain(
      '--kv-cache-dtype fp8',
    );
    expect(container(inference({ load: chat() })).args).not.toContain('--kv-cache-dtype');
  });

  test('use the construct id as the name', () => {
    expect(inference().url).toBe('http://chat.chat.svc:8000');
    expect(inference({ name: 'llama', namespace: 'models' }).url).toBe('http://llama.models.svc:8000');
  });

  test('size the boot disk for the model if the machine has no local disks', () => {
    const size = (machine: AwsMachine, sizeGiB = 15) =>
      at(
        objectOf(inference({ machine, model: hub(sizeGiB) }), 'EC2NodeClass'),
        'spec.blockDeviceMappings.0.ebs.volumeSize',
      );
    expect(size(AwsMachine.G6E_12XLARGE)).toBe('100Gi');
    const bare = AwsMachine.of('g6e.13xlarge', { ...AwsMachine.G6E_12XLARGE.spec, localNvmeGB: 0 });
    expect(size(bare)).toBe('176Gi');
    // A replica needs two accelerators, so two replicas of a machine store the model, not four.
    expect(size(bare, 60)).toBe('236Gi');
  });
});

describe('Karpenter nodes', () => {
  const of = inference({ model: hub(), scaling: ServingScaling.fixed(5) });
  const pool = objectOf(of, 'NodePool');
  const nodeClass = objectOf(of, 'EC2NodeClass');
  const requirement = (manifest: unknown, key: string) =>
    (at(manifest, 'spec.template.spec.requirements') as Json[]).find((one) => one.key === key)?.values;

  test('have one machine type, with the taint and the label that pods and agents select', () => {
    expect(requirement(pool, 'node.kubernetes.io/instance-type')).toEqual(['g6e.12xlarge']);
    expect(requirement(pool, 'kubernetes.io/arch')).toEqual(['amd64']);
    expect(at(pool, 'spec.template')).toMatchObject({
      metadata: { labels: { 'ai-infra/pool': 'chat' } },
      spec: { taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }] },
    });
  });

  test('are limited to the number for all replicas and one more for an update', () => {
    expect(at(pool, 'spec.limits')).toEqual({ 'nvidia.com/gpu': '8' });
    const limit = (replicas: number) =>
      at(objectOf(inference({ scaling: ServingScaling.fixed(replicas) }), 'NodePool'), 'spec.limits');
    expect([limit(3), limit(4)]).toEqual([{ 'nvidia.com/gpu': '4' }, { 'nvidia.com/gpu': '8' }]);
  });

  test('have encrypted disks, IMDSv2, no public address, and a RAID 0 of their local disks', () => {
    expect(at(nodeClass, 'spec')).toMatchObject({
      metadataOptions: { httpTokens: 'required' },
      associatePublicIPAddress: false,
      instanceStorePolicy: 'RAID0',
      blockDeviceMappings: [{ deviceName: '/dev/xvda', rootVolume: true, ebs: { encrypted: true, volumeType: 'gp3' } }],
    });
  });

  test.each([
    ['on demand', Capacity.onDemand(), ['on-demand']],
    ['spot', Capacity.spot(), ['spot']],
    ['spot with a fallback', Capacity.spot({ fallback: Capacity.onDemand() }), ['spot', 'on-demand']],
    ['a reservation', Capacity.reservation('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a' }), ['reserved']],
  ])('use the capacity type of %s', (_, capacity, types) => {
    expect(requirement(objectOf(inference({ capacity, ...ZONES }), 'NodePool'), 'karpenter.sh/capacity-type')).toEqual(
      types,
    );
  });

  test('use a reservation by its id and zone, and updates add no node', () => {
    const capacity = Capacity.reservation('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a' });
    const reserved = inference({ capacity, scaling: ServingScaling.fixed(4), ...ZONES });
    expect(at(objectOf(reserved, 'EC2NodeClass'), 'spec.capacityReservationSelectorTerms')).toHaveLength(1);
    expect(at(objectOf(reserved, 'EC2NodeClass'), 'spec.subnetSelectorTerms')).toHaveLength(1);
    expect(at(objectOf(reserved, 'NodePool'), 'spec.limits')).toEqual({ 'nvidia.com/gpu': '4' });
    expect(at(objectOf(reserved, 'Deployment'), 'spec.strategy.rollingUpdate')).toEqual({
      maxSurge: 0,
      maxUnavailable: 1,
    });
  });

  test('can use a reservation of the stack', () => {
    const reserved = inference({
      capacity: Capacity.newReservation({ confirm: 'costs until deleted' }),
      scaling: ServingScaling.fixed(8),
    });
    expect(resourcesOf(reserved, 'AWS::EC2::CapacityReservation')[0]).toMatchObject({
      InstanceType: 'g6e.12xlarge',
      InstanceCount: 2,
    });
    expect(reserved.bundle.variables).toHaveProperty('CAPACITY_RESERVATION');
  });

  test('use a pinned image, or the latest one', () => {
    const alias = (imageVersion?: string) =>
      at(
        objectOf(inference({ nodes: ServingNodes.karpenter({ imageVersion }) }), 'EC2NodeClass'),
        'spec.amiSelectorTerms.0.alias',
      );
    expect([alias(), alias('v20261105')]).toEqual(['al2023@latest', 'al2023@v20261105']);
  });

  test('join the cluster with an access entry of their role', () => {
    expect(resourcesOf(of, 'AWS::EKS::AccessEntry')).toContainEqual(expect.objectContaining({ Type: 'EC2_LINUX' }));
    expect(resourcesOf(of, 'AWS::IAM::InstanceProfile')).toHaveLength(1);
  });

  test('have interruption notices in a queue that Karpenter reads', () => {
    const details = resourcesOf(of, 'AWS::Events::Rule').flatMap((rule) => rule.EventPattern['detail-type']);
    expect(details).toEqual(expect.arrayContaining(['EC2 Spot Instance Interruption Warning', 'AWS Health Event']));
    const release = of.bundle.releases.find(({ chart }) => chart === 'karpenter');
    expect(release!.values).toMatchObject({ settings: { interruptionQueue: '${INTERRUPTION_QUEUE}' } });
  });

  test('have the tags of the construct tree', () => {
    const app = new App();
    const tagged = inference({}, PRICED, app);
    Tags.of(app).add('cost-center', 'R-17');
    const manifests = filesBeside(app)['manifests.yaml'];
    expect(manifests).toMatch(/tags:\n\s+cost-center: R-17/);
    expect(tagged.karpenter).toBeDefined();
  });
});

describe('the permissions of Karpenter', () => {
  const policies = (of: KubernetesInference): Json[] =>
    resourcesOf(of, 'AWS::IAM::ManagedPolicy').flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  const of = (statements: Json[], action: string) =>
    statements.filter(({ Action }) => [Action].flat().includes(action));

  test('allow it to start and stop only instances with the tag of the cluster', () => {
    const [end] = of(policies(inference()), 'ec2:TerminateInstances');
    expect(Object.keys(end.Condition.StringEquals)).toEqual(['aws:ResourceTag/eks:eks-cluster-name']);
    const tagged = of(policies(inference()), 'ec2:CreateLaunchTemplate');
    expect(tagged).toHaveLength(1);
    expect(Object.keys(tagged[0].Condition.StringEquals)).toEqual(['aws:RequestTag/eks:eks-cluster-name']);
  });

  test('require the tag of the cluster on every created resource', () => {
    const created = ['instance', 'fleet', 'volume', 'network-interface', 'launch-template'];
    const statements = policies(inference()).filter(({ Resource }) =>
      created.some((type) => JSON.stringify(Resource).includes(`:${type}/`)),
    );
    expect(statements.length).toBeGreaterThan(3);
    for (const { Condition } of statements) {
      expect(Object.keys(Condition.StringEquals)).toContainEqual(expect.stringMatching(/Tag\/eks:eks-cluster-name$/));
      expect(Object.keys(Condition.StringLike)).toContainEqual(expect.stringMatching(/Tag\/karpenter.sh\/nodepool$/));
    }
  });

  test('allow it to pass one role to EC2', () => {
    const [pass] = of(policies(inference()), 'iam:PassRole');
    expect(pass.Condition).toEqual({
      StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] },
    });
    expect(pass.Resource).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/NodesNodeRole/), 'Arn'] });
  });

  test('allow no change without a condition', () => {
    const open = policies(inference()).filter(({ Resource, Condition }) => Resource === '*' && !Condition);
    expect(open.flatMap(({ Action }) => Action)).toEqual(['pricing:GetProducts']);
  });

  test('include the key of the boot disks', () => {
    const stack = new Stack(new App(), 'Keys', PRICED);
    const bootDiskKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/1');
    const keyed = inference({ nodeOptions: { bootDiskKey } });
    expect(of(policies(keyed), 'kms:CreateGrant')[0].Condition).toEqual({
      Bool: { 'kms:GrantIsForAWSResource': 'true' },
    });
    expect(JSON.stringify(at(objectOf(keyed, 'EC2NodeClass'), 'spec.blockDeviceMappings'))).toContain('${VOLUME_KEY}');
    expect(of(policies(inference()), 'kms:CreateGrant')).toEqual([]);
  });
});

describe('replicas of several machines', () => {
  const of = inference({ ...SEVERAL, model: hub(800), scaling: ServingScaling.fixed(2) });

  test('run in a managed node group with EFA, with one group of pods per replica', () => {
    expect(of.nodeGroup).toMatchObject({ nodes: 4, efaInterfacesPerNode: 32 });
    const set = objectOf(of, 'LeaderWorkerSet');
    expect(at(set, 'spec.leaderWorkerTemplate.size')).toBe(2);
    expect(at(set, 'spec.leaderWorkerTemplate.workerTemplate.spec.containers.0')).toMatchObject({
      resources: { limits: { 'vpc.amazonaws.com/efa': '32' } },
      env: expect.arrayContaining([{ name: 'FI_PROVIDER', value: 'efa' }]),
    });
    expect(of.bundle.releases.map(({ chart }) => chart)).toEqual([
      'nvidia-device-plugin',
      'aws-efa-k8s-device-plugin',
      'lws',
    ]);
  });

  test('can lock memory, which the namespace allows', () => {
    const level = (one: KubernetesInference) =>
      objectOf(one, 'Namespace').metadata.labels!['pod-security.kubernetes.io/enforce'];
    expect(level(of)).toBe('privileged');
    expect(level(inference())).toBe('restricted');
    expect(level(inference({ cache: ServingCache.node() }))).toBe('privileged');
  });

  test('use the desired number of nodes of a capacity block', () => {
    const block = inference({ ...SEVERAL, ...ZONES, model: hub(800), capacity: BLOCK });
    expect(resourcesOf(block, 'AWS::EKS::Nodegroup')).toContainEqual(
      expect.objectContaining({
        CapacityType: 'CAPACITY_BLOCK',
        ScalingConfig: { MinSize: 0, DesiredSize: 2, MaxSize: 2 },
      }),
    );
  });

  test('are optional for a managed node group', () => {
    const managed = inference({ nodes: ServingNodes.managed(), scaling: ServingScaling.fixed(8) });
    expect(managed.nodeGroup!.nodes).toBe(2);
    expect(() => objectOf(managed, 'NodePool')).toThrow('no NodePool');
    expect(at(objectOf(managed, 'Deployment'), 'spec.strategy.rollingUpdate.maxSurge')).toBe(0);
  });
});

describe('a model in a bucket', () => {
  const app = new App();
  const stack = new Stack(app, 'Test', PRICED);
  const of = new KubernetesInference(stack, 'Chat', {
    machine: AwsMachine.G6E_12XLARGE,
    model: artifact(stack),
    installation: Installation.gitOps(),
  });

  test('can be read only by its servers, which cannot read anything else', () => {
    const association = resourcesOf(of, 'AWS::EKS::PodIdentityAssociation').find(
      ({ ServiceAccount }) => ServiceAccount === 'chat',
    );
    expect(association).toMatchObject({
      Namespace: 'chat',
      RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/Identity/), 'Arn'] },
    });
    const policy = resourcesOf(of, 'AWS::IAM::ManagedPolicy').find(({ Roles }) =>
      JSON.stringify(Roles).includes('IdentityRole'),
    );
    const actions = policy!.PolicyDocument.Statement.flatMap(({ Action }: Json) => Action);
    expect(actions.filter((action: string) => action.startsWith('s3:'))).toEqual(['s3:GetObject', 's3:ListBucket']);
    expect(JSON.stringify(policy)).toContain('/chat/v3/*');
  });

  test('is downloaded file by file, and each file is checked against the list of digests', () => {
    const fetcher = at(objectOf(of, 'Deployment'), 'spec.template.spec.initContainers.0');
    const { SOURCE, DIGEST, COPY } = byName(at(fetcher, 'env')) as Record<string, Json>;
    expect([SOURCE.value, DIGEST.value]).toEqual(['${MODEL_ADDRESS}', 'a'.repeat(64)]);
    expect(COPY.value).toBe('aws s3 cp --only-show-errors "$from" "$to"');
  });

  test('allows its servers to reach the pod identity agent', () => {
    expect(at(objectOf(of, 'NetworkPolicy'), 'spec.egress.3.to.0.ipBlock.cidr')).toBe('169.254.170.23/32');
  });

  test('differs from a model on the hub, which needs no identity', () => {
    expect(inference().identity).toBeUndefined();
    expect(at(objectOf(inference(), 'NetworkPolicy'), 'spec.egress')).toHaveLength(3);
  });
});

describe('the ingress', () => {
  const balanced = (options = {}) => inference({ ingress: ServingIngress.internalLoadBalancer(options) });

  test('is the Kubernetes service by default', () => {
    expect(inference().loadBalancer).toBeUndefined();
    expect(resourcesOf(inference(), 'AWS::ElasticLoadBalancingV2::LoadBalancer')).toEqual([]);
  });

  test('can be an internal load balancer that targets ready pods', () => {
    const of = balanced();
    expect(resourcesOf(of, 'AWS::ElasticLoadBalancingV2::LoadBalancer')[0]).toMatchObject({
      Scheme: 'internal',
      Type: 'network',
    });
    expect(resourcesOf(of, 'AWS::ElasticLoadBalancingV2::TargetGroup')[0]).toMatchObject({
      TargetType: 'ip',
      Port: 8000,
      HealthCheckPath: '/health',
      HealthCheckProtocol: 'HTTP',
    });
    expect(objectOf(of, 'TargetGroupBinding').spec).toEqual({
      targetGroupARN: '${TARGET_GROUP}',
      targetType: 'ip',
      serviceRef: { name: 'chat', port: 8000 },
    });
    expect(at(objectOf(of, 'NetworkPolicy'), 'spec.ingress.1.from')).toContainEqual({
      ipBlock: { cidr: '${VPC_CIDR}' },
    });
  });

  test('logs TLS requests to a bucket that only log delivery of the account can write to', () => {
    expect(balanced().loadBalancer?.accessLogs).toBeUndefined();
    const elsewhere = new Stack(new App(), 'Certificates', PRICED);
    const arn = 'arn:aws:acm:us-east-1:111122223333:certificate/1';
    const of = balanced({ certificate: Certificate.fromCertificateArn(elsewhere, 'C', arn) });
    const bucket = Stack.of(of).resolve(of.loadBalancer!.accessLogs!.bucketName) as unknown;
    expect(resourcesOf(of, 'AWS::ElasticLoadBalancingV2::LoadBalancer')[0]?.LoadBalancerAttributes).toEqual(
      expect.arrayContaining([
        { Key: 'access_logs.s3.enabled', Value: 'true' },
        { Key: 'access_logs.s3.bucket', Value: bucket },
      ]),
    );
    const statements = resourcesOf(of, 'AWS::S3::BucketPolicy').flatMap(
      ({ PolicyDocument }) => PolicyDocument.Statement,
    );
    expect(statements).toContainEqual(
      expect.objectContaining({
        Sid: 'LoadBalancerLogs',
        Action: 's3:PutObject',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
      }),
    );
  });

  test('allows only the named clients', () => {
    const ingressRules = (of: KubernetesInference) => resourcesOf(of, 'AWS::EC2::SecurityGroupIngress');
    const ofClients = (of: KubernetesInference) =>
      ingressRules(of).filter(({ Description }) => Description === 'requests');
    expect(ofClients(balanced())).toEqual([]);
    const stack = new Stack(new App(), 'Test', PRICED);
    const vpc = new Vpc(stack, 'Vpc');
    const client = new SecurityGroup(stack, 'Client', { vpc });
    const of = new KubernetesInference(stack, 'Chat', {
      machine: AwsMachine.G6E_12XLARGE,
      model: hub(),
      vpc,
      installation: Installation.gitOps(),
      ingress: ServingIngress.internalLoadBalancer({ clients: [client] }),
    });
    expect(ofClients(of)).toMatchObject([{ FromPort: 80, ToPort: 80 }]);
  });

  test('uses TLS with a certificate', () => {
    const stack = new Stack(new App(), 'Certificates', PRICED);
    const certificate = Certificate.fromCertificateArn(stack, 'C', 'arn:aws:acm:us-east-1:111122223333:certificate/1');
    const of = balanced({ certificate });
    expect(resourcesOf(of, 'AWS::ElasticLoadBalancingV2::Listener')[0]).toMatchObject({ Port: 443, Protocol: 'TLS' });
    expect(of.url).toMatch(/^https:/);
    expect(balanced().url).toMatch(/^http:/);
  });

  test('allows the controller to register only the targets of this model', () => {
    const policy = resourcesOf(balanced(), 'AWS::IAM::ManagedPolicy').find(({ Roles }) =>
      JSON.stringify(Roles).includes('LoadBalancerController'),
    );
    const [change, describing] = policy!.PolicyDocument.Statement as Json[];
    expect(change.Action).toEqual(['elasticloadbalancing:RegisterTargets', 'elasticloadbalancing:DeregisterTargets']);
    expect(change.Resource).toEqual({ Ref: expect.stringMatching(/LoadBalancerTargets/) });
    expect(describing.Action.every((action: string) => action.includes(':Describe'))).toBe(true);
  });

  test('can be an inference pool behind a gateway of the cluster', () => {
    const of = inference({
      ingress: ServingIngress.gateway({
        gateway: { name: 'inference', namespace: 'gateways' },
        endpointPicker: { name: 'picker', port: 9002 },
      }),
    });
    expect(objectOf(of, 'InferencePool').metadata.name).toBe('chat');
    expect(of.url).toBeUndefined();
    expect(JSON.stringify(at(objectOf(of, 'NetworkPolicy'), 'spec.ingress.1.from'))).toContain('gateways');
  });
});

describe('charts', () => {
  const charts = (changes: object) => inference(changes).bundle.releases.map(({ chart }) => chart);

  test('include only those that the model needs', () => {
    expect(charts({})).toEqual(['nvidia-device-plugin', 'karpenter']);
    expect(charts({ scaling: keda })).toEqual(['nvidia-device-plugin', 'keda', 'kube-prometheus-stack', 'karpenter']);
  });

  test('do not include an existing Prometheus, which can read the servers', () => {
    const prometheus = { address: 'http://prometheus.observability.svc:9090', namespace: 'observability' };
    const of = inference({ scaling: ServingScaling.keda({ maxReplicas: 2, targetConcurrency: 8, prometheus }) });
    expect(of.bundle.releases.map(({ chart }) => chart)).not.toContain('kube-prometheus-stack');
    expect(JSON.stringify(at(objectOf(of, 'NetworkPolicy'), 'spec.ingress.2'))).toContain('observability');
    expect(at(objectOf(of, 'ScaledObject'), 'spec.triggers.0.metadata.serverAddress')).toBe(prometheus.address);
  });

  test('include the Neuron chart for a Neuron machine', () => {
    const server = ServingServer.vllm({ image: 'example.com/vllm-neuron:1' });
    expect(charts({ machine: AwsMachine.INF2_48XLARGE, server })).toContain('neuron-helm-chart');
  });
});

describe('an existing cluster', () => {
  function onExisting({ existingCharts, ...changes }: Changes & Pick<ExistingClusterOptions, 'existingCharts'> = {}) {
    const { stack, cluster } = clusterStack(PRICED);
    return new KubernetesInference(stack, 'Chat', {
      machine: AwsMachine.G6E_12XLARGE,
      model: hub(),
      cluster: ClusterSource.fromCluster(cluster, { systemLabels: { role: 'system' }, existingCharts }),
      installation: Installation.gitOps(),
      ...changes,
    });
  }

  test('gets no control plane and no system nodes', () => {
    expect(onExisting().controlPlane).toBeUndefined();
    expect(onExisting().systemNodes).toBeUndefined();
    expect(resourcesOf(onExisting(), 'AWS::EKS::Nodegroup')).toEqual([]);
  });

  test('with Karpenter gets a node pool, but no second Karpenter', () => {
    const of = onExisting({ nodes: ServingNodes.karpenter({ installed: true }) });
    expect(of.karpenter!.interruptionQueue).toBeUndefined();
    expect(of.bundle.releases.map(({ chart }) => chart)).toEqual(['nvidia-device-plugin']);
    expect(objectOf(of, 'NodePool').metadata.name).toBe('chat');
    expect(resourcesOf(of, 'AWS::SQS::Queue')).toEqual([]);
  });

  test('with charts does not get them again', () => {
    const of = onExisting({
      scaling: keda,
      ingress: ServingIngress.internalLoadBalancer(),
      existingCharts: ['keda', 'kube-prometheus-stack', 'aws-load-balancer-controller'],
    });
    expect(of.bundle.releases.map(({ chart }) => chart)).toEqual(['nvidia-device-plugin', 'karpenter']);
    expect(of.loadBalancer!.identity).toBeUndefined();
  });

  test('gets agents with a unique name, next to those of other models', () => {
    const [agent] = onExisting().bundle.releases;
    expect(agent).toMatchObject({ chart: 'nvidia-device-plugin', release: 'nvidia-device-plugin-chat' });
    expect(inference().bundle.releases[0]).toMatchObject({ release: 'nvidia-device-plugin' });
  });
});

describe('two models on one cluster', () => {
  const first = inference({ ingress: ServingIngress.internalLoadBalancer() });
  const stack = Stack.of(first);
  const shared = ClusterSource.fromCluster(first.cluster, {
    systemLabels: { 'ai-infra/role': 'system' },
    existingCharts: ['aws-load-balancer-controller'],
  });
  const second = new KubernetesInference(stack, 'Second', {
    machine: AwsMachine.G6E_12XLARGE,
    model: hub(),
    cluster: shared,
    nodes: ServingNodes.karpenter({ installed: true }),
    ingress: ServingIngress.internalLoadBalancer(),
    nodeOptions: { bootDiskKey: new Key(stack, 'Volumes') },
    installation: Installation.gitOps(),
  });
  second.karpenter!.grantStart(first.karpenter!.controllerRole!);
  second.loadBalancer!.grantRegister(first.loadBalancer!.controllerRole!);
  const granted = (action: string) =>
    resourcesOf(first, 'AWS::IAM::Policy')
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement as Json[])
      .filter(({ Action }) => [Action].flat().includes(action))
      .map(({ Resource }) => Resource as unknown);

  test('share the controllers of the first one, which get the permissions for the second one', () => {
    expect(second.karpenter!.controllerRole).toBeUndefined();
    expect(second.loadBalancer!.controllerRole).toBeUndefined();
    expect(granted('iam:PassRole')).toEqual([stack.resolve(second.karpenter!.role.roleArn)]);
    expect(granted('kms:CreateGrant')).toHaveLength(1);
    expect(granted('elasticloadbalancing:RegisterTargets')).toEqual([
      stack.resolve(second.loadBalancer!.targetGroup.targetGroupArn),
    ]);
  });

  test('record a finding until the controllers have permissions, and if the app cannot grant them', () => {
    const open = (of: IConstruct) =>
      findingsOf(of).filter(({ id, acknowledged }) => id === 'access/no-grant' && !acknowledged);
    expect(findingsOf(first).map(({ id }) => id)).not.toContain('access/no-grant');
    expect(findingsOf(second).filter(({ id }) => id === 'access/no-grant')).toHaveLength(2);
    expect(open(second)).toEqual([]);

    const third = new KubernetesInference(stack, 'Third', {
      machine: AwsMachine.G6E_12XLARGE,
      model: hub(),
      cluster: shared,
      nodes: ServingNodes.karpenter({ installed: true }),
      ingress: ServingIngress.internalLoadBalancer(),
      installation: Installation.gitOps(),
    });
    third.karpenter!.grantStart(new ArnPrincipal('arn:aws:iam::111122223333:role/karpenter'));
    expect(open(third).map(({ constructPath }) => constructPath)).toEqual([
      third.karpenter!.node.path,
      third.loadBalancer!.node.path,
    ]);
  });

  test('return whether the grant succeeded', () => {
    const arn = new ArnPrincipal('arn:aws:iam::111122223333:role/karpenter');
    expect(second.karpenter!.grantStart(first.karpenter!.controllerRole!).success).toBe(true);
    expect(second.loadBalancer!.grantRegister(arn).success).toBe(false);
  });

  test('reject values that are not grantees', () => {
    expect(() => second.karpenter!.grantStart({} as Role)).toThrow(/controller must be/);
    expect(() => second.loadBalancer!.grantRegister(undefined as unknown as Role)).toThrow(/controller must be/);
  });
});

describe('a new cluster', () => {
  test('enforces network policies', () => {
    const addon = resourcesOf(inference(), 'AWS::EKS::Addon').find(({ AddonName }) => AddonName === 'vpc-cni');
    expect(JSON.parse(addon!.ConfigurationValues)).toEqual({ enableNetworkPolicy: 'true' });
  });
});

describe('installation by the deployment', () => {
  const stack = new Stack(new App(), 'Test', PRICED);
  const of = new KubernetesInference(stack, 'Chat', {
    machine: AwsMachine.G6E_12XLARGE,
    model: artifact(stack),
    scaling: keda,
    ingress: ServingIngress.internalLoadBalancer(),
  });
  const manifests = resourcesOf(of, 'Custom::AWSCDK-EKS-KubernetesResource').map(({ Manifest }) =>
    JSON.stringify(Manifest),
  );

  test('applies the manifests after the charts, with values of the deployment', () => {
    expect(of.software.installed).toHaveLength(6);
    const text = manifests.find((one) => one.includes('EC2NodeClass'))!;
    for (const part of [
      'ScaledObject',
      'TargetGroupBinding',
      'NodesInstanceProfile',
      'LoadBalancerTargets',
      'Models',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('${');
  });

  test('waits for the permissions of Karpenter and of the servers', () => {
    const objects = of.software.installed.at(-1)!;
    const before = objects.node.dependencies.map(({ node: { path } }) => path);
    expect(before).toEqual(
      expect.arrayContaining([
        'Test/Chat/Nodes/ControllerIdentity',
        'Test/Chat/Nodes/NodeAccess',
        'Test/Chat/LoadBalancer/ControllerIdentity',
        'Test/Chat/Identity/Association',
      ]),
    );
  });
});

describe('installation with GitOps', () => {
  test('writes files with the same pinned versions, and outputs with their values', () => {
    const app = new App();
    const of = inference({ scaling: keda, ingress: ServingIngress.internalLoadBalancer() }, PRICED, app);
    const files = filesBeside(app);
    expect(Object.keys(files).sort()).toEqual(['helmfile.yaml', 'manifests.yaml']);
    expect(files['helmfile.yaml']).toContain('version: 1.14.1');
    const outputs = Object.keys(app.synth().getStackByName('Test').template.Outputs as object).join(' ');
    for (const value of ['ClusterName', 'InstanceProfile', 'TargetGroup', 'InterruptionQueue', 'Subnet1', 'VpcCidr']) {
      expect(outputs).toContain(value);
    }
    expect(Object.keys(of.bundle.variables!)).toEqual(
      expect.arrayContaining(['CLUSTER_NAME', 'INSTANCE_PROFILE', 'NODE_SECURITY_GROUP', 'SUBNET_1', 'TARGET_GROUP']),
    );
  });
});
