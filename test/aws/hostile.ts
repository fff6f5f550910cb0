import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Token } from 'aws-cdk-lib';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Template } from 'aws-cdk-lib/assertions';
import type { Construct, IConstruct } from 'constructs';
import { hostileValues, outcomeIn } from '../hostile-values';
import { REGION } from './support';

/** Values that plain JavaScript can pass, by name. */
export const HOSTILE = hostileValues({
  number: Token.asNumber({ Ref: 'AWS::Region' }),
  text: Token.asString({ Ref: 'AWS::Region' }),
  list: Token.asList({ 'Fn::GetAZs': '' }),
});

/** A stack with an imported VPC and cluster. */
export interface Place {
  readonly stack: Stack;
  readonly vpc: IVpc;
  readonly cluster: ICluster;
}

/** A construct with valid props, and whether each prop is required. */
export interface Subject<P extends object> {
  readonly make: (scope: Construct, id: string, props: P) => IConstruct;
  readonly props: (place: Place) => P;
  readonly kinds: Readonly<Record<keyof P, 'required' | 'optional'>>;
}

// Thousands of apps can share one folder, because each test reads only the template.
const FOLDER = mkdtempSync(join(tmpdir(), 'hostile-'));

export function place(app = new App({ outdir: FOLDER })): Place {
  const stack = new Stack(app, 'Test', REGION);
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0a',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    privateSubnetIds: ['subnet-0a', 'subnet-0b'],
    privateSubnetRouteTableIds: ['rtb-0a', 'rtb-0b'],
    vpcCidrBlock: '10.0.0.0/16',
  });
  const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', {
    clusterName: 'research',
    vpc,
    clusterSecurityGroupId: 'sg-0a',
  });
  return { stack, vpc, cluster };
}

/** The outcome of one changed prop. */
export function outcome<P extends object>(subject: Subject<P>, change: (props: P) => unknown): 'accepted' | string[] {
  const { stack, ...rest } = place();
  const props = change(subject.props({ stack, ...rest }));
  return outcomeIn(stack, {
    make: () => subject.make(stack, 'Subject', props as P),
    synth: () => Template.fromStack(stack),
  });
}

/** Replaces a prop. */
export function replace<P extends object>(prop: string, value: unknown): (props: P) => P {
  return (props) => ({ ...props, [prop]: value });
}
