import { join } from 'node:path';
import { findingsOf, ModelSpec, TrainingJob } from 'ai-infra-constructs';
import {
  AzureMachine,
  MlopsPlatform,
  type MlopsPlatformProps,
  ModelArtifact,
  ModelRegistry,
  ServingContainer,
} from 'ai-infra-constructs/azure';
import { ownedBy } from '../../terraform/platforms';
import { armTest, faultsOf, isDescribed } from '../arm';
import { keepsAddresses } from '../../terraform/golden';
import { codesOf, newStack, refusalsOf, resourcesOf, theOnly } from '../support';
import { GROUP, rolesOf, sentOf } from './support';

const PROPS: MlopsPlatformProps = {
  resourceGroup: GROUP,
  machine: AzureMachine.NC48ADS_A100_V4,
  nodes: 4,
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
  monitor: { task: 'classification', emails: ['ml@example.com'] },
  ...ownedBy('risk'),
  monthlyBudgetUsd: 20_000,
};

function synth(props: Partial<MlopsPlatformProps> = {}) {
  const stack = newStack('mlops');
  return { stack, platform: new MlopsPlatform(stack, 'Platform', { ...PROPS, ...props }) };
}

/** Types whose replacement loses data, or an address that others know. */
const STATEFUL = [
  'azapi_resource',
  'azurerm_container_registry',
  'azurerm_key_vault',
  'azurerm_storage_account',
  'azurerm_user_assigned_identity',
  'azurerm_virtual_network',
];

describe('the reference', () => {
  const { stack, platform } = synth();

  keepsAddresses(stack, STATEFUL, join(__dirname, 'mlops-platform.golden.json'));

  test('takes no letters of another case for a change: Azure ML gives sizes and ids back in its own', () => {
    const bodies = Object.values(resourcesOf(stack, 'azapi_resource')).filter(({ type }) =>
      (type as string).startsWith('Microsoft.MachineLearningServices/'),
    );
    expect(bodies.length).toBeGreaterThan(8);
    expect(bodies.filter(({ ignore_casing }) => ignore_casing !== true)).toEqual([]);
  });

  test('has all parts in one network, and nothing that is doubted for its reach', () => {
    expect(Object.keys(resourcesOf(stack, 'azurerm_virtual_network'))).toHaveLength(1);
    const doubts = findingsOf(platform).map(({ id }) => id);
    expect(doubts).not.toContain('network/no-private-endpoint');
    expect(doubts).not.toContain('network/public-workspace');
  });

  test('reaches its registry from the machines of the workspace, which may have that approved', () => {
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

  test('watches the model that it serves, as what the workspace acts as', () => {
    const [monitor] = Object.values(sentOf(stack, 'workspaces/schedules'));
    const { computeIdentity } = monitor.body.properties.action.monitorDefinition.computeConfiguration;
    expect(Object.keys(computeIdentity.identity.userAssignedIdentities as object)).toEqual([
      expect.stringContaining('Workspace_Identity'),
    ]);
    expect(platform.monitor?.model).toBe('credit');
  });

  test('tags what takes tags, and has a budget on them', () => {
    const workspace = Object.values(resourcesOf(stack, 'azapi_resource')).find(({ type }) =>
      (type as string).includes('/workspaces@'),
    );
    expect(workspace!.tags).toMatchObject({ project: 'Atlas', 'data-class': 'confidential' });
    expect(theOnly(stack, 'azurerm_consumption_budget_subscription')).toMatchObject({
      amount: 20_000,
      filter: { tag: [{ name: 'project', values: ['Atlas'] }] },
    });
  });

  armTest('sends nothing that the API does not take', () => {
    const all = Object.values(resourcesOf(stack, 'azapi_resource')).filter(({ type }) => isDescribed(type as string));
    expect(all.length).toBeGreaterThanOrEqual(6);
    for (const one of all) expect(faultsOf(one)).toEqual([]);
  });
});

describe('parts', () => {
  test('are left out, or brought', () => {
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
    const { platform } = synth({ machine: AzureMachine.ND96ISR_H100_V5, nodes: 2, job });
    expect(platform.pipelines.plan?.cluster.nodes).toBe(2);
  });
});

describe('what the reference refuses', () => {
  const refused = (props: Partial<MlopsPlatformProps>) => refusalsOf(() => synth(props));

  test('all that is wrong with its parts, at once, and makes none of them', () => {
    const stack = newStack();
    const run = () =>
      new MlopsPlatform(stack, 'Platform', {
        ...PROPS,
        nodes: 1000,
        publicAccess: true,
        monthlyBudgetUsd: 0,
        alertEmails: ['nobody'],
        costAllocation: { ...PROPS.costAllocation, team: '' },
        endpoint: { ...PROPS.endpoint!, endpointName: '1' },
        monitor: { task: 'classification', emails: [] },
      });
    expect(refusalsOf(run)).toEqual([
      'TagMissing costAllocation.team',
      'BudgetInvalid monthlyBudgetUsd',
      'AlertEmail emails[0]',
      'DataClassFloor publicAccess',
      'NodesOutOfRange nodes',
      'AzureName endpoint.endpointName',
      'MonitorInvalid monitor.emails',
    ]);
    expect(stack.node.tryFindChild('Platform')?.node.children).toEqual([]);
  });

  test('a monitor of nothing', () => {
    expect(refused({ endpoint: undefined })).toEqual(['ValueMissing endpoint']);
    expect(refused({ endpoint: { ...PROPS.endpoint!, dataCapture: undefined } })).toEqual([
      'MonitorInvalid monitor.endpoint',
    ]);
  });

  test.each([undefined, null, 7, { resourceGroup: GROUP, machine: 1, endpoint: 'x', monitor: [], costAllocation: 3 }])(
    'hostile props %p',
    (props) => {
      const codes = codesOf(() => new MlopsPlatform(newStack(), 'Platform', props as never));
      expect(codes.every((code) => ['PropType', 'ValueMissing', 'TagMissing', 'BudgetInvalid'].includes(code))).toBe(
        true,
      );
    },
  );
});
