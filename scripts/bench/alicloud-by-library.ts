import { DataClass } from 'ai-infra-constructs';
import { CostAllocation, DataBucket, DataPurpose, EncryptionKey, MlNetwork } from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { App, TerraformStack } from 'cdktf';

/** The network and the buckets of a platform. */
export function build(): App {
  const app = new App({ outdir: process.env.CDKTF_OUTDIR });
  const stack = new TerraformStack(app, 'training');
  new AlicloudProvider(stack, 'Alicloud', { region: 'cn-hangzhou' });
  CostAllocation.apply(stack, {
    project: 'atlas',
    team: 'research',
    environment: 'prod',
    costCenter: 'r-17',
    owner: 'ml-platform',
  });
  new MlNetwork(stack, 'Network', { zones: ['cn-hangzhou-i', 'cn-hangzhou-j'] });
  const encryptionKey = new EncryptionKey(stack, 'Key');
  const logs = new DataBucket(stack, 'Logs', { purpose: DataPurpose.LOGS });
  for (const purpose of [DataPurpose.DATASETS, DataPurpose.CHECKPOINTS, DataPurpose.MODELS])
    new DataBucket(stack, purpose, { purpose, dataClass: DataClass.CONFIDENTIAL, encryptionKey, accessLogs: logs });
  return app;
}
