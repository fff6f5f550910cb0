/** Networks, keys, buckets, and tags with every option, which `verify:terraform` validates in addition to the examples. */
import { DataClass } from 'ai-infra-constructs';
import {
  CostAllocation,
  CurrentAccount,
  DataBucket,
  type DataBucketProps,
  DataPurpose,
  EncryptionKey,
  MlNetwork,
  StorageRedundancy,
  useProviders,
} from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

const app = new App();
const stack = new TerraformStack(app, 'every-foundation');
new AlicloudProvider(stack, 'Alicloud', {
  region: 'cn-hangzhou',
  assumeRole: { roleArn: 'acs:ram::1234567890123456:role/deploy', sessionName: 'verify' },
});
CostAllocation.apply(stack, {
  project: 'atlas',
  team: 'research',
  environment: 'prod',
  costCenter: 'r-17',
  owner: 'ml-platform',
  dataClass: 'internal',
  workload: 'pretraining',
  endDate: '2028-01-01',
  additionalTags: { batch: 'first' },
});

new MlNetwork(stack, 'Small', { zones: ['cn-hangzhou-i'] });
new MlNetwork(stack, 'Network', {
  zones: ['cn-hangzhou-b', 'cn-hangzhou-g', 'cn-hangzhou-h', 'cn-hangzhou-i', 'cn-hangzhou-j', 'cn-hangzhou-k'],
  cidr: '172.16.0.0/12',
  nodeCidr: '172.16.0.0/16',
  podCidr: '172.24.0.0/13',
  serviceCidr: '192.168.0.0/16',
  egressMbps: 100,
});
MlNetwork.fromMlNetworkAttributes(stack, 'Existing', {
  vpcId: 'vpc-bp1aevy8sofi8mh1q0000',
  region: 'cn-hangzhou',
  securityGroupId: 'sg-bp1fg655nh68xyz90000',
  vswitches: [{ zone: 'cn-hangzhou-i', vswitchId: 'vsw-bp12mw1f8k3jgygk90000', cidr: '10.0.0.0/20' }],
  podVswitches: [{ zone: 'cn-hangzhou-i', vswitchId: 'vsw-bp12mw1f8k3jgygk90001' }],
  serviceCidr: '10.8.0.0/20',
});

new EncryptionKey(stack, 'Weekly', { rotationDays: 7, kmsInstanceId: 'kst-hzz65f176a0ogplgq0000' });
new EncryptionKey(stack, 'Fixed', { rotationDays: 0 });
new EncryptionKey(stack, 'InInstance', { kmsInstanceId: 'kst-hzz65f176a0ogplgq0000' });
const existingKey = EncryptionKey.fromEncryptionKeyId(stack, 'ExistingKey', 'key-hzz63d2c8d3dfv8cv0000');
const logs = new DataBucket(stack, 'Logs', { purpose: DataPurpose.LOGS, expirationDays: 30 });
const BUCKETS: Readonly<Record<string, DataBucketProps>> = {
  Datasets: { accessLogs: DataBucket.fromBucketName(stack, 'ExistingBucket', 'audit-logs') },
  Checkpoints: {
    purpose: DataPurpose.CHECKPOINTS,
    noncurrentVersionExpirationDays: 3,
    redundancy: StorageRedundancy.LOCAL,
  },
  Restricted: { purpose: DataPurpose.MODELS, dataClass: DataClass.RESTRICTED, encryptionKey: existingKey },
  Locked: { retention: { days: 30, permanent: true }, accessLogs: logs },
  Plain: { versioned: false, redundancy: StorageRedundancy.ZONES },
  LockedPlain: { versioned: false, retention: { days: 365, permanent: true } },
};
for (const [name, props] of Object.entries(BUCKETS)) {
  const bucket = new DataBucket(stack, name, props);
  bucket.grantRead('Reader', 'reader');
  bucket.grantReadWrite('Writer', 'writer');
}

const second = new Construct(stack, 'Second');
useProviders(second, new AlicloudProvider(stack, 'Singapore', { alias: 'second', region: 'ap-southeast-1' }));
new MlNetwork(second, 'Network', { zones: ['ap-southeast-1a', 'ap-southeast-1b'] });
new DataBucket(second, 'Data');
new TerraformOutput(stack, 'Region', { value: CurrentAccount.of(stack).region });

app.synth();
