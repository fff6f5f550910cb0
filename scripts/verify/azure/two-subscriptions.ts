/** Two subscriptions in one stack, for `verify:terraform`. */
import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import {
  AzapiProvider,
  AzureMachine,
  InfinibandFeature,
  ResourceGroup,
  TrainingCluster,
  useProviders,
} from 'ai-infra-constructs/azure';
import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

const FEATURES = [{ storage: [{ dataPlaneAvailable: false }] }];
const app = new App();
const stack = new TerraformStack(app, 'two-subscriptions');

addTo(new Construct(stack, 'First'), '00000000-0000-4000-8000-000000000001');
addTo(new Construct(stack, 'Second'), '00000000-0000-4000-8000-000000000002', 'second');

app.synth();

function addTo(scope: Construct, subscriptionId: string, alias?: string): void {
  useProviders(
    scope,
    new AzurermProvider(stack, `Azurerm${alias ?? ''}`, { alias, subscriptionId, features: FEATURES }),
    new AzapiProvider(stack, `Azapi${alias ?? ''}`, { alias, subscriptionId }),
  );
  const resourceGroup = new ResourceGroup(scope, 'Group', { location: 'swedencentral' });
  const { controlPlane } = new TrainingCluster(scope, 'Pretrain', {
    resourceGroup,
    machine: AzureMachine.ND96ISR_H100_V5,
    zone: '1',
    nodes: 2,
    infinibandFeature: InfinibandFeature.REGISTER,
  });
  useProviders(scope, new HelmProvider(stack, `Helm${alias ?? ''}`, { alias, kubernetes: controlPlane!.connection }));
}
