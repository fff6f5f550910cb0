import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy, Size } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import fc from 'fast-check';
import * as aws from 'ai-infra-constructs/aws';
import {
  AlertTopic,
  type AlertTopicProps,
  AwsMachine,
  ClusterSoftware,
  ClusterSource,
  ControlPlane,
  type ControlPlaneProps,
  CostBudget,
  type CostBudgetProps,
  DataBucket,
  type DataBucketProps,
  EfaNodeGroup,
  type EfaNodeGroupProps,
  EfaSecurityGroup,
  type EfaSecurityGroupProps,
  EncryptedLogGroup,
  type ExistingClusterOptions,
  GatewayAuthorization,
  GatewayExposure,
  InferenceGateway,
  type InferenceGatewayProps,
  InferenceTarget,
  Installation,
  LustreFileSystem,
  type LustreFileSystemAttributes,
  type LustreFileSystemProps,
  MlVpc,
  MlVpcEndpoints,
  type MlVpcProps,
  networkLayout,
  type NewClusterOptions,
  NodeLaunchTemplate,
  type NodeOptions,
  SystemNodeGroup,
  type SystemNodeGroupProps,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingObservability,
  type TrainingObservabilityProps,
  TrainingPlatform,
  type TrainingPlatformProps,
} from 'ai-infra-constructs/aws';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { HOSTILE, outcome, replace, type Subject } from './hostile';

const NODES = {
  machine: 'required',
  nodes: 'required',
  capacity: 'optional',
  subnets: 'optional',
  interconnect: 'optional',
  nodeOptions: 'optional',
} as const;

const efaNodeGroup: Subject<EfaNodeGroupProps> = {
  make: (...given) => new EfaNodeGroup(...given),
  props: ({ cluster }) => ({ cluster, machine: AwsMachine.P5_48XLARGE, nodes: 2 }),
  kinds: {
    ...NODES,
    cluster: 'required',
    name: 'optional',
    role: 'optional',
    securityGroup: 'optional',
    minNodes: 'optional',
    kubernetesVersion: 'optional',
  },
};

const nodeOptions: Subject<NodeOptions> = {
  make: (scope, id, given) => {
    const cluster = scope.node.findChild('Cluster') as unknown as ICluster;
    return new EfaNodeGroup(scope, id, { cluster, machine: AwsMachine.P5_48XLARGE, nodes: 2, nodeOptions: given });
  },
  props: () => ({}),
  kinds: {
    os: 'optional',
    image: 'optional',
    bootDisk: 'optional',
    bootDiskKey: 'optional',
    scratch: 'optional',
    commands: 'optional',
    labels: 'optional',
    taints: 'optional',
    maxPodsPerNode: 'optional',
    kubelet: 'optional',
    sysctls: 'optional',
    ignoredXids: 'optional',
    topologyAware: 'optional',
    nodeQuota: 'optional',
  },
};

const newCluster: Subject<NewClusterOptions> = {
  make: (scope, id, given) =>
    new TrainingCluster(scope, id, {
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      installation: Installation.gitOps(),
      cluster: ClusterSource.create(given),
    }),
  props: () => ({}),
  kinds: {
    admins: 'optional',
    apiAccess: 'optional',
    controlPlaneSubnets: 'optional',
    kubernetesVersion: 'optional',
    encryptionKey: 'optional',
    systemNodes: 'optional',
    addonVersions: 'optional',
  },
};

const existingCluster: Subject<ExistingClusterOptions> = {
  make: (scope, id, given) =>
    new TrainingCluster(scope, id, {
      machine: AwsMachine.P5_48XLARGE,
      nodes: 2,
      installation: Installation.gitOps(),
      cluster: ClusterSource.fromCluster(scope.node.findChild('Cluster') as unknown as ICluster, given),
    }),
  props: () => ({ systemLabels: { role: 'system' } }),
  kinds: { systemLabels: 'required', existingCharts: 'optional', addons: 'optional', addonVersions: 'optional' },
};

const trainingCluster: Subject<TrainingClusterProps> = {
  make: (...given) => new TrainingCluster(...given),
  props: ({ vpc }) => ({ vpc, machine: AwsMachine.P5_48XLARGE, nodes: 2, installation: Installation.gitOps() }),
  kinds: {
    ...NODES,
    job: 'optional',
    prices: 'optional',
    groups: 'optional',
    vpc: 'optional',
    availabilityZones: 'optional',
    cluster: 'optional',
    datasets: 'optional',
    checkpoints: 'optional',
    storage: 'optional',
    installation: 'optional',
    images: 'optional',
    encryptionKey: 'optional',
  },
};

