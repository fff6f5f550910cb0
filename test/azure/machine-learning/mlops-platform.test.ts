import { join } from 'node:path';
import { findingsOf, ModelSpec, TrainingJob } from 'ai-infra-constructs';
import {
  AzureMachine,
  MlopsPlatform,
  type MlopsPlatformProps,
  ModelArtifact,
  ModelRegistry,
  MonitorTask,
  ServingContainer,
} from 'ai-infra-constructs/azure';
import { ownedBy } from '../../terraform/platforms';
import { armTest, faultsOf, isDescribed } from '../arm';
import { keepsAddresses } from '../../terraform/golden';
import { codesOf, networksOf, newStack, refusalsOf, resourcesOf, theOnly } from '../support';
import { GROUP, rolesOf, sentOf } from './support';

const PROPS: MlopsPlatformProps = {
  resourceGroup: GROUP,
  machine: AzureMachine.NC48ADS_A100_V4,
  maxNodes: 4,
  endpoint: {
    machine: AzureMachine.NC4AS_T4_V3,
    models: {
      credit: {
        container: ServingContainer.mlflow(),
        artifact: ModelArtifact.registered({ name: 'credit', version: '3', sizeGB: 1 }),
        concurrency: 8,
      },
    },
    dataCapture: {},
  },
  monitor: { task: MonitorTask.CLASSIFICATION, alertEmails: ['ml@example.com'] },
  ...ownedBy('risk'),
  monthlyBudgetUsd: 20_000,
};

function synth(props: Partial<MlopsPlatformProps> = {}) {
  const stack = newStack('mlops');
  return { stack, platform: new MlopsPlatform(stack, 'Platform', { ...PROPS, ...props }) };
}

/** Types whose replacement loses data or a well-known address. */
const STATEFUL = [
  'azapi_resource',
  'azurerm_container_registry',
  'azurerm_key_vault',
  'azurerm_storage_account',
  'azurerm_user_assigned_identity',
  'azurerm_virtual_network',
];

describe('the platform', () => {
  const { stack, platform } = synth();

  keepsAddresses(stack, STATEFUL, join(__dirname, 'mlops-platform.golden.json'));

  test('ignores case in responses of Azure ML', () => {
    const bodies = Object.values(resourcesOf(stack, 'azapi_resource')).filter(({ type }) =>
      (type as string).startsWith('Microsoft.MachineLearningServices/'),
    );
    expect(bodies.length).toBeGreaterThan(8);
    expect(bodies.filter(({ ignore_casing }) => ignore_casing !== true)).toEqual([]);
  });

  test('has all parts in one network, without findings about network access', () => {
    const endpoints = Object.values(resourcesOf(stack, 'azurerm_private_endpoint'));
    expect(networksOf(endpoints.map(({ subnet_id }) => subnet_id as string))).toEqual(['Platform_Network']);
    const ids = findingsOf(platform).map(({ id }) => id);
    expect(ids).not.toContain('network/no-private-endpoint');
    expect(ids).not.toContain('network/public-workspace');
  });

  test('connects the managed network to its registry', () => {
    const rules = Object.values(sentOf(stack, 'workspaces/outboundRules'));
    const [registry] = Object.keys(sentOf(stack, 'registries'));
    const resourceId = `\${azapi_resource.${registry}.id}`;
    expect(rules.find(({ name }) => name === 'model-registry')?.body.properties.destination).toMatchObject({
      serviceResourceId: resourceId,
      subresourceTarget: 'amlregistry',
    });
    const approved = Object.values(rolesOf(stack)).filter(({ scope }) => scope === resourceId);
    expect(approved.map(({ role }) => role)).toContain('Azure AI Enterprise Network Connection Approver');
  });

  test('monitors its model with the identity of the workspace', () => {
    const [monitor] = Object.values(sentOf(stack, 'workspaces/schedules'));
    const { computeIdentity } = monitor.body.properties.action.monitorDefinition.computeConfiguration;
    expect(Object.keys(computeIdentity.identity.userAssignedIdentities as object)).toEqual([
      expect.stringContaining('Workspace_Identity'),
    ]);
    expect(platform.monitor?.model).toBe('credit');
  });

  test('tags its resources for the budget', () => {
    const workspace = Object.values(resourcesOf(stack, 'azapi_resource')).find(({ type }) =>
      (type as string).includes('/workspaces@'),
    );
    expect(workspace!.tags).toMatchObject({ project: 'Atlas', 'data-class': 'confidential' });
    expect(theOnly(stack, 'azurerm_consumption_budget_subscription')).toMatchObject({
      amount: 20_000,
      filter: { tag: [{ name: 'project', values: ['Atlas'] }] },
    });
  });

  armTest('has valid request bodies', () => {
    const all = Object.values(resourcesOf(stack, 'azapi_resource')).filter(({ type }) => isDescribed(type as string));
    expect(all.length).toBeGreaterThanOrEqual(6);
    for (const one of all) expect(faultsOf(one)).toEqual([]);
  });
});

