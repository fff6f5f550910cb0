import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { DataClass } from 'ai-infra-constructs';
import {
  AzapiProvider,
  ContentPolicy,
  GatewayAuthorization,
  GatewayExposure,
  ModelCapacity,
  RealtimeInferencePlatform,
  RealtimeServing,
  ResourceGroup,
} from 'ai-infra-constructs/azure';
import { App, TerraformStack } from 'cdktf';

const app = new App();
const stack = new TerraformStack(app, 'realtime-inference');
new AzurermProvider(stack, 'Azure', { features: [{}] });
new AzapiProvider(stack, 'Azapi');

new RealtimeInferencePlatform(stack, 'Platform', {
  resourceGroup: new ResourceGroup(stack, 'Group', { location: 'swedencentral' }),
  serving: RealtimeServing.foundry({
    models: {
      chat: {
        model: 'gpt-5.4-mini',
        version: '2026-03-17',
        capacity: ModelCapacity.dataZoneStandard({ tokensPerMinute: 200_000 }),
      },
    },
    contentPolicy: ContentPolicy.of({ blocklists: { projects: { terms: ['Project Aurora'] } } }),
  }),
  gateway: {
    exposure: GatewayExposure.public(),
    authorization: GatewayAuthorization.entra({ audiences: ['api://atlas-models'] }),
    publisherEmail: 'ml-platform@example.com',
    clients: {
      web: { applicationId: '0f4a3c1e-7a0b-4f53-9d1c-2b6f3d7c8e90', tokensPerMinute: 150_000 },
      reports: {
        applicationId: '5d2b8a74-1c6e-4f0a-8b3d-9e7f6a5c4d32',
        tokensPerMinute: 50_000,
        tokensPerDay: 5_000_000,
      },
    },
  },
  costAllocation: { project: 'atlas', team: 'search', environment: 'prod', costCenter: 'r-17', owner: 'ml-platform' },
  monthlyBudgetUsd: 20_000,
  alertEmails: ['ml-platform@example.com'],
  dataClass: DataClass.CONFIDENTIAL,
});

app.synth();
