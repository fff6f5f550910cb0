import { App, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster as ClusterV1 } from 'aws-cdk-lib/aws-eks';
import { Cluster, EndpointAccess, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { findingsOf } from 'ai-infra-constructs';
import {
  AwsMachine,
  JobPriority,
  Capacity,
  ClusterSource,
  DataBucket,
  Installation,
  Interconnect,
  LustreFileSystem,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
} from 'ai-infra-constructs/aws';
import type { IConstruct } from 'constructs';
import { parse, parseAllDocuments } from 'yaml';
import { manifestFaults, schemaTest, valueFaults } from '../../kubernetes/schemas';
import { REGION, type Json, errorOf, filesBeside, problemsOf } from '../support';

const BLOCK = Capacity.capacityBlock('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a' });
const EFA = TrainingStorage.lustre({ efa: true });
const ZONES = ['us-east-1a', 'us-east-1b'];

function synthCluster(props: Partial<TrainingClusterProps> = {}) {
  const app = new App();
  const zoned = props.capacity?.availabilityZone !== undefined;
  const stack = new Stack(app, 'Test', zoned ? REGION : {});
  const cluster = new TrainingCluster(stack, 'Pretrain', {
    machine: AwsMachine.P5_48XLARGE,
    nodes: 4,
    availabilityZones: zoned ? ZONES : undefined,
    ...props,
  });
  return { app, stack, cluster, template: Template.fromStack(stack) };
}

/** IDs of findings, without those of every cluster without admins and with storage of the default size. */
function openIds(scope: IConstruct): string[] {
  return findingsOf(scope)
    .map(({ id }) => id)
    .filter((id) => id !== 'access/no-admins' && id !== 'storage/grows-only');
}

type Synthesized = ReturnType<typeof synthCluster>;

function chartsOf({ template }: Synthesized): Record<string, Json> {
  const charts = Object.values(template.findResources('Custom::AWSCDK-EKS-HelmChart')).map(
    ({ Properties }) => Properties,
  );
  return Object.fromEntries(charts.map((chart) => [chart.Release, chart]));
}

function valuesOf(synthesized: Synthesized, release: string): Json {
  const { Values: values } = chartsOf(synthesized)[release];
  const text =
    typeof values === 'string'
      ? values
      : values['Fn::Join'][1].map((part: Json) => (typeof part === 'string' ? part : 'token')).join('');
  return JSON.parse(text);
}

