/** A workspace of PAI and a registry without a platform, for `verify:terraform`. The example of MLOps has their other options. */
import {
  ContainerRegistry,
  DataBucket,
  DataPurpose,
  MachineLearningWorkspace,
  MlNetwork,
  RegistryEdition,
} from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'machine-learning');
new AlicloudProvider(stack, 'Alicloud', { region: 'cn-hangzhou' });
const network = new MlNetwork(stack, 'Network', { zones: ['cn-hangzhou-i'] });
for (const edition of Object.values(RegistryEdition))
  new ContainerRegistry(stack, edition, { network, repositories: ['trainer', 'evaluation'], edition });
new MachineLearningWorkspace(stack, 'Workspace', {
  artifacts: new DataBucket(stack, 'Artifacts', { purpose: DataPurpose.MODELS }),
  experiments: ['pretraining'],
});
app.synth();