describe('parts', () => {
  test('are optional, or can exist already', () => {
    const stack = newStack();
    const registry = new ModelRegistry(stack, 'Shared', { resourceGroup: GROUP });
    const platform = new MlopsPlatform(stack, 'Platform', {
      ...PROPS,
      registry,
      endpoint: undefined,
      monitor: undefined,
    });
    expect(platform.registry).toBe(registry);
    expect(platform.endpoint).toBeUndefined();
    expect(Object.keys(sentOf(stack, 'registries'))).toHaveLength(1);
    const rules = Object.values(sentOf(stack, 'workspaces/outboundRules')).map(({ name }) => name as string);
    expect(rules).toEqual(['workspace-queue', 'workspace-table']);
  });

  test('are planned', () => {
    const job = TrainingJob.fineTune({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e9 });
    const { platform } = synth({ machine: AzureMachine.ND96ISR_H100_V5, maxNodes: 2, job });
    expect(platform.pipelines.plan?.cluster.nodes).toBe(2);
  });
});

describe('validation', () => {
  const refused = (props: Partial<MlopsPlatformProps>) => refusalsOf(() => synth(props));

  test('reports all problems before it creates a part', () => {
    const stack = newStack();
    const run = () =>
      new MlopsPlatform(stack, 'Platform', {
        ...PROPS,
        maxNodes: 1000,
        publicAccess: true,
        monthlyBudgetUsd: 0,
        alertEmails: ['nobody'],
        costAllocation: { ...PROPS.costAllocation, team: '' },
        endpoint: { ...PROPS.endpoint!, endpointName: '1' },
        monitor: { task: MonitorTask.CLASSIFICATION, alertEmails: [] },
      });
    expect(refusalsOf(run)).toEqual([
      'TagMissing costAllocation.team',
      'BudgetInvalid monthlyBudgetUsd',
      'AlertEmail alertEmails[0]',
      'DataClassFloor publicAccess',
      'NodesOutOfRange maxNodes',
      'AzureName endpoint.endpointName',
      'MonitorInvalid monitor.alertEmails',
    ]);
    expect(stack.node.tryFindChild('Platform')?.node.children).toEqual([]);
  });

  test('rejects a monitor without an endpoint or data capture', () => {
    expect(refused({ endpoint: undefined })).toEqual(['ValueMissing endpoint']);
    expect(refused({ endpoint: { ...PROPS.endpoint!, dataCapture: undefined } })).toEqual([
      'MonitorInvalid monitor.endpoint',
    ]);
  });

  test.each([undefined, null, 7, { resourceGroup: GROUP, machine: 1, endpoint: 'x', monitor: [], costAllocation: 3 }])(
    'rejects hostile props %p',
    (props) => {
      const codes = codesOf(() => new MlopsPlatform(newStack(), 'Platform', props as never));
      expect(codes.every((code) => ['PropType', 'ValueMissing', 'TagMissing', 'BudgetInvalid'].includes(code))).toBe(
        true,
      );
    },
  );
});