function objectsOf({ template }: Synthesized): Record<string, Json>[] {
  const [applied] = Object.values(template.findResources('Custom::AWSCDK-EKS-KubernetesResource'));
  const text = applied!.Properties.Manifest;
  return JSON.parse(
    typeof text === 'string'
      ? text
      : text['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : 'token')).join(''),
  );
}

function objectOf(synthesized: Synthesized, kind: string, name?: string): Json {
  return objectsOf(synthesized).find(
    (each) => each.kind === kind && (name === undefined || each.metadata.name === name),
  );
}

describe('control plane', () => {
  const synthesized = synthCluster();

  test('is private, encrypts secrets, writes all logs, and uses only access entries', () => {
    synthesized.template.hasResourceProperties('AWS::EKS::Cluster', {
      ResourcesVpcConfig: { EndpointPrivateAccess: true, EndpointPublicAccess: false },
      EncryptionConfig: [{ Resources: ['secrets'] }],
      Logging: {
        ClusterLogging: {
          EnabledTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'].map((Type) => ({ Type })),
        },
      },
      AccessConfig: { AuthenticationMode: 'API', BootstrapClusterCreatorAdminPermissions: false },
      BootstrapSelfManagedAddons: false,
      Version: '1.36',
    });
  });

  test('creates an access entry for each admin', () => {
    const app = new App();
    const stack = new Stack(app, 'Test');
    const admin = new Role(stack, 'Admin', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    new TrainingCluster(stack, 'Pretrain', {
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      cluster: ClusterSource.create({ admins: [admin] }),
      installation: Installation.gitOps(),
    });
    Template.fromStack(stack).hasResourceProperties('AWS::EKS::AccessEntry', {
      PrincipalArn: stack.resolve(admin.roleArn),
      AccessPolicies: [Match.objectLike({ AccessScope: { Type: 'cluster' } })],
    });
  });

  test('reports a public API endpoint', () => {
    const { stack } = synthCluster({
      cluster: ClusterSource.create({ apiAccess: EndpointAccess.PUBLIC_AND_PRIVATE.onlyFrom('203.0.113.0/24') }),
    });
    expect(openIds(stack)).toEqual(['network/public-api']);
  });

  test('has the given number and size of system nodes', () => {
    const systemNodes = { minNodes: 3, maxNodes: 6, bootDisk: Size.gibibytes(150) };
    const { template } = synthCluster({ cluster: ClusterSource.create({ systemNodes }) });
    template.hasResourceProperties('AWS::EKS::Nodegroup', {
      Labels: { 'ai-infra/role': 'system' },
      ScalingConfig: { MinSize: 3, DesiredSize: 3, MaxSize: 6 },
    });
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { BlockDeviceMappings: [{ Ebs: { VolumeSize: 150 } }] },
    });
  });

  test('rejects fewer maximum than minimum system nodes', () => {
    const error = errorOf(() => ClusterSource.create({ systemNodes: { minNodes: 3, maxNodes: 2 } }));
    expect(problemsOf(error)).toEqual(['NodesOutOfRange systemNodes.maxNodes']);
  });

  test('makes nodes wait for network and identity add-ons, and other add-ons wait for the system nodes', () => {
    const addons = synthesized.template.findResources('AWS::EKS::Addon');
    const idOf = (name: string) => Object.keys(addons).find((id) => addons[id]?.Properties.AddonName === name);
    const groups = synthesized.template.findResources('AWS::EKS::Nodegroup');
    for (const group of Object.values(groups)) {
      expect(group.DependsOn).toEqual(
        expect.arrayContaining(['vpc-cni', 'kube-proxy', 'eks-pod-identity-agent'].map(idOf)),
      );
    }
    const system = Object.keys(groups).find((id) => groups[id]?.Properties.Labels['ai-infra/role'] === 'system');
    for (const name of [
      'coredns',
      'eks-node-monitoring-agent',
      'aws-fsx-csi-driver',
      'amazon-cloudwatch-observability',
    ]) {
      expect(addons[idOf(name)!]?.DependsOn).toEqual([system]);
    }
  });

  test('adds tolerations for GPU nodes to the DCGM server of the monitoring agent', () => {
    synthesized.template.hasResourceProperties('AWS::EKS::Addon', {
      AddonName: 'eks-node-monitoring-agent',
      ConfigurationValues: JSON.stringify({ dcgmAgent: { tolerations: [{ operator: 'Exists' }] } }),
    });
  });

  test('gives the CNI its rights by Pod Identity, and not to the nodes', () => {
    synthesized.template.hasResourceProperties('AWS::EKS::Addon', {
      AddonName: 'vpc-cni',
      PodIdentityAssociations: [Match.objectLike({ ServiceAccount: 'aws-node' })],
    });
    const roles = Object.entries(synthesized.template.findResources('AWS::IAM::Role'));
    const nodeRole = roles.find(([id]) => id.includes('NodeRole'))!;
    expect(JSON.stringify(nodeRole)).not.toContain('AmazonEKS_CNI_Policy');
  });
});

