import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import fc from 'fast-check';
import * as aws from 'ai-infra-constructs/aws';
import {
  AlertTopic,
  type AlertTopicProps,
  AwsMachine,
  ClusterSoftware,
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
  NodeLaunchTemplate,
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
  os: 'optional',
  scratch: 'optional',
  rootVolumeGiB: 'optional',
  volumeKey: 'optional',
  commands: 'optional',
  labels: 'optional',
  ignoredXids: 'optional',
  topologyAware: 'optional',
  nodeQuota: 'optional',
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
    standingNodes: 'optional',
    kubernetesVersion: 'optional',
  },
};

const trainingCluster: Subject<TrainingClusterProps> = {
  make: (...given) => new TrainingCluster(...given),
  props: ({ vpc }) => ({ vpc, machine: AwsMachine.P5_48XLARGE, nodes: 2, installation: Installation.gitOps() }),
  kinds: {
    ...NODES,
    job: 'optional',
    prices: 'optional',
    pricesAsOf: 'optional',
    groups: 'optional',
    vpc: 'optional',
    availabilityZones: 'optional',
    controlPlaneSubnets: 'optional',
    cluster: 'optional',
    systemLabels: 'optional',
    addonVersions: 'optional',
    datasets: 'optional',
    checkpoints: 'optional',
    storage: 'optional',
    kubernetesVersion: 'optional',
    endpointAccess: 'optional',
    admins: 'optional',
    installation: 'optional',
    images: 'optional',
    encryptionKey: 'optional',
  },
};

// What a platform shares with its cluster is judged by the same rules: a few stand for all.
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
    keepFor: 'optional',
    keepOldVersionsFor: 'optional',
    objectLock: 'optional',
    vpcEndpoints: 'optional',
    endpointExemptRoles: 'optional',
    removalPolicy: 'optional',
  },
};

const lustreFileSystem: Subject<LustreFileSystemProps> = {
  make: (...given) => new LustreFileSystem(...given),
  props: ({ vpc }) => ({ vpc, subnet: vpc.privateSubnets[0]!, sizeGiB: 19_200 }),
  kinds: {
    vpc: 'required',
    subnet: 'required',
    sizeGiB: 'required',
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
  make: (...given) => LustreFileSystem.fromAttributes(...given),
  props: ({ stack }) => ({
    fileSystemId: 'fs-0a',
    dnsName: 'fs-0a.fsx.us-east-1.amazonaws.com',
    mountName: 'abcdefgh',
    sizeGiB: 2400,
    securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Servers', 'sg-0b'),
  }),
  kinds: {
    fileSystemId: 'required',
    dnsName: 'required',
    mountName: 'required',
    sizeGiB: 'required',
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
  props: ({ stack }) => ({ monthlyUsd: 1000, topic: new Topic(stack, 'Topic') }),
  kinds: {
    monthlyUsd: 'required',
    tags: 'optional',
    topic: 'required',
    actualPercent: 'optional',
    forecastPercent: 'optional',
  },
};

const alertTopic: Subject<AlertTopicProps> = {
  make: (...given) => new AlertTopic(...given),
  props: () => ({}),
  kinds: { emails: 'optional' },
};

const controlPlane: Subject<ControlPlaneProps> = {
  make: (...given) => new ControlPlane(...given),
  props: ({ vpc }) => ({ vpc }),
  kinds: {
    vpc: 'required',
    subnets: 'optional',
    version: 'optional',
    endpointAccess: 'optional',
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
    nodes: 'optional',
    role: 'optional',
    kubernetesVersion: 'optional',
    volumeKey: 'optional',
  },
};

const trainingObservability: Subject<TrainingObservabilityProps> = {
  make: (...given) => new TrainingObservability(...given),
  props: () => ({ clusterName: 'research' }),
  kinds: { clusterName: 'required', neuron: 'optional', fileSystem: 'optional', topic: 'optional' },
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
    rootVolumeGiB: 100,
  }),
  kinds: {
    instanceType: 'optional',
    interfaces: 'required',
    primaryGroups: 'required',
    fabricGroups: 'required',
    rootVolumeGiB: 'required',
    rootDevice: 'optional',
    encryptionKey: 'optional',
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
    responses: 'optional',
    maxBodyKiB: 'optional',
    limits: 'optional',
    clients: 'optional',
    logRetention: 'optional',
    setsLoggingRole: 'optional',
    removalPolicy: 'optional',
  },
};

