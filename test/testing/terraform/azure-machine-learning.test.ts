import { Testing } from 'cdktf';
import { architectureOf } from 'ai-infra-constructs/testing';
import {
  AzureMachine,
  BatchInference,
  Capacity,
  MlopsPlatform,
  ModelArtifact,
  ServingContainer,
} from 'ai-infra-constructs/azure';
import { GROUP, WORKSPACE } from '../../azure/machine-learning/support';
import { newStack } from '../../azure/support';

describe('the architecture of Azure ML', () => {
  const stack = newStack();
  new MlopsPlatform(stack, 'Platform', {
    resourceGroup: GROUP,
    machine: AzureMachine.NC48ADS_A100_V4,
    maxNodes: 4,
    endpoint: {
      machine: AzureMachine.NC4AS_T4_V3,
      models: {
        credit: {
          container: ServingContainer.mlflow(),
          artifact: ModelArtifact.registered({ name: 'credit', version: '1' }),
        },
      },
      scaling: { minReplicas: 2, maxReplicas: 5 },
    },
    costAllocation: { project: 'a', team: 'b', environment: 'c', costCenter: 'd', owner: 'e' },
    monthlyBudgetUsd: 100,
  });
  new BatchInference(stack, 'Ranking', {
    workspace: WORKSPACE,
    artifact: ModelArtifact.registered({ name: 'ranker', version: '1' }),
    machine: AzureMachine.NC24ADS_A100_V4,
    maxMachines: 3,
    capacity: Capacity.spot(),
  });
  const architecture = architectureOf(JSON.parse(Testing.synth(stack)) as never).stacks[0]!;

  test('shows the workspace, registry and batch endpoint, which are not open', () => {
    expect(architecture.endpoints.map(({ kind, access }) => `${kind}: ${access}`).sort()).toEqual([
      'Azure ML batch endpoint: signed',
      'Azure ML online endpoint: private',
      'Azure ML registry: private',
      'Azure ML workspace: private',
    ]);
    expect(architecture.exposure.filter(({ kind }) => kind.startsWith('Azure ML'))).toEqual([]);
    expect(architecture.endpoints.find(({ kind }) => kind === 'Azure ML workspace')).toMatchObject({
      details: { network: 'AllowOnlyApprovedOutbound', storage: 'by identity' },
      encryption: { key: 'managed' },
    });
  });

  test('shows machines, their maximum number and their market', () => {
    const groups = architecture.compute.filter(({ kind }) => kind === 'Azure ML compute cluster');
    expect(groups.map(({ machines, count, market }) => [machines[0], count?.max, market]).sort()).toEqual([
      ['Standard_NC24ads_A100_v4', 3, 'spot'],
      ['Standard_NC48ads_A100_v4', 4, 'on-demand'],
    ]);
  });
});

describe('scaling', () => {
  test('shows its limits', () => {
    const capacity = { minimum: 2, maximum: 5, default: 2 };
    const setting = { azurerm_monitor_autoscale_setting: { s: { profile: [{ capacity }] } } };
    expect(architectureOf({ resource: setting }).stacks[0]!.scaling).toMatchObject([
      { name: 's', details: { from: '2', to: '5' } },
    ]);
  });
});

describe('an open registry and workspace', () => {
  test('are exposed', () => {
    const type = (name: string) => `Microsoft.MachineLearningServices/${name}@2026-05-01`;
    const architecture = architectureOf({
      resource: {
        azapi_resource: {
          w: { type: type('workspaces'), body: { properties: {} } },
          r: { type: type('registries'), body: { properties: { regionDetails: [{ location: 'eastus' }] } } },
          m: {
            type: type('workspaces/schedules'),
            body: {
              properties: {
                trigger: { frequency: 'Day' },
                action: { actionType: 'CreateMonitor', monitorDefinition: { signals: { drift: {} } } },
              },
            },
          },
          j: { type: type('workspaces/schedules'), body: { properties: {} } },
        },
      },
    }).stacks[0]!;
    expect(architecture.exposure.map(({ name }) => name).sort()).toEqual(['r', 'w']);
    expect(architecture.watch.map(({ kind }) => kind).sort()).toEqual(['model monitor', 'schedule']);
    expect(architecture.watch.find(({ name }) => name === 'm')?.details).toEqual({ when: 'day', signals: 'drift' });
  });
});