describe('software of a P5 cluster', () => {
  const synthesized = synthCluster();
  const charts = chartsOf(synthesized);

  test('has pinned versions, waits, and contains only what the hardware needs', () => {
    expect(Object.keys(charts).sort()).toEqual([
      'aws-efa-k8s-device-plugin',
      'jobset',
      'kubeflow-trainer',
      'kueue',
      'nvidia-device-plugin',
    ]);
    for (const chart of Object.values(charts)) {
      expect(chart.Version).toMatch(/^v?\d+\.\d+\.\d+$/);
      expect(chart.Wait).toBe(true);
    }
  });

  test('installs charts in dependency order after the add-ons, and objects after the charts', () => {
    const resources = synthesized.template.findResources('Custom::AWSCDK-EKS-HelmChart');
    const idOf = (release: string) =>
      Object.keys(resources).find((id) => resources[id]?.Properties.Release === release);
    const addons = Object.entries(synthesized.template.findResources('AWS::EKS::Addon')).filter(
      ([, { DependsOn }]) => DependsOn?.length === 1,
    );
    for (const chart of Object.values(resources))
      expect(chart.DependsOn).toEqual(expect.arrayContaining(addons.map(([id]) => id)));
    expect(resources[idOf('kubeflow-trainer')!]?.DependsOn).toContain(idOf('jobset'));
    expect(resources[idOf('kueue')!]?.DependsOn).toEqual(
      expect.arrayContaining([idOf('jobset'), idOf('kubeflow-trainer')]),
    );
    const [objects] = Object.values(synthesized.template.findResources('Custom::AWSCDK-EKS-KubernetesResource'));
    expect(objects!.DependsOn).toEqual(expect.arrayContaining(Object.keys(resources)));
  });

  test('sets the queue quota to the resources of the machines', () => {
    const { resourceGroups } = objectOf(synthesized, 'ClusterQueue').spec;
    const quota = Object.fromEntries(
      resourceGroups[0].flavors[0].resources.map((each: Json) => [each.name, each.nominalQuota]),
    );
    expect(quota).toMatchObject({ 'nvidia.com/gpu': '32', 'vpc.amazonaws.com/efa': '128' });
  });

  test('uses the three network layers of P5 for topology-aware scheduling', () => {
    expect(objectOf(synthesized, 'Topology').spec.levels.map((level: Json) => level.nodeLabel)).toEqual([
      'topology.k8s.aws/network-node-layer-1',
      'topology.k8s.aws/network-node-layer-2',
      'topology.k8s.aws/network-node-layer-3',
      'kubernetes.io/hostname',
    ]);
  });

  test('selects nodes in the flavor by their labels', () => {
    const [group] = Object.values(
      synthesized.template.findResources('AWS::EKS::Nodegroup', { Properties: { AmiType: 'AL2023_x86_64_NVIDIA' } }),
    );
    const { nodeLabels, tolerations } = objectOf(synthesized, 'ResourceFlavor').spec;
    const { 'node.kubernetes.io/instance-type': machine, ...others } = nodeLabels;
    expect(machine).toBe('p5.48xlarge');
    expect(group!.Properties.Labels).toMatchObject(others);
    const [taint] = group!.Properties.Taints;
    expect(tolerations).toEqual([{ key: taint.Key, operator: 'Equal', value: taint.Value, effect: 'NoSchedule' }]);
  });

  test('gives jobs whole nodes with EFA, and the file system at /shared', () => {
    const [job] = objectOf(synthesized, 'ClusterTrainingRuntime').spec.template.spec.replicatedJobs;
    const [container] = job.template.spec.template.spec.containers;
    expect(container.resources.limits).toMatchObject({
      'nvidia.com/gpu': '8',
      'vpc.amazonaws.com/efa': '32',
      'hugepages-2Mi': '10256Mi',
    });
    expect(container.env).toContainEqual({ name: 'FI_PROVIDER', value: 'efa' });
    expect(container.volumeMounts).toContainEqual({ name: 'file-system', mountPath: '/shared' });
  });

  test('gives jobs the memory that a lower limit of pods leaves', () => {
    const memoryOf = (nodeOptions: TrainingClusterProps['nodeOptions']) => {
      const { bundle } = new TrainingCluster(new Stack(new App(), 'Test'), 'Pretrain', {
        ...{ machine: AwsMachine.P5_48XLARGE, nodes: 2, installation: Installation.gitOps(), nodeOptions },
        storage: TrainingStorage.none(),
      });
      const runtime = bundle.manifests.find(({ kind }) => kind === 'ClusterTrainingRuntime') as Json;
      const [container] = runtime.spec.template.spec.replicatedJobs[0].template.spec.template.spec.containers;
      return parseInt(container.resources.requests.memory);
    };
    // A node reserves 11 MiB for each pod. The default is 737 pods.
    expect(memoryOf({ maxPodsPerNode: 110 }) - memoryOf({})).toBe(Math.floor((11 * (737 - 110)) / 1024));
  });

  test('writes the acceptance job next to the template, and outputs its expected bandwidth', () => {
    const files = filesBeside(synthesized.app);
    const job = parseAllDocuments(files['acceptance-nodes.yaml']!).map((document) => document.toJS());
    expect(job.map(({ kind }) => kind)).toEqual(['ConfigMap', 'TrainingRuntime', 'TrainJob']);
    synthesized.template.hasOutput('*', {
      Value: Match.stringLikeRegexp('^all-reduce at [0-9.]+ GB/s bus bandwidth or more \\(published'),
    });
  });

  schemaTest('matches the published schema of each object and chart', () => {
    const { releases, manifests } = synthesized.cluster.bundle;
    expect(releases.flatMap((release) => valueFaults(release).map((fault) => `${release.chart}: ${fault}`))).toEqual(
      [],
    );
    expect(
      manifests.flatMap((manifest) => manifestFaults(manifest).map((fault) => `${manifest.kind}: ${fault}`)),
    ).toEqual([]);
  });
});

