import { App } from 'aws-cdk-lib';
import { AwsMachine, Capacity, type DataBucket } from 'ai-infra-constructs/aws';
import { STRICT_APPS } from '../support';
import { platform } from '../training/platform';
import { addPacks, expectNoViolations, validated } from './validators';

describe.each(STRICT_APPS)('TrainingPlatform %s', (_flags, strict) => {
  test.each([
    ['reserved P5en', {}],
    ['spot with fallback', { capacity: Capacity.spot({ fallback: Capacity.onDemand() }) }],
    [
      'Trainium in a capacity block',
      {
        machine: AwsMachine.TRN2_48XLARGE,
        capacity: Capacity.capacityBlock('cr-0123456789abcdef0', { availabilityZone: 'us-east-2a' }),
        availabilityZones: ['us-east-2a', 'us-east-2b'],
      },
    ],
  ])('passes the CloudFormation validator and four policy packs with %s', (_, props) => {
    expectNoViolations(platform(props, new App(strict)));
  });

  test('fails all four policy packs with a bucket without TLS', () => {
    const { app, platform: built } = platform({}, new App(strict));
    (built.datasets as DataBucket).bucket.policy?.node.tryRemoveChild('Resource');
    addPacks(app);
    const allFour = /\(AwsSolutions\)[^]*\(NIST\.800\.53\.R5\)[^]*\(HIPAA\.Security\)[^]*\(PCI\.DSS\.321\)/;
    expect(() => validated(() => app.synth())).toThrow(allFour);
  });
});
