import { join } from 'node:path';
import { CostAllocation, DataBucket, DataClass, EncryptionKey, MlNetwork } from 'ai-infra-constructs/alicloud';
import { architectureOf } from 'ai-infra-constructs/testing';
import { keepsAddresses } from '../../terraform/golden';
import { stackIn } from '../support';

const stack = stackIn();
CostAllocation.apply(stack, {
  project: 'atlas',
  team: 'research',
  environment: 'prod',
  costCenter: 'R-17',
  owner: 'ml-platform',
});
new MlNetwork(stack, 'Network', { zones: ['cn-hangzhou-i', 'cn-hangzhou-j'] });
const logs = new DataBucket(stack, 'Logs');
new DataBucket(stack, 'Data', {
  dataClass: DataClass.RESTRICTED,
  encryptionKey: new EncryptionKey(stack, 'Key', { kmsInstanceId: 'kst-hzz65f176a0ogplgq0000' }),
  accessLogs: logs,
  retention: { days: 365, permanent: true },
});
new DataBucket(stack, 'Models', { dataClass: DataClass.CONFIDENTIAL });

keepsAddresses(
  stack,
  [
    'alicloud_vpc',
    'alicloud_vswitch',
    'alicloud_eip_address',
    'alicloud_kms_key',
    'alicloud_oss_bucket',
    'alicloud_oss_bucket_worm',
  ],
  join(__dirname, 'foundation.golden.json'),
);

test('an architecture snapshot shows the buckets, keys, and network', () => {
  expect(String(architectureOf(stack))).toMatchSnapshot();
});