describe('software of other clusters', () => {
  const TRAINIUM = { machine: AwsMachine.TRN2_48XLARGE, capacity: BLOCK };
  const GB200 = {
    machine: AwsMachine.P6E_GB200_36XLARGE,
    nodes: 18,
    capacity: BLOCK,
    images: { training: 'example.com/torch', acceptance: 'example.com/nccl' },
  };
  const SPOT = { capacity: Capacity.spot({ fallback: Capacity.onDemand() }) };

  test('contains the Neuron chart and no NVIDIA chart for Trainium', () => {
    const charts = Object.keys(chartsOf(synthCluster(TRAINIUM)));
    expect(charts).toContain('neuron');
    expect(charts).not.toContain('nvidia-device-plugin');
  });

  test('contains the DRA driver and a compute domain for GB200', () => {
    const synthesized = synthCluster(GB200);
    expect(Object.keys(chartsOf(synthesized))).toContain('dra-driver-nvidia-gpu');
    expect(objectOf(synthesized, 'ComputeDomain').spec.numNodes).toBe(18);
  });

  test('contains an autoscaler for spot with a fallback, with rights for this cluster only and spot first', () => {
    const synthesized = synthCluster(SPOT);
    expect(Object.keys(chartsOf(synthesized))).toContain('cluster-autoscaler');
    const { flavors } = objectOf(synthesized, 'ClusterQueue').spec.resourceGroups[0];
    expect(flavors.map(({ name }: Json) => name)).toEqual(['nodes-p5-48xlarge']);
    const { expanderPriorities, extraArgs } = JSON.parse(JSON.stringify(valuesOf(synthesized, 'cluster-autoscaler')));
    expect(extraArgs.expander).toBe('priority,least-waste');
    const [[low, [onDemand]], [high, [spot]]] = Object.entries(expanderPriorities as Record<string, [string]>) as [
      [string, [string]],
      [string, [string]],
    ];
    expect(Number(high)).toBeGreaterThan(Number(low));
    const names = Object.values(synthesized.template.findResources('AWS::EKS::Nodegroup')).map(
      ({ Properties }) => `eks-${Properties.NodegroupName}-0`,
    );
    expect(names.filter((name) => new RegExp(spot).test(name))).toHaveLength(1);
    expect(names.filter((name) => new RegExp(onDemand).test(name))).toHaveLength(1);
    synthesized.template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: Match.arrayWith(['autoscaling:SetDesiredCapacity']),
            Condition: {
              StringEquals: {
                'aws:ResourceTag/eks:cluster-name': Match.anyValue(),
                'aws:ResourceTag/eks:nodegroup-name': [
                  Match.stringLikeRegexp('^nodes-spot-'),
                  Match.stringLikeRegexp('^nodes-on-demand-'),
                ],
              },
            },
          }),
        ]),
      },
    });
  });

  test('keeps the autoscaler away from the nodes of a capacity block and of reservations', () => {
    const synthesized = synthCluster({
      ...SPOT,
      availabilityZones: ZONES,
      groups: { block: { machine: AwsMachine.P5_48XLARGE, nodes: 8, capacity: BLOCK } },
    });
    const { autoDiscovery, customArgs } = valuesOf(synthesized, 'cluster-autoscaler');
    const { nodeGroup, groups } = synthesized.cluster;
    const elastic = [nodeGroup, nodeGroup.fallback!].map(({ resource }) => resource.nodegroupName);
    expect(autoDiscovery.tags).toEqual(['eks:cluster-name=token', `eks:nodegroup-name=${elastic[0]}`]);
    expect(customArgs).toEqual([
      `--node-group-auto-discovery=asg:tag=eks:cluster-name=token,eks:nodegroup-name=${elastic[1]}`,
    ]);
    expect(groups.block?.isElastic).toBe(false);
  });

  test('puts the other groups into the zone of the file system', () => {
    const groups = { small: { machine: AwsMachine.G6E_48XLARGE, nodes: 2 } };
    const inSecondZone = synthCluster({
      capacity: Capacity.reservation('cr-0123456789abcdef0', { availabilityZone: 'us-east-1b' }),
      groups,
    });
    expect(inSecondZone.cluster.groups.small?.subnets[0]?.availabilityZone).toBe('us-east-1b');
    expect(openIds(inSecondZone.cluster)).not.toContain('storage/other-zone');

    const stack = new Stack(new App(), 'Test', REGION);
    const vpc = new Vpc(stack, 'Vpc', { availabilityZones: ZONES });
    const fileSystem = new LustreFileSystem(stack, 'Lustre', {
      vpc,
      subnet: vpc.privateSubnets[1]!,
      size: Size.gibibytes(1200),
    });
    const storage = TrainingStorage.fromFileSystem(fileSystem);
    const cluster = new TrainingCluster(stack, 'Pretrain', {
      vpc,
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      storage,
      groups,
    });
    for (const { subnets } of Object.values(cluster.groups)) expect(subnets[0]).toBe(vpc.privateSubnets[1]);
  });

  test('shares queue and file system between groups, with a separate fabric for each', () => {
    const synthesized = synthCluster({ groups: { small: { machine: AwsMachine.G6E_48XLARGE, nodes: 2 } } });
    const { flavors } = objectOf(synthesized, 'ClusterQueue').spec.resourceGroups[0];
    expect(flavors.map(({ name }: Json) => name).sort()).toEqual([
      expect.stringMatching(/^nodes-p5-48xlarge-/),
      expect.stringMatching(/^small-g6e-48xlarge-/),
    ]);
    const { groups, nodeGroup, fileSystem, connections } = synthesized.cluster;
    expect(groups.small?.securityGroup).not.toBe(nodeGroup.securityGroup);
    expect(connections.securityGroups).toEqual([nodeGroup.securityGroup, groups.small?.securityGroup]);
    for (const group of Object.values(groups)) {
      synthesized.template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
        GroupId: synthesized.stack.resolve((fileSystem as LustreFileSystem).securityGroup.securityGroupId),
        SourceSecurityGroupId: synthesized.stack.resolve(group.securityGroup.securityGroupId),
        FromPort: 988,
      });
    }
    expect(Object.keys(filesBeside(synthesized.app)).sort()).toEqual([
      'acceptance-nodes.yaml',
      'acceptance-small.yaml',
    ]);
  });

  schemaTest('matches the published schemas', () => {
    for (const props of [TRAINIUM, GB200, SPOT]) {
      const { releases, manifests } = synthCluster(props).cluster.bundle;
      expect(releases.flatMap(valueFaults)).toEqual([]);
      expect(manifests.flatMap(manifestFaults)).toEqual([]);
    }
  });
});