// A few props of the cluster are enough: a platform checks them with the same rules.
type OfPlatform = Pick<
  TrainingPlatformProps,
  | 'machine'
  | 'nodes'
  | 'costAllocation'
  | 'monthlyBudgetUsd'
  | 'alertEmails'
  | 'dataClass'
  | 'datasets'
  | 'groups'
  | 'job'
>;

const trainingPlatform: Subject<OfPlatform> = {
  make: (scope, id, props) => new TrainingPlatform(scope, id, props && { ...WITHOUT_INSTALLATION, ...props }),
  props: () => ({
    machine: AwsMachine.P5_48XLARGE,
    nodes: 2,
    costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml' },
    monthlyBudgetUsd: 1000,
  }),
  kinds: {
    machine: 'required',
    nodes: 'required',
    costAllocation: 'required',
    monthlyBudgetUsd: 'required',
    alertEmails: 'optional',
    dataClass: 'optional',
    datasets: 'optional',
    groups: 'optional',
    job: 'optional',
  },
};

const WITHOUT_INSTALLATION = { installation: Installation.gitOps() };

const dataBucket: Subject<DataBucketProps> = {
  make: (...given) => new DataBucket(...given),
  props: () => ({}),
  kinds: {
    purpose: 'optional',
    dataClass: 'optional',
    encryptionKey: 'optional',
    accessLogs: 'optional',
    versioned: 'optional',
    expiration: 'optional',
    noncurrentVersionExpiration: 'optional',
    retention: 'optional',
    vpcEndpoints: 'optional',
    endpointExemptRoles: 'optional',
    removalPolicy: 'optional',
  },
};

const lustreFileSystem: Subject<LustreFileSystemProps> = {
  make: (...given) => new LustreFileSystem(...given),
  props: ({ vpc }) => ({ vpc, subnet: vpc.privateSubnets[0]!, size: Size.gibibytes(19_200) }),
  kinds: {
    vpc: 'required',
    subnet: 'required',
    size: 'required',
    throughputMBpsPerTiB: 'optional',
    requiredThroughputMBps: 'optional',
    efa: 'optional',
    metadata: 'optional',
    encryptionKey: 'optional',
    maintenance: 'optional',
    backupRetention: 'optional',
    dataRepositories: 'optional',
    removalPolicy: 'optional',
  },
};

const lustreAttributes: Subject<LustreFileSystemAttributes> = {
  make: (...given) => LustreFileSystem.fromLustreFileSystemAttributes(...given),
  props: ({ stack }) => ({
    fileSystemId: 'fs-0a',
    dnsName: 'fs-0a.fsx.us-east-1.amazonaws.com',
    mountName: 'abcdefgh',
    size: Size.gibibytes(2400),
    securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Servers', 'sg-0b'),
  }),
  kinds: {
    fileSystemId: 'required',
    dnsName: 'required',
    mountName: 'required',
    size: 'required',
    securityGroup: 'required',
    throughputMBps: 'optional',
    efa: 'optional',
    availabilityZone: 'optional',
  },
};

const mlVpc: Subject<MlVpcProps> = {
  make: (...given) => new MlVpc(...given),
  props: () => ({}),
  kinds: {
    cidr: 'optional',
    peeredCidrs: 'optional',
    serviceCidr: 'optional',
    availabilityZones: 'optional',
    natGateways: 'optional',
    interfaceEndpoints: 'optional',
    flowLogRetention: 'optional',
  },
};

const mlVpcEndpoints: Subject<ConstructorParameters<typeof MlVpcEndpoints>[2]> = {
  make: (...given) => new MlVpcEndpoints(...given),
  props: ({ vpc }) => ({ vpc, cidr: '10.0.0.0/16', subnets: { subnets: vpc.privateSubnets } }),
  kinds: { vpc: 'required', cidr: 'required', subnets: 'required', services: 'optional' },
};

const costBudget: Subject<CostBudgetProps> = {
  make: (...given) => new CostBudget(...given),
  props: ({ stack }) => ({ monthlyUsd: 1000, alertTopic: new Topic(stack, 'Topic') }),
  kinds: {
    monthlyUsd: 'required',
    tags: 'optional',
    alertTopic: 'required',
    actualPercent: 'optional',
    forecastPercent: 'optional',
  },
};

