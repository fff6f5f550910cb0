import { DataClass } from 'ai-infra-constructs';
import { CostAllocation, DataBucket, DataPurpose, EncryptionKey } from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'data');
new AlicloudProvider(stack, 'Alicloud', { region: 'cn-hangzhou' });

CostAllocation.apply(stack, {
  project: 'atlas',
  team: 'research',
  environment: 'prod',
  costCenter: 'r-17',
  owner: 'ml-platform',
});
const encryptionKey = new EncryptionKey(stack, 'Key', { kmsInstanceId: 'kst-hzz65f176a0ogplgq0000' });
const logs = new DataBucket(stack, 'Logs', { purpose: DataPurpose.LOGS, encryptionKey });
const datasets = new DataBucket(stack, 'Datasets', {
  dataClass: DataClass.CONFIDENTIAL,
  encryptionKey,
  accessLogs: logs,
});
datasets.grantRead('Trainer', 'trainer');

app.synth();