describe('GitOps', () => {
  const synthesized = synthCluster({ installation: Installation.gitOps() });
  const files = filesBeside(synthesized.app);

  test('installs nothing, and writes the same versions and objects with variables', () => {
    synthesized.template.resourceCountIs('Custom::AWSCDK-EKS-HelmChart', 0);
    const pinned = parse(files['helmfile.yaml']!).releases.map((release: Json) => [release.name, release.version]);
    const installed = Object.values(chartsOf(synthCluster())).map((chart) => [chart.Release, chart.Version]);
    expect(pinned.sort()).toEqual(installed.sort());
    expect(files['manifests.yaml']).toContain('volumeHandle: ${FILE_SYSTEM_ID}');
    expect(files['manifests.yaml']).not.toContain('Token[');
  });

  test('writes one acceptance job for a group and its fallback', () => {
    const { app } = synthCluster({ capacity: Capacity.spot({ fallback: Capacity.onDemand() }) });
    expect(Object.keys(filesBeside(app))).toEqual(['acceptance-nodes.yaml']);
  });

  test('outputs the values of the variables', () => {
    for (const name of ['ClusterName', 'FileSystemId', 'FileSystemDnsName', 'FileSystemMountName']) {
      expect(Object.keys(synthesized.template.findOutputs('*')).some((id) => id.includes(name))).toBe(true);
    }
  });
});

describe('storage', () => {
  test('creates a file system over EFA for the nodes, in their zone, and runs the client set-up of AWS', () => {
    const { template, stack, cluster } = synthCluster({ nodes: 16, storage: TrainingStorage.lustre({ efa: true }) });
    const [data] = Object.values(template.findResources('AWS::EC2::LaunchTemplate')).filter((each) =>
      JSON.stringify(each).includes('efa-only'),
    );
    expect(JSON.stringify(data)).toContain('configure-efa-fsx-lustre-client');
    template.hasResourceProperties('AWS::FSx::FileSystem', {
      StorageCapacity: 19_200,
      LustreConfiguration: {
        EfaEnabled: true,
        PerUnitStorageThroughput: 250,
        MetadataConfiguration: { Mode: 'AUTOMATIC' },
      },
      SubnetIds: [stack.resolve(cluster.nodeGroup.subnets[0]!.subnetId)],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: stack.resolve((cluster.fileSystem as LustreFileSystem).securityGroup.securityGroupId),
      SourceSecurityGroupId: stack.resolve(cluster.nodeGroup.securityGroup.securityGroupId),
      IpProtocol: '-1',
    });
  });

  test('uses TCP by default, because EFA fixes the throughput', () => {
    const { template } = synthCluster();
    template.hasResourceProperties('AWS::FSx::FileSystem', {
      LustreConfiguration: { EfaEnabled: false, PerUnitStorageThroughput: 250 },
    });
    expect(JSON.stringify(template.toJSON())).not.toContain('configure-efa-fsx-lustre-client');
  });

  test('changes only the size of the file system for more nodes, because FSx can change nothing else', () => {
    const of = (nodes: number) =>
      Object.values(synthCluster({ nodes }).template.findResources('AWS::FSx::FileSystem'))[0]!.Properties;
    const { StorageCapacity: small, ...before } = of(16);
    const { StorageCapacity: large, ...after } = of(33);
    expect([small, large]).toEqual([19_200, 40_800]);
    expect(after).toEqual(before);
  });

  test('keeps the claim when the file system grows, because Kubernetes cannot change it', () => {
    const of = (nodes: number) => objectOf(synthCluster({ nodes }), 'PersistentVolumeClaim').spec;
    expect(of(33)).toEqual(of(16));
  });

  test('creates the file system after a new reservation, which can fail', () => {
    const { template } = synthCluster({ capacity: Capacity.newReservation({ confirm: 'costs until deleted' }) });
    const [reservation] = Object.keys(template.findResources('AWS::EC2::CapacityReservation'));
    const [fileSystem] = Object.values(template.findResources('AWS::FSx::FileSystem'));
    expect(fileSystem!.DependsOn).toContain(reservation);
  });

  test('imports datasets, and imports and exports checkpoints', () => {
    const app = new App();
    const stack = new Stack(app, 'Test');
    const datasets = new DataBucket(stack, 'Datasets');
    const checkpoints = Bucket.fromBucketName(stack, 'Checkpoints', 'ckpt');
    new TrainingCluster(stack, 'Pretrain', { machine: AwsMachine.P5_48XLARGE, nodes: 2, datasets, checkpoints });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::FSx::DataRepositoryAssociation', {
      FileSystemPath: '/datasets',
      S3: { AutoExportPolicy: Match.absent() },
    });
    template.hasResourceProperties('AWS::FSx::DataRepositoryAssociation', {
      FileSystemPath: '/checkpoints',
      S3: { AutoExportPolicy: { Events: ['NEW', 'CHANGED'] } },
    });
  });

  test('creates and mounts nothing for TrainingStorage.none()', () => {
    const synthesized = synthCluster({ storage: TrainingStorage.none() });
    synthesized.template.resourceCountIs('AWS::FSx::FileSystem', 0);
    expect(objectOf(synthesized, 'PersistentVolume')).toBeUndefined();
  });

  test.each([
    [
      'EFA for a machine that FSx does not support',
      { machine: AwsMachine.TRN2_48XLARGE, capacity: BLOCK, storage: TrainingStorage.lustre({ efa: true }) },
      'LustreEfaClient storage.efa',
    ],
    [
      'a size below the minimum of EFA',
      { storage: TrainingStorage.lustre({ size: Size.gibibytes(4800), throughputMBpsPerTiB: 500, efa: true }) },
      'LustreEfaFloor storage.size',
    ],
    [
      'an invalid size',
      { storage: TrainingStorage.lustre({ size: Size.gibibytes(1300), efa: false }) },
      'LustreSize storage.size',
    ],
    [
      'an invalid throughput',
      { storage: TrainingStorage.lustre({ throughputMBpsPerTiB: 130 }) },
      'LustreThroughput storage.throughputMBpsPerTiB',
    ],
    [
      'a size together with a required throughput',
      { storage: TrainingStorage.lustre({ size: Size.gibibytes(2400), requiredThroughputMBps: 1000 }) },
      'LustreSizing storage.size',
    ],
  ])('rejects %s', (_, props, expected) => {
    expect(problemsOf(errorOf(() => synthCluster(props)))).toEqual([expected]);
  });
});

