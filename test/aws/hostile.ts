import { App, Stack, Token } from 'aws-cdk-lib';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, type ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Template } from 'aws-cdk-lib/assertions';
import type { Construct, IConstruct } from 'constructs';
import { AiInfraError } from 'ai-infra-constructs';
import { REGION } from './support';

/** What plain JavaScript may pass, by what the test calls it. */
export const HOSTILE: readonly (readonly [name: string, value: unknown])[] = [
  ['null', null],
  ["''", ''],
  ["'text'", 'text'],
  ['0', 0],
  ['-1', -1],
  ['3', 3],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['10n', 10n],
  ['{}', {}],
  ['{ a: null }', { a: null }],
  ['an object without prototype', Object.create(null)],
  ['[]', []],
  ['[null]', [null]],
  ["['text']", ['text']],
  ['[{}]', [{}]],
  ['true', true],
  ['a function', () => 'text'],
  ['a symbol', Symbol('text')],
  ['a date', new Date(0)],
  ['a token number', Token.asNumber({ Ref: 'AWS::Region' })],
  ['a token text', Token.asString({ Ref: 'AWS::Region' })],
  ['a token list', Token.asList({ 'Fn::GetAZs': '' })],
];

/** What a construct is made with: a network and a cluster that exist already. */
export interface Place {
  readonly stack: Stack;
  readonly vpc: IVpc;
  readonly cluster: ICluster;
}

/** A construct, right props for it, and which of them may not be left out. */
export interface Subject<P extends object> {
  readonly make: (scope: Construct, id: string, props: P) => IConstruct;
  readonly props: (place: Place) => P;
  readonly kinds: Readonly<Record<keyof P, 'required' | 'optional'>>;
}

export function place(app = new App()): Place {
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

/**
 * What came of one value in place of a prop: `accepted` after a synthesis, or what one coded error demands, with nothing built.
 * Anything else is thrown.
 */
export function outcome<P extends object>(subject: Subject<P>, change: (props: P) => unknown): 'accepted' | string[] {
  const { stack, ...rest } = place();
  const props = change(subject.props({ stack, ...rest }));
  const before = stack.node.findAll().length;
  try {
    subject.make(stack, 'Subject', props as P);
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error)) throw error;
    const built = stack.node.tryFindChild('Subject');
    expect(built?.node.children ?? []).toEqual([]);
    expect(stack.node.findAll()).toHaveLength(before + (built ? 1 : 0));
    return error.problems.map(({ prop, allowed }) => `${prop} must be ${allowed}`);
  }
  Template.fromStack(stack);
  return 'accepted';
}

/** A prop in place of which something else stands. */
export function replace<P extends object>(prop: string, value: unknown): (props: P) => P {
  return (props) => ({ ...props, [prop]: value });
}