const alertTopic: Subject<AlertTopicProps> = {
  make: (...given) => new AlertTopic(...given),
  props: () => ({}),
  kinds: { alertEmails: 'optional' },
};

const controlPlane: Subject<ControlPlaneProps> = {
  make: (...given) => new ControlPlane(...given),
  props: ({ vpc }) => ({ vpc }),
  kinds: {
    vpc: 'required',
    subnets: 'optional',
    kubernetesVersion: 'optional',
    apiAccess: 'optional',
    admins: 'optional',
    encryptionKey: 'optional',
    serviceCidr: 'optional',
    kubectlLayer: 'optional',
  },
};

const systemNodeGroup: Subject<SystemNodeGroupProps> = {
  make: (...given) => new SystemNodeGroup(...given),
  props: ({ cluster, vpc }) => ({ cluster, subnets: vpc.privateSubnets }),
  kinds: {
    cluster: 'required',
    subnets: 'required',
    instanceType: 'optional',
    minNodes: 'optional',
    maxNodes: 'optional',
    role: 'optional',
    kubernetesVersion: 'optional',
    bootDisk: 'optional',
    bootDiskKey: 'optional',
  },
};

const trainingObservability: Subject<TrainingObservabilityProps> = {
  make: (...given) => new TrainingObservability(...given),
  props: () => ({ clusterName: 'research' }),
  kinds: { clusterName: 'required', neuron: 'optional', fileSystem: 'optional', alertTopic: 'optional' },
};

const efaSecurityGroup: Subject<EfaSecurityGroupProps> = {
  make: (...given) => new EfaSecurityGroup(...given),
  props: ({ vpc }) => ({ vpc }),
  kinds: { vpc: 'required', description: 'optional' },
};

const encryptedLogGroup: Subject<ConstructorParameters<typeof EncryptedLogGroup>[2]> = {
  make: (...given) => new EncryptedLogGroup(...given),
  props: () => ({ removalPolicy: RemovalPolicy.DESTROY }),
  kinds: { logGroupName: 'optional', retention: 'optional', removalPolicy: 'required' },
};

const nodeLaunchTemplate: Subject<ConstructorParameters<typeof NodeLaunchTemplate>[2]> = {
  make: (...given) => new NodeLaunchTemplate(...given),
  props: ({ cluster }) => ({
    interfaces: networkLayout(AwsMachine.G6_XLARGE),
    primaryGroups: [cluster.clusterSecurityGroup],
    fabricGroups: [],
    bootDisk: Size.gibibytes(100),
  }),
  kinds: {
    instanceType: 'optional',
    imageId: 'optional',
    interfaces: 'required',
    primaryGroups: 'required',
    fabricGroups: 'required',
    bootDisk: 'required',
    bootDiskDevice: 'optional',
    bootDiskKey: 'optional',
    userData: 'optional',
    placementGroupName: 'optional',
    capacityReservationId: 'optional',
    capacityBlock: 'optional',
  },
};

const clusterSoftware: Subject<ConstructorParameters<typeof ClusterSoftware>[2]> = {
  make: (...given) => new ClusterSoftware(...given),
  props: ({ stack, cluster }) => ({
    cluster,
    installation: Installation.gitOps(),
    groups: [new EfaNodeGroup(stack, 'nodes', { cluster, machine: AwsMachine.P5_48XLARGE, nodes: 2 })],
    images: {},
    systemLabels: { role: 'system' },
  }),
  kinds: {
    cluster: 'required',
    installation: 'required',
    groups: 'required',
    fileSystem: 'optional',
    images: 'required',
    systemLabels: 'required',
    existingCharts: 'optional',
  },
};

const inferenceGateway: Subject<InferenceGatewayProps> = {
  make: (...given) => new InferenceGateway(...given),
  props: ({ stack }) => ({
    endpoint: InferenceTarget.fromEndpointName(stack, 'chat'),
    exposure: GatewayExposure.public(),
    authorization: GatewayAuthorization.iam(),
  }),
  kinds: {
    endpoint: 'required',
    exposure: 'required',
    authorization: 'required',
    screening: 'optional',
    domain: 'optional',
    responses: 'optional',
    maxBody: 'optional',
    limits: 'optional',
    clients: 'optional',
    logRetention: 'optional',
    cloudWatchRole: 'optional',
    removalPolicy: 'optional',
  },
};