describe('existing resources', () => {
  function onExisting(props: Partial<TrainingClusterProps> = {}, withKubectl = false) {
    const stack = new Stack(new App(), 'Test');
    const vpc = new Vpc(stack, 'Vpc');
    const kubectlProvider = withKubectl
      ? { serviceToken: 'arn:aws:lambda:us-east-1:111122223333:function:kubectl' }
      : undefined;
    const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', {
      clusterName: 'ours',
      vpc,
      clusterSecurityGroupId: 'sg-0c1a5e',
      kubectlProvider: kubectlProvider as never,
    });
    const training = new TrainingCluster(stack, 'Pretrain', {
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      cluster: ClusterSource.fromCluster(cluster, { systemLabels: { role: 'controllers' } }),
      installation: Installation.gitOps(),
      ...props,
    });
    return { training, template: Template.fromStack(stack), vpc };
  }

  test('adds nodes to an existing cluster, without a control plane, system nodes, or add-ons', () => {
    const { template, training, vpc } = onExisting();
    template.resourceCountIs('AWS::EKS::Cluster', 0);
    template.resourceCountIs('AWS::EKS::Addon', 0);
    template.hasResourceProperties('AWS::EKS::Nodegroup', { ClusterName: 'ours' });
    expect(training.vpc).toBe(vpc);
    expect(training.systemNodes).toBeUndefined();
  });

  test('installs the add-ons that the existing cluster lacks, before the software, and reports the others', () => {
    const { training } = onExisting();
    const found = findingsOf(training).find(({ id }) => id === 'cluster/add-ons');
    expect(found).toMatchObject({ level: 'info', message: expect.stringContaining('aws-fsx-csi-driver') as unknown });

    const stack = new Stack(new App(), 'Test');
    const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', {
      clusterName: 'ours',
      vpc: new Vpc(stack, 'Vpc'),
      clusterSecurityGroupId: 'sg-0c1a5e',
    });
    const more = new TrainingCluster(stack, 'Pretrain', {
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      cluster: ClusterSource.fromCluster(cluster, {
        systemLabels: { role: 'controllers' },
        addons: ['vpc-cni', 'eks-pod-identity-agent', 'aws-fsx-csi-driver'],
        addonVersions: { 'aws-fsx-csi-driver': 'v1.7.0-eksbuild.1' },
      }),
      installation: Installation.gitOps(),
    });
    const addons = Object.values(Template.fromStack(stack).findResources('AWS::EKS::Addon'));
    expect(addons.map(({ Properties }) => Properties.AddonName).sort()).toEqual([
      'aws-fsx-csi-driver',
      'eks-pod-identity-agent',
      'vpc-cni',
    ]);
    expect(addons.find(({ Properties }) => Properties.AddonName === 'aws-fsx-csi-driver')?.Properties).toMatchObject({
      ClusterName: 'ours',
      AddonVersion: 'v1.7.0-eksbuild.1',
    });
    expect(more.systemNodes).toBeUndefined();
    expect(openIds(more)).not.toContain('cluster/add-ons');
  });

  test('rejects a cluster of the first EKS module by its name', () => {
    const stack = new Stack(new App(), 'Test');
    const vpc = new Vpc(stack, 'Vpc');
    const first = ClusterV1.fromClusterAttributes(stack, 'Cluster', { clusterName: 'ours', vpc });
    const error = errorOf(() => ClusterSource.fromCluster(first as never, { systemLabels: { role: 'controllers' } }));
    expect(error.message).toContain('cluster must be a cluster of aws-cdk-lib/aws-eks-v2');
    expect(error.message).toContain('fromClusterAttributes of aws-cdk-lib/aws-eks-v2');
  });

  test('puts the path of a construct into a problem, not its tree', () => {
    const stack = new Stack(new App(), 'Test');
    const imported = Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'ours' });
    const error = errorOf(() => ClusterSource.fromCluster(imported, { systemLabels: { role: 'controllers' } }));
    expect(error.problems[0]?.got).toBe("the construct 'Test/Cluster'");
    expect(error.message).toContain('a cluster with a known vpc and clusterSecurityGroup');
  });

  test('rejects a source without labels of system nodes', () => {
    const { cluster } = onExisting().training;
    expect(problemsOf(errorOf(() => ClusterSource.fromCluster(cluster, { systemLabels: {} })))).toEqual([
      'ClusterOption systemLabels',
    ]);
  });

  test('rejects labels that also select accelerator nodes', () => {
    const { cluster } = onExisting().training;
    const source = ClusterSource.fromCluster(cluster, { systemLabels: { 'ai-infra/pool': 'nodes' } });
    expect(problemsOf(errorOf(() => onExisting({ cluster: source, vpc: cluster.vpc })))).toEqual([
      'ClusterOption cluster.systemLabels',
    ]);
  });

  test('rejects an installation by the deployment without a kubectl provider', () => {
    expect(problemsOf(errorOf(() => onExisting({ installation: Installation.byDeployment() })))).toEqual([
      'ClusterOption installation',
    ]);
    expect(() => onExisting({ installation: Installation.byDeployment() }, true)).not.toThrow();
  });

  test('rejects a VPC other than that of the cluster', () => {
    const other = new Vpc(new Stack(new App(), 'Other'), 'Vpc');
    expect(problemsOf(errorOf(() => onExisting({ vpc: other })))).toEqual(['ClusterOption vpc']);
  });

  test('mounts an existing file system', () => {
    const stack = new Stack(new App(), 'Test');
    const vpc = new Vpc(stack, 'Vpc');
    const fileSystem = new LustreFileSystem(stack, 'Lustre', {
      vpc,
      subnet: vpc.privateSubnets[0]!,
      size: Size.gibibytes(4800),
    });
    const cluster = new TrainingCluster(stack, 'Pretrain', {
      vpc,
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      storage: TrainingStorage.fromFileSystem(fileSystem),
    });
    expect(cluster.fileSystem).toBe(fileSystem);
    const [applied] = Object.values(Template.fromStack(stack).findResources('Custom::AWSCDK-EKS-KubernetesResource'));
    expect(applied!.Properties.Manifest['Fn::Join'][1]).toContainEqual(stack.resolve(fileSystem.fileSystemId));
  });
});

