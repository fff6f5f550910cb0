import { App, Duration, Stack } from 'aws-cdk-lib';
import { InstanceType, MachineImage, Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Installation, AwsMachine, TrainingCluster } from 'ai-infra-constructs/aws';
import { architectureOf } from 'ai-infra-constructs/testing';
import { changedLines } from './support';

interface Choices {
  readonly machine?: string;
  readonly max?: number;
  readonly open?: boolean;
  readonly versioned?: boolean;
}

function text({ machine = 'm7i.large', max = 4, open = false, versioned = false }: Choices = {}): string {
  const stack = new Stack(new App(), 'Hand');
  const vpc = new Vpc(stack, 'Vpc');
  new AutoScalingGroup(stack, 'Fleet', {
    vpc,
    instanceType: new InstanceType(machine),
    machineImage: MachineImage.latestAmazonLinux2023(),
    maxCapacity: max,
  });
  const door = new SecurityGroup(stack, 'Door', { vpc });
  door.addIngressRule(open ? Peer.anyIpv4() : Peer.ipv4('10.0.0.0/8'), Port.tcp(443));
  new Bucket(stack, 'Data', { versioned });
  new Queue(stack, 'Jobs', { retentionPeriod: Duration.days(4) });
  return String(architectureOf(stack));
}

describe('a change only affects its own lines', () => {
  test('another instance type without a price changes one line', () => {
    expect(changedLines(text(), text({ machine: 'm7i.2xlarge' }))).toEqual({
      gone: ['    machine:        m7i.large'],
      come: ['    machine:        m7i.2xlarge'],
    });
  });

  test('another instance type with a price changes its line, its cost and the total', () => {
    expect(changedLines(text({ machine: 'g6.xlarge' }), text({ machine: 'g6.12xlarge' }))).toEqual({
      gone: [
        '    machine:        g6.xlarge (1 L4)',
        expect.stringMatching(/^ {2}Fleet\/ASG: 588 USD, 1 at 0\.8048 USD\/h/),
        '  total: 588 USD',
      ],
      come: [
        '    machine:        g6.12xlarge (4 L4)',
        expect.stringMatching(/^ {2}Fleet\/ASG: 3,359 USD, 1 at 4\.6016 USD\/h/),
        '  total: 3,359 USD',
      ],
    });
  });

  test('a higher maximum changes one line', () => {
    expect(changedLines(text(), text({ max: 8 }))).toEqual({
      gone: ['    count:          1 (1 to 4)'],
      come: ['    count:          1 (1 to 8)'],
    });
  });

  test('a group that opens to the internet adds its line', () => {
    const { come } = changedLines(text(), text({ open: true }));
    expect(come).toContain('  Door: security group, tcp 443 from 0.0.0.0/0');
  });

  test('versioning adds one line', () => {
    expect(changedLines(text(), text({ versioned: true }))).toEqual({ gone: [], come: ['    versions:       kept'] });
  });
});

test('one more node in a training cluster only changes its counts', () => {
  const of = (nodes: number) => {
    const stack = new Stack(new App(), 'Training');
    new TrainingCluster(stack, 'Pretrain', {
      machine: AwsMachine.P4D_24XLARGE,
      nodes,
      installation: Installation.gitOps(),
    });
    return String(architectureOf(stack, { cost: false }));
  };
  const { gone, come } = changedLines(of(4), of(5));
  expect(come.length).toBe(gone.length);
  expect(come).toContain('    count:          5');
  expect(come.filter((line) => !/count:|size:|alarm, when/.test(line))).toEqual([]);
});