/** What each prop takes of the hostile values: to be read whole when it changes. `UPDATE_GOLDEN=1` writes it. */
const GOLDEN = join(__dirname, 'hostile.golden.json');
const TAKEN: Record<string, Record<string, string[]>> = {};

afterAll(() => {
  if (process.env.UPDATE_GOLDEN) writeFileSync(GOLDEN, `${JSON.stringify(TAKEN, null, 2)}\n`);
});

/** A subject whose props are judged by name only. */
const subjectOf = <P extends object>(subject: Subject<P>) => subject as unknown as Subject<Record<string, unknown>>;

const SUBJECTS = Object.entries({
  EfaNodeGroup: subjectOf(efaNodeGroup),
  TrainingCluster: subjectOf(trainingCluster),
  TrainingPlatform: subjectOf(trainingPlatform),
  DataBucket: subjectOf(dataBucket),
  LustreFileSystem: subjectOf(lustreFileSystem),
  'LustreFileSystem.fromAttributes': subjectOf(lustreAttributes),
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

  test('takes the props that the others depart from', () => {
    expect(outcome(subject, (given) => given)).toBe('accepted');
  });

  test.each([
    ['null', null],
    ['text', 'text'],
    ['a list', []],
  ])('refuses %s for its props', (_name, value) => {
    expect(outcome(subject, () => value)).not.toBe('accepted');
  });

  test('goes without what is optional, and not without what is required', () => {
    for (const [prop, kind] of props) {
      const got = outcome(subject, replace(prop, undefined));
      if (kind === 'required') expect([prop, namesOf(got, prop)]).not.toEqual([prop, []]);
      else expect([prop, got]).toEqual([prop, 'accepted']);
    }
  });

  test.each(props)('%s: what is not taken whole is refused by name', (prop) => {
    const taken: string[] = [];
    for (const [name, value] of HOSTILE) {
      const got = outcome(subject, replace(prop, value));
      if (got === 'accepted') taken.push(name);
      else expect([name, namesOf(got, prop)]).not.toEqual([name, []]);
    }
    TAKEN[construct] = { ...TAKEN[construct], ...(taken.length > 0 && { [prop]: taken }) };
    const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as typeof TAKEN;
    if (!process.env.UPDATE_GOLDEN) expect(taken).toEqual(golden[construct]?.[prop] ?? []);
  });

  test('whatever stands for a prop, nothing but a coded error is thrown', () => {
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

/** The demands that name a prop. */
function namesOf(got: 'accepted' | string[], prop: string): string[] {
  return got === 'accepted' ? [] : got.filter((each) => each.includes(prop));
}

test('no construct that is exported goes without such a trial', () => {
  const exported = Object.entries<unknown>(aws)
    .filter(([, value]) => typeof value === 'function' && value.prototype instanceof Construct)
    .map(([name]) => name);
  // Some rooms try theirs beside their other tests.
  const trials = readdirSync(__dirname, { encoding: 'utf8', recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(__dirname, file), 'utf8'))
    .filter((text) => /from '\.{1,2}\/hostile'/.test(text) && text.includes('Subject<'));
  expect(exported.length).toBeGreaterThan(20);
  expect(exported.filter((name) => !trials.some((text) => made(name).test(text)))).toEqual([]);
});

/** Where the maker of a subject makes it. */
function made(name: string): RegExp {
  return new RegExp(`make: \\([^)]*\\) =>\\s*new ${name}\\(`);
}