test.each([
  [AwsMachine.G4DN_XLARGE, '12Gi'],
  [AwsMachine.G6F_LARGE, '5Gi'],
])('a job on %s requests the memory that EKS and its agents leave', (machine, memory) => {
  const runtime: Json = objectOf(synthCluster({ machine, nodes: 2 }), 'ClusterTrainingRuntime', 'nodes');
  const [job] = runtime.spec.template.spec.replicatedJobs;
  expect(job.template.spec.template.spec.containers[0].resources.requests.memory).toBe(memory);
});

describe('a job', () => {
  const synthesized = synthCluster({ groups: { small: { machine: AwsMachine.TRN1_32XLARGE, nodes: 2 } } });

  test('uses the first group, its runtime, and the queue of the cluster', () => {
    expect(synthesized.cluster.trainJob({ name: 'llama', command: ['torchrun', 'train.py'] })).toMatchObject({
      kind: 'TrainJob',
      metadata: { name: 'llama', namespace: 'training', labels: { 'kueue.x-k8s.io/queue-name': 'training' } },
      spec: {
        runtimeRef: { name: 'nodes' },
        trainer: { numNodes: 4, numProcPerNode: 8, command: ['torchrun', 'train.py'] },
      },
    });
    expect(objectOf(synthesized, 'LocalQueue', 'training').metadata.namespace).toBe('training');
    expect(objectOf(synthesized, 'ClusterTrainingRuntime', 'nodes')).toBeDefined();
  });

  test('uses another group, with the number of processes for its chips', () => {
    const job: Json = synthesized.cluster.trainJob({ name: 'llama', group: 'small' });
    expect(job.spec.trainer).toMatchObject({ numNodes: 2, numProcPerNode: 32 });
  });

  schemaTest('matches its published schema', () => {
    expect(manifestFaults(synthesized.cluster.trainJob({ name: 'llama', priority: JobPriority.URGENT }))).toEqual([]);
  });

  test('rejects an unknown group, and suggests a name', () => {
    const error = errorOf(() => synthesized.cluster.trainJob({ name: 'llama', group: 'smal' }));
    expect(problemsOf(error)).toEqual(['GroupUnknown group']);
    expect(error.message).toContain('Did you mean small?');
  });
});

