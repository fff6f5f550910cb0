import { App, CfnOutput, Fn, Stack, Validations } from 'aws-cdk-lib';
import { CfnCapacityReservation, CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnFileSystem } from 'aws-cdk-lib/aws-fsx';
import { AwsMachine, networkLayout, TemplateChecks } from 'ai-infra-constructs/aws';
import { checkTemplates } from '../../../lib/aws/template/template-checks';

/** An app that uses only the plugin of this library. */
function synth(build: (stack: Stack) => unknown): () => void {
  return () => {
    const app = new App();
    build(new Stack(app, 'Theirs'));
    Validations.of(app).addPlugins(new TemplateChecks());
    app.synth();
  };
}

const launchTemplate = (launchTemplateData: CfnLaunchTemplate.LaunchTemplateDataProperty) =>
  synth((stack) => new CfnLaunchTemplate(stack, 'LaunchTemplate', { launchTemplateData }));

const reservation = (instanceType: string) =>
  synth(
    (stack) =>
      new CfnCapacityReservation(stack, 'Reservation', {
        instanceType,
        instancePlatform: 'Linux/UNIX',
        instanceCount: 1,
        availabilityZone: 'us-east-1a',
      }),
  );

const lustre = (storageCapacity: number, perUnitStorageThroughput: number, efaEnabled = false) =>
  synth(
    (stack) =>
      new CfnFileSystem(stack, 'Lustre', {
        fileSystemType: 'LUSTRE',
        subnetIds: ['subnet-0c1a5e'],
        storageCapacity,
        lustreConfiguration: { deploymentType: 'PERSISTENT_2', perUnitStorageThroughput, efaEnabled },
      }),
  );

describe('rejects', () => {
  test.each([
    [
      'a misspelled interface type',
      launchTemplate({ networkInterfaces: [{ deviceIndex: 0, interfaceType: 'efaa' }] }),
      /TemplateInterface/,
    ],
    [
      'an efa-only primary interface',
      launchTemplate({ networkInterfaces: [{ deviceIndex: 0, interfaceType: 'efa-only' }] }),
      /has the IP address/,
    ],
    ['a misspelled machine', launchTemplate({ instanceType: 'p5.48xlrge' }), /Did you mean p5\.48xlarge/],
    ['a reservation of a misspelled machine', reservation('p5.49xlarge'), /TemplateMachine/],
    ['an invalid Lustre throughput', lustre(1200, 130), /PerUnitStorageThroughput must be .*LustreThroughput/],
    ['an invalid Lustre size', lustre(1300, 125), /StorageCapacity must be .*LustreSize/],
    ['a Lustre size below the minimum of EFA', lustre(4800, 125, true), /LustreEfaFloor/],
    [
      'a third interface on a card with two',
      launchTemplate({
        instanceType: 'p5.48xlarge',
        networkInterfaces: [0, 1, 2].map((deviceIndex) => ({
          networkCardIndex: 0,
          deviceIndex,
          interfaceType: 'interface',
        })),
      }),
      /at most 2 interfaces on card 0 of p5\.48xlarge \(got 3\)/,
    ],
    [
      'EFA on the IP-only card 0 of P6-B300',
      launchTemplate({
        instanceType: 'p6-b300.48xlarge',
        networkInterfaces: [
          { networkCardIndex: 0, deviceIndex: 0, interfaceType: 'interface' },
          { networkCardIndex: 0, deviceIndex: 1, interfaceType: 'efa-only' },
        ],
      }),
      /at most 0 EFA interfaces on card 0/,
    ],
  ])('%s at synthesis', (_, run, message) => {
    expect(run).toThrow(message);
  });
});

describe('accepts', () => {
  test.each(AwsMachine.all.map((machine) => [machine.name, machine] as const))(
    'the layout of %s',
    (instanceType, machine) => {
      const networkInterfaces = networkLayout(machine).map((nic) => ({ ...nic }));
      expect(launchTemplate({ instanceType, networkInterfaces })).not.toThrow();
    },
  );

  test.each([
    ...[
      'm7i.xlarge',
      'g5g.xlarge',
      'g4ad.xlarge',
      'inf1.xlarge',
      'g6.metal',
      'p7.48xlarge',
      'u-6tb1.metal',
      'i7ie.metal-48xl',
    ].map((name) => [`the instance type ${name}`, launchTemplate({ instanceType: name })] as [string, () => void]),
    ['a machine without accelerators', launchTemplate({ instanceType: 'm7i.xlarge' })],
    ['a machine known only at deployment', launchTemplate({ instanceType: Fn.importValue('Machine') })],
    ['a valid Lustre file system', lustre(38_400, 125, true)],
  ])('%s', (_, run) => {
    expect(run).not.toThrow();
  });
});

test('accepts a custom machine', () => {
  expect(reservation('p5.96xlarge')).toThrow(/TemplateMachine/);
  AwsMachine.of('p5.96xlarge', AwsMachine.P5_48XLARGE.spec);
  expect(reservation('p5.96xlarge')).not.toThrow();
});

describe('size', () => {
  const large = (stack: Stack) => new CfnOutput(stack, 'Text', { value: 'x'.repeat(1_000_000) });

  test('rejects a template over the limit, and suggests a fix', () => {
    expect(synth(large)).toThrow(/at most 1000000 bytes \(got \d+\)\. Put each TrainingCluster/);
  });

  test('checks an app once', () => {
    const app = new App();
    const stack = new Stack(app, 'Ours');
    large(stack);
    checkTemplates(stack);
    checkTemplates(stack);
    expect(() => app.synth()).toThrow(/StackTooLarge/);
  });

  test('ignores a construct outside an app', () => {
    expect(() => checkTemplates(new Stack())).not.toThrow();
  });
});