/** The hostile values that each prop accepts. Read the whole file when it changes. `UPDATE_GOLDEN=1` writes it. */
const GOLDEN = join(__dirname, 'hostile.golden.json');
const ACCEPTED: Record<string, Record<string, string[]>> = {};

afterAll(() => {
  if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN, `${JSON.stringify(ACCEPTED, null, 2)}\n`);
});

/** A subject with untyped props. */
const subjectOf = <P extends object>(subject: Subject<P>) => subject as unknown as Subject<Record<string, unknown>>;

const SUBJECTS = Object.entries({
  EfaNodeGroup: subjectOf(efaNodeGroup),
  NodeOptions: subjectOf(nodeOptions),
  'ClusterSource.create': subjectOf(newCluster),
  'ClusterSource.fromCluster': subjectOf(existingCluster),
  TrainingCluster: subjectOf(trainingCluster),
  TrainingPlatform: subjectOf(trainingPlatform),
  DataBucket: subjectOf(dataBucket),
  LustreFileSystem: subjectOf(lustreFileSystem),
  'LustreFileSystem.fromLustreFileSystemAttributes': subjectOf(lustreAttributes),
  MlVpc: subjectOf(mlVpc),
  MlVpcEndpoints: subjectOf(mlVpcEndpoints),
  CostBudget: subjectOf(costBudget),
  AlertTopic: subjectOf(alertTopic),
  ControlPlane: subjectOf(controlPlane),
  SystemNodeGroup: subjectOf(systemNodeGroup),
  TrainingObservability: subjectOf(trainingObservability),
  EfaSecurityGroup: subjectOf(efaSecurityGroup),
  EncryptedLogGroup: subjectOf(encryptedLogGroup),
  NodeLaunchTemplate: subjectOf(nodeLaunchTemplate),
  ClusterSoftware: subjectOf(clusterSoftware),
  InferenceGateway: subjectOf(inferenceGateway),
});

describe.each(SUBJECTS)('%s', (construct, subject) => {
  const props = Object.entries(subject.kinds);

  test('accepts the valid props', () => {
    expect(outcome(subject, (given) => given)).toBe('accepted');
  });

  test.each([
    ['null', null],
    ['a string', 'text'],
    ['a list', []],
  ])('rejects %s as its props', (_name, value) => {
    expect(outcome(subject, () => value)).not.toBe('accepted');
  });

  test('requires only the required props', () => {
    for (const [prop, kind] of props) {
      const got = outcome(subject, replace(prop, undefined));
      if (kind === 'required') expect([prop, namesOf(got, prop)]).not.toEqual([prop, []]);
      else expect([prop, got]).toEqual([prop, 'accepted']);
    }
  });

  test.each(props)('%s: rejects invalid values with the name of the prop', (prop) => {
    const accepted: string[] = [];
    for (const [name, value] of HOSTILE) {
      const got = outcome(subject, replace(prop, value));
      if (got === 'accepted') accepted.push(name);
      else expect([name, namesOf(got, prop)]).not.toEqual([name, []]);
    }
    ACCEPTED[construct] = { ...ACCEPTED[construct], ...(accepted.length > 0 && { [prop]: accepted }) };
    const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as typeof ACCEPTED;
    if (!process.env.UPDATE_GOLDEN) expect(accepted).toEqual(golden[construct]?.[prop] ?? []);
  });

  test('throws only coded errors, for any value of a prop', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(subject.kinds)), anything, (prop, value) => {
        const got = outcome(subject, replace(prop, value));
        if (got !== 'accepted') expect(namesOf(got, prop)).not.toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

/** The problems with the name of a prop. */
function namesOf(got: 'accepted' | string[], prop: string): string[] {
  return got === 'accepted' ? [] : got.filter((each) => each.includes(prop));
}

test('covers each exported construct', () => {
  const exported = Object.entries<unknown>(aws)
    .filter(([, value]) => typeof value === 'function' && value.prototype instanceof Construct)
    .map(([name]) => name);
  // Some folders have their own hostile tests.
  const tests = readdirSync(__dirname, { encoding: 'utf8', recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(__dirname, file), 'utf8'))
    .filter((text) => /from '\.{1,2}\/hostile'/.test(text) && text.includes('Subject<'));
  expect(exported.length).toBeGreaterThan(20);
  expect(exported.filter((name) => !tests.some((text) => created(name).test(text)))).toEqual([]);
});

/** The place that creates a subject. */
function created(name: string): RegExp {
  return new RegExp(`make: \\([^)]*\\) =>\\s*new ${name}\\(`);
}