describe('rejects', () => {
  test('all problems at once, each with its path', () => {
    const error = errorOf(() =>
      synthCluster({
        nodes: 0,
        machine: AwsMachine.G5_XLARGE,
        interconnect: Interconnect.efa(),
        groups: {
          Bad_Name: { machine: AwsMachine.TRN1_32XLARGE, nodes: 2, nodeOptions: { ignoredXids: [13] } },
          nodes: { machine: AwsMachine.P5_48XLARGE, nodes: 1 },
        },
        storage: TrainingStorage.lustre({ size: Size.gibibytes(1) }),
      }),
    );
    expect(problemsOf(error)).toEqual([
      'NodesOutOfRange nodes',
      'EfaUnsupported interconnect',
      'GroupName groups.Bad_Name',
      'NeuronOption groups.Bad_Name.nodeOptions.ignoredXids',
      'GroupDuplicate groups.nodes',
      'LustreSize storage.size',
    ]);
  });

  test('GB200 with a Kubernetes version without dynamic resource allocation', () => {
    const props = {
      machine: AwsMachine.P6E_GB200_36XLARGE,
      nodes: 9,
      capacity: BLOCK,
      cluster: ClusterSource.create({ kubernetesVersion: KubernetesVersion.V1_33 }),
    };
    expect(problemsOf(errorOf(() => synthCluster(props)))).toEqual(['KubernetesVersion cluster.kubernetesVersion']);
  });
});

describe('reports', () => {
  test('spot without checkpoints, and without a fallback', () => {
    const { stack } = synthCluster({ capacity: Capacity.spot() });
    expect(findingsOf(stack).map(({ id, level }) => [id, level])).toEqual([
      ['access/no-admins', 'info'],
      ['storage/grows-only', 'info'],
      ['spot/no-checkpoints', 'warning'],
      ['spot/no-fallback', 'info'],
    ]);
  });

  test('a file system over EFA for nodes that FSx does not list as clients', () => {
    const { stack } = synthCluster({
      machine: AwsMachine.G6E_48XLARGE,
      storage: TrainingStorage.lustre({ efa: true }),
    });
    expect(openIds(stack)).toEqual(['storage/efa-clients']);
  });

  test('a file system in another zone than the nodes', () => {
    const stack = new Stack(new App(), 'Test', { env: { account: '111122223333', region: 'us-east-1' } });
    const vpc = new Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'] });
    const fileSystem = new LustreFileSystem(stack, 'Lustre', {
      vpc,
      subnet: vpc.privateSubnets[1]!,
      size: Size.gibibytes(4800),
    });
    const storage = TrainingStorage.fromFileSystem(fileSystem);
    const findingIds = (subnet: number) => {
      const subnets = { subnets: [vpc.privateSubnets[subnet]!] };
      const cluster = new TrainingCluster(stack, `Pretrain${subnet}`, {
        vpc,
        machine: AwsMachine.P5_48XLARGE,
        nodes: 2,
        storage,
        subnets,
      });
      return openIds(cluster);
    };
    expect(findingIds(0)).toEqual(['storage/other-zone']);
    expect(findingIds(1)).toEqual([]);
  });

  test('more EFA connections than a file system supports', () => {
    expect(openIds(synthCluster({ nodes: 129, storage: EFA }).stack)).toEqual(['storage/efa-connections']);
    expect(openIds(synthCluster({ nodes: 128, storage: EFA }).stack)).toEqual([]);
  });
});

test('accepts a file system in an imported subnet without a zone', () => {
  const stack = new Stack(new App(), 'Test');
  const subnet = Subnet.fromSubnetId(stack, 'Subnet', 'subnet-0123456789abcdef0');
  const storage = TrainingStorage.lustre({ subnet });
  const build = () => new TrainingCluster(stack, 'Pretrain', { machine: AwsMachine.P5_48XLARGE, nodes: 2, storage });
  expect(build).not.toThrow();
});
