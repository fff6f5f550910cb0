import { DataClass } from 'ai-infra-constructs';
import {
  acknowledge,
  DatasetType,
  EncryptionKey,
  MlNetwork,
  MlopsPlatform,
  RegistryEdition,
} from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { App, TerraformOutput, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'mlops');
new AlicloudProvider(stack, 'Alicloud', { region: 'cn-hangzhou' });

const platform = new MlopsPlatform(stack, 'Platform', {
  network: new MlNetwork(stack, 'Network', { zones: ['cn-hangzhou-i', 'cn-hangzhou-j'] }),
  encryptionKey: new EncryptionKey(stack, 'Key', { kmsInstanceId: 'kst-hzz65f176a0ogplgq0000' }),
  dataClass: DataClass.CONFIDENTIAL,
  workspaceName: 'atlas_ml',
  description: 'Language models of the atlas project',
  separateDevelopment: true,
  datasets: {
    tokens: {
      bucket: { name: 'atlas-tokens' },
      folder: 'tokens/v2',
      type: DatasetType.TEXT,
      mountPath: '/mnt/tokens/',
    },
  },
  models: { atlas: { domain: 'nlp', task: 'text-generation', description: 'Base model' } },
  experiments: ['pretraining', 'fine-tuning'],
  codeSources: {
    trainer: {
      repository: 'https://github.com/example/trainer.git',
      branch: 'main',
      commit: '44e59fe4e8f8bf9a3a8c4d0d8e8d0d8f8a3c4d0d',
      mountPath: '/mnt/trainer/',
    },
  },
  members: [{ userId: '200123456789012345', roles: ['PAI.AlgoDeveloper'] }],
  repositories: ['trainer', 'evaluation'],
  edition: RegistryEdition.ADVANCED,
  jobRoleName: 'atlas-jobs',
  logRetentionDays: 180,
  costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
  monthlyBudgetUsd: 20_000,
});
acknowledge(platform, 'cost/budget-at-synthesis', 'Finance watches the bill with a budget in the console.');
new TerraformOutput(stack, 'WorkspaceId', { value: platform.workspace.workspaceId });

app.synth();
