import { join } from 'node:path';
import {
  AzureMachine,
  BatchInferencePlatform,
  type BatchInferencePlatformProps,
  BlobDatastore,
  type BlobDatastoreProps,
  ModelArtifact,
} from 'ai-infra-constructs/azure';
import { ownedBy } from '../../terraform/platforms';
import { armTest, faultsOf, isDescribed } from '../arm';
import { GROUP, rolesOf, sent, sentOf, WORKSPACE } from '../machine-learning/support';
import { keepsAddresses } from '../../terraform/golden';
import { codesOf, newStack, refusalsOf, resourcesOf } from '../support';

const BUCKET = { accountName: 'shards', accountId: WORKSPACE.storageAccountId, containerName: 'data' };

const PROPS: BatchInferencePlatformProps = {
  resourceGroup: GROUP,
  workflow: {
    artifact: ModelArtifact.registered({ name: 'ranker', version: '7', sizeGB: 16 }),
    machine: AzureMachine.NC24ADS_A100_V4,
    maxMachines: 8,
  },
  ...ownedBy('search'),
  monthlyBudgetUsd: 40_000,
};

function synth(props: Partial<BatchInferencePlatformProps> = {}) {
  const stack = newStack('batch');
  return { stack, platform: new BatchInferencePlatform(stack, 'Platform', { ...PROPS, ...props }) };
}

const STATEFUL = [
  'azapi_resource',
  'azurerm_container_registry',
  'azurerm_key_vault',
  'azurerm_storage_account',
  'azurerm_storage_container',
];

describe('the reference', () => {
  const { stack } = synth();

  keepsAddresses(stack, STATEFUL, join(__dirname, 'batch-inference-platform.golden.json'));

  test('reaches its buckets privately, from the network and from its machines', () => {
    const rules = Object.values(sentOf(stack, 'workspaces/outboundRules'));
    expect(rules.map(({ name }) => name as string).sort()).toEqual([
      'requests',
      'results',
      'workspace-queue',
      'workspace-table',
    ]);
    const links = Object.values(resourcesOf(stack, 'azurerm_private_endpoint'));
    expect(links.length).toBeGreaterThanOrEqual(7);
  });

  test('grants machines the roles to read shards and write results, and no other', () => {
    const data = Object.values(rolesOf(stack)).filter(({ scope }) => scope.includes('/containers/'));
    expect(data.map(({ role }) => role).sort()).toEqual(['Storage Blob Data Contributor', 'Storage Blob Data Reader']);
  });

  test('has a datastore without keys for each bucket', () => {
    const stores = Object.values(sentOf(stack, 'workspaces/datastores'));
    expect(stores.map(({ name }) => name as string).sort()).toEqual(['requests', 'results']);
    for (const one of stores) expect(one.body.properties.credentials).toEqual({ credentialsType: 'None' });
  });

  test('uses one key for its data', () => {
    const accounts = Object.values(resourcesOf(stack, 'azurerm_storage_account'));
    const [workspace] = Object.values(resourcesOf(stack, 'azapi_resource')).filter(({ type }) =>
      (type as string).startsWith('Microsoft.MachineLearningServices/workspaces@'),
    );
    const keys = [
      ...accounts.map(({ customer_managed_key }) => customer_managed_key.key_vault_key_id as string),
      workspace.body.properties.encryption.keyVaultProperties.keyIdentifier as string,
    ];
    for (const key of keys) expect(key).toMatch(/azapi_resource\.Platform_Key_/);
  });

  armTest('sends bodies that match the API schema', () => {
    const all = Object.values(resourcesOf(stack, 'azapi_resource')).filter(({ type }) => isDescribed(type as string));
    expect(all.length).toBeGreaterThanOrEqual(8);
    for (const one of all) expect(faultsOf(one)).toEqual([]);
  });
});

describe('existing parts', () => {
  test('are used', () => {
    const { stack, platform } = synth({ workspace: WORKSPACE, input: BUCKET, results: BUCKET });
    expect(platform.workspace).toBe(WORKSPACE);
    expect(resourcesOf(stack, 'azurerm_storage_account')).toEqual({});
    expect(platform.inputStore.uriOf('2026/')).toBe('azureml://datastores/requests/paths/2026/');
  });
});

describe('validation of the reference', () => {
  test('reports all problems of its parts at once, and creates none of them', () => {
    const stack = newStack();
    const run = () =>
      new BatchInferencePlatform(stack, 'Platform', {
        ...PROPS,
        workflow: { ...PROPS.workflow, maxMachines: 1000, attempts: 11 },
        monthlyBudgetUsd: -1,
        costAllocation: { ...PROPS.costAllocation, owner: '' },
      });
    expect(refusalsOf(run)).toEqual([
      'TagMissing costAllocation.owner',
      'BudgetInvalid monthlyBudgetUsd',
      'BatchLimit workflow.attempts',
      'NodesOutOfRange workflow.maxMachines',
    ]);
    expect(stack.node.tryFindChild('Platform')?.node.children).toEqual([]);
  });

  test.each([undefined, null, 7, { resourceGroup: 3, workflow: { artifact: 'x' }, input: 1, costAllocation: [] }])(
    'rejects hostile props %p',
    (props) => {
      const codes = codesOf(() => new BatchInferencePlatform(newStack(), 'Platform', props as never));
      expect(codes.every((code) => ['PropType', 'ValueMissing', 'TagMissing', 'BudgetInvalid'].includes(code))).toBe(
        true,
      );
    },
  );
});

describe('a datastore', () => {
  const synthStore = (props: Partial<BlobDatastoreProps> = {}) => {
    const stack = newStack();
    new BlobDatastore(stack, 'Store', { workspace: WORKSPACE, bucket: BUCKET, datastoreName: 'shards', ...props });
    return sent(stack, 'workspaces/datastores');
  };

  test('has no key, and uses the identity of the workspace if that is known', () => {
    expect(synthStore().body.properties).toMatchObject({
      accountName: 'shards',
      containerName: 'data',
      serviceDataAccessAuthIdentity: 'None',
    });
    const identity = { id: 'i', principalId: 'p', clientId: 'c' };
    expect(synthStore({ workspace: { ...WORKSPACE, identity } }).body.properties.serviceDataAccessAuthIdentity).toBe(
      'WorkspaceUserAssignedIdentity',
    );
  });

  test('rejects an invalid name and hostile props', () => {
    expect(codesOf(() => synthStore({ datastoreName: 'My-Store' }))).toEqual(['AzureName']);
    expect(codesOf(() => synthStore({ bucket: null as never, workspace: 7 as never }))).toEqual([
      'PropType',
      'ValueMissing',
    ]);
    expect(codesOf(() => new BlobDatastore(newStack(), 'Store', null as never))).toEqual(['ValueMissing']);
  });

  armTest('has a body that matches the API schema', () => {
    expect(faultsOf(synthStore())).toEqual([]);
  });
});
