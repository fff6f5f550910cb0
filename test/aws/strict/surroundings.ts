import { Duration } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { LustreMaintenanceTime, Weekday } from 'aws-cdk-lib/aws-fsx';
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { DataClass } from 'ai-infra-constructs';
import { AlertTopic, DataBucket, DataPurpose, LustreFileSystem, LustreMetadata, MlVpc } from 'ai-infra-constructs/aws';
import { REGION } from '../support';
import { strictSynth } from './validators';

describe('the CloudFormation validator accepts', () => {
  test.each([
    ['an unknown region and account', undefined],
    ['a known region and account', REGION],
  ])('MlVpc with %s', (_, props) => {
    const template = strictSynth((stack) => {
      new MlVpc(stack, 'Network', props && { availabilityZones: ['us-east-1a', 'us-east-1b', 'us-east-1c'] });
    }, props);
    template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });
  });

  test('DataBucket with each purpose, with Object Lock, and with a VPC endpoint', () => {
    const template = strictSynth((stack) => {
      new DataBucket(stack, 'Data', {
        dataClass: DataClass.RESTRICTED,
        vpcEndpoints: ['vpce-0123456789abcdef0'],
        expiration: Duration.days(400),
        retention: ObjectLockRetention.governance(Duration.days(90)),
      });
      for (const purpose of Object.values(DataPurpose)) new DataBucket(stack, purpose, { purpose });
    });
    template.hasResourceProperties('AWS::S3::Bucket', { ObjectLockEnabled: true });
  });

  test('LustreFileSystem with a required throughput, EFA, and a bucket', () => {
    const template = strictSynth((stack) => {
      const { bucket } = new DataBucket(stack, 'Data');
      const vpc = new Vpc(stack, 'Vpc');
      const fileSystem = new LustreFileSystem(stack, 'Lustre', {
        vpc,
        subnet: vpc.privateSubnets[0]!,
        requiredThroughputMBps: 20_000,
        efa: true,
        metadata: LustreMetadata.provisioned(24_000),
        maintenance: new LustreMaintenanceTime({ day: Weekday.SUNDAY, hour: 4, minute: 30 }),
        dataRepositories: [{ bucket, path: '/datasets' }],
      });
      fileSystem.allowClients(new SecurityGroup(stack, 'Clients', { vpc, allowAllOutbound: false }));
    });
    template.hasResourceProperties('AWS::FSx::FileSystem', { StorageCapacity: 24_000 });
  });

  test('AlertTopic', () => {
    const template = strictSynth((stack) => new AlertTopic(stack, 'Alerts', { alertEmails: ['oncall@example.com'] }));
    template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: 'oncall@example.com' });
  });
});
