import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { App, type AppProps, Fn, Stack, type StackProps, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import RECOMMENDED_FLAGS from 'aws-cdk-lib/recommended-feature-flags.json';
import { AiInfraError, type ErrorCode, type FindingId, findingsOf } from 'ai-infra-constructs';
import { AwsMachine, EfaNodeGroup, type EfaNodeGroupProps } from 'ai-infra-constructs/aws';

/** Context that enables the CloudFormation validator of the CDK, and fails on its warnings. */
export const STRICT: AppProps = {
  context: {
    '@aws-cdk/core:validateAgainstDefaultRules': true,
    '@aws-cdk/core:strictCfnValidateErrors': true,
  },
};

/** Apps for strict tests: with the defaults of the CDK, and with the feature flags that `cdk init` writes. */
export const STRICT_APPS: readonly (readonly [string, AppProps])[] = [
  ['without feature flags', STRICT],
  ['with the feature flags of `cdk init`', { context: { ...RECOMMENDED_FLAGS, ...STRICT.context } }],
];

/** The content of a template. */
export type Json = ReturnType<typeof JSON.parse>;

export const REGION: StackProps = { env: { account: '111122223333', region: 'us-east-1' } };

/** Compares the logical IDs of resources with a golden file. `UPDATE_GOLDEN=1` writes it. */
export function expectGoldenIds(template: Template, types: readonly string[], file: string): void {
  const { Resources: resources } = template.toJSON() as { Resources: Record<string, { Type: string }> };
  const ids = Object.fromEntries(
    Object.entries(resources)
      .filter(([, { Type }]) => types.includes(Type))
      .map(([id, { Type }]) => [id, Type])
      .sort(([a], [b]) => a!.localeCompare(b!)),
  );
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, `${JSON.stringify(ids, null, 2)}\n`);
  expect(ids).toEqual(JSON.parse(readFileSync(file, 'utf8')));
}

/** An imported VPC with a public and a private subnet in two zones. Its synthesis takes a third of the time of a new VPC. */
export function importedVpc(stack: Stack): IVpc {
  const zones = Token.isUnresolved(stack.region)
    ? [0, 1].map((zone) => Fn.select(zone, Fn.getAzs()))
    : [`${stack.region}a`, `${stack.region}b`];
  return Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    vpcCidrBlock: '10.0.0.0/16',
    availabilityZones: zones,
    publicSubnetIds: ['subnet-0123456789abcde0a', 'subnet-0123456789abcde0b'],
    publicSubnetRouteTableIds: ['rtb-0123456789abcde0a', 'rtb-0123456789abcde0b'],
    privateSubnetIds: ['subnet-0123456789abcde0c', 'subnet-0123456789abcde0d'],
    privateSubnetRouteTableIds: ['rtb-0123456789abcde0c', 'rtb-0123456789abcde0d'],
  });
}

/** A stack with an imported VPC and an imported cluster for node groups. */
export function clusterStack(props: StackProps = {}, app = new App()): { stack: Stack; cluster: ICluster; vpc: IVpc } {
  const stack = new Stack(app, 'Test', props);
  const vpc = importedVpc(stack);
  const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', {
    clusterName: 'research',
    vpc,
    clusterSecurityGroupId: 'sg-0c1a5e',
  });
  return { stack, cluster, vpc };
}

export interface SynthesizedGroup {
  readonly stack: Stack;
  readonly group: EfaNodeGroup;
  readonly template: Template;
  /** Properties of the resources of a type. */
  readonly properties: (type: string) => Record<string, Json>[];
}

/** A node group in its own stack. */
export function synthGroup(
  props: Partial<EfaNodeGroupProps> = {},
  stackProps: StackProps = {},
  app = new App(),
): SynthesizedGroup {
  const { stack, cluster } = clusterStack(stackProps, app);
  const reserved = props.capacity?.usesReservation && !props.capacity.availabilityZone;
  const subnets = reserved ? { subnets: cluster.vpc.privateSubnets.slice(0, 1) } : undefined;
  const group = new EfaNodeGroup(stack, 'Nodes', {
    cluster,
    machine: AwsMachine.P5_48XLARGE,
    nodes: 2,
    subnets,
    ...props,
  });
  const template = Template.fromStack(stack);
  const properties = (type: string) =>
    Object.values(template.findResources(type)).map((resource) => resource.Properties ?? {});
  return { stack, group, template, properties };
}

/** The launch template data of a group. */
export function launchTemplateOf({ properties }: SynthesizedGroup): Record<string, Json> {
  return properties('AWS::EC2::LaunchTemplate')[0]?.LaunchTemplateData;
}

/** The coded error that a call throws. Fails if it throws another error, or none. */
export function errorOf(run: () => unknown): AiInfraError {
  try {
    run();
  } catch (error) {
    if (AiInfraError.isAiInfraError(error)) return error;
    throw error;
  }
  throw new Error('expected an AiInfraError, but nothing was thrown');
}

/** Code and prop of each problem in an error. */
export function problemsOf(error: AiInfraError): `${ErrorCode} ${string}`[] {
  return error.problems.map(({ code, prop }) => `${code} ${prop}` as const);
}

/** IDs of the findings below a construct. */
export function findingIds(scope: EfaNodeGroup | Stack): FindingId[] {
  return findingsOf(scope).map(({ id }) => id);
}

/** The Kubernetes files that an app writes next to its templates, by name. */
export function filesBeside(app: App): Record<string, string> {
  const { directory } = app.synth();
  const folders = readdirSync(directory).filter((name) => name.endsWith('.kubernetes'));
  const paths = folders.flatMap((folder) =>
    readdirSync(join(directory, folder)).map((file) => join(directory, folder, file)),
  );
  return Object.fromEntries(paths.map((path) => [basename(path), readFileSync(path, 'utf8')]));
}
