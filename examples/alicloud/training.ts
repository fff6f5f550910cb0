import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import {
  acknowledge,
  AlicloudMachine,
  Capacity,
  ClusterSource,
  TrainingPlatform,
  TrainingStorage,
} from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'training');
new AlicloudProvider(stack, 'Alicloud', { region: 'cn-hangzhou' });

const platform = new TrainingPlatform(stack, 'Platform', {
  zone: 'cn-hangzhou-i',
  machine: AlicloudMachine.ECS_EBMGN8V_48XLARGE,
  nodes: 16,
  capacity: Capacity.reservation('eap-bp67acfmxazb4wxyz', { zone: 'cn-hangzhou-i' }),
  cluster: ClusterSource.create({ zones: ['cn-hangzhou-j'] }),
  storage: TrainingStorage.cpfs({ sizeGiB: 19_200 }),
  images: {
    training: 'atlas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/ml/pytorch-erdma:25.03',
    acceptance: 'atlas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/ml/nccl-tests-erdma:2.30.7',
  },
  costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
});
new HelmProvider(stack, 'Helm', { kubernetes: platform.trainingCluster.controlPlane!.connection });

acknowledge(platform.trainingCluster, 'image/mirror', 'The nodes pull from the registry of the platform team.');
acknowledge(
  platform.trainingCluster,
  'capacity/allowlist',
  'The account has an elasticity assurance for the machines.',
);

app.synth();
