import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AzureMachine,
  Capacity,
  ControlPlane,
  TrainingPlatform,
  type TrainingPlatformProps,
} from 'ai-infra-constructs/azure';
import { ownedBy } from '../../terraform/platforms';
import { CLUSTER } from '../nodes/support';
import { keepsAddresses } from '../../terraform/golden';
import { newStack, problemsOf, refusalsOf, resourcesOf, theOnly } from '../support';
import { allOf, clusterProps } from './support';

const PROPS: TrainingPlatformProps = {
  ...clusterProps({ machine: AzureMachine.ND96ISR_H200_V5, nodes: 16 }),
  ...ownedBy('research'),
  monthlyBudgetUsd: 800_000,
};

function synth(props: Partial<TrainingPlatformProps> = {}) {
  const stack = newStack('training');
  return { stack, platform: new TrainingPlatform(stack, 'Platform', { ...PROPS, ...props }) };
}

/** Types whose replacement loses data, capacity or an address that others know. */
const STATEFUL = [
  'azapi_resource',
  'azurerm_capacity_reservation',
  'azurerm_capacity_reservation_group',
  'azurerm_key_vault',
  'azurerm_kubernetes_cluster',
  'azurerm_kubernetes_cluster_node_pool',
  'azurerm_managed_lustre_file_system',
  'azurerm_monitor_workspace',
  'azurerm_public_ip',
  'azurerm_storage_account',
  'azurerm_storage_container',
  'azurerm_subnet',
  'azurerm_user_assigned_identity',
  'azurerm_virtual_network',
];

describe('the reference', () => {
  const { stack, platform } = synth({
    groups: {
      debug: {
        machine: AzureMachine.NC96ADS_A100_V4,
        nodes: 1,
        capacity: Capacity.newReservation({ confirm: 'costs until deleted' }),
      },
    },
  });

  keepsAddresses(stack, STATEFUL, join(__dirname, 'training-platform.golden.json'));

  test('has buckets for its data, reached from its network alone, which its jobs may use', () => {
    expect(Object.keys(resourcesOf(stack, 'azurerm_storage_account'))).toHaveLength(2);
    for (const { subnet_id } of Object.values(resourcesOf(stack, 'azurerm_private_endpoint')))
      expect(subnet_id).toMatch(/Platform_Network_Endpoints/);
    const grants = Object.values(resourcesOf(stack, 'azurerm_role_assignment')).filter(({ role_definition_name }) =>
      (role_definition_name as string).includes('Blob'),
    );
    expect(grants.map(({ scope }) => scope as string).sort()).toEqual([
      expect.stringMatching(/Platform_Checkpoints/),
      expect.stringMatching(/Platform_Datasets/),
    ]);
    for (const { depends_on } of grants)
      expect(depends_on).toEqual([expect.stringMatching(/^azurerm_storage_container\.Platform_/)]);
  });

  test('has one network for nodes, file system and endpoints', () => {
    expect(Object.keys(resourcesOf(stack, 'azurerm_virtual_network'))).toHaveLength(1);
    expect(platform.cluster.controlPlane!.network).toBe(platform.network);
  });

  test('tags what it makes with who pays, and the budget counts that tag', () => {
    const tags = { project: 'Atlas', owner: 'ml-platform' };
    expect(theOnly(stack, 'azurerm_kubernetes_cluster').tags).toMatchObject(tags);
    for (const pool of Object.values(resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool')))
      expect(pool.tags).toMatchObject(tags);
    expect(theOnly(stack, 'azurerm_consumption_budget_subscription').filter.tag).toEqual([
      { name: 'project', values: ['Atlas'] },
    ]);
  });

  test('makes no resource of its own below its parts', () => {
    expect(platform.node.children.map(({ node }) => node.id)).toEqual([
      'Network',
      'Datasets',
      'Checkpoints',
      'Cluster',
      'Budget',
    ]);
  });
});

describe('what exists may be brought', () => {
  const bucket = (name: string) => ({
    accountName: name,
    accountId: `/subscriptions/s/resourceGroups/ml/providers/Microsoft.Storage/storageAccounts/${name}`,
    containerName: 'data',
  });

  test('buckets', () => {
    const { stack, platform } = synth({ datasets: bucket('data'), checkpoints: bucket('runs') });
    expect(resourcesOf(stack, 'azurerm_storage_account')).toEqual({});
    expect(platform.cluster.checkpoints).toEqual(bucket('runs'));
  });

  test('a cluster, whose network the buckets are reached from', () => {
    const stack = newStack('training');
    const { resourceGroup } = PROPS;
    const cluster = new ControlPlane(stack, 'ControlPlane', { resourceGroup });
    const platform = new TrainingPlatform(stack, 'Platform', { ...PROPS, cluster });
    expect(platform.network).toBe(cluster.network);
    expect(Object.keys(resourcesOf(stack, 'azurerm_virtual_network'))).toHaveLength(1);
  });
});

describe('refuses', () => {
  test('all that is wrong together, before anything is made', () => {
    const stack = newStack();
    const props = {
      ...PROPS,
      costAllocation: { project: 'atlas' } as never,
      monthlyBudgetUsd: 0,
      alertEmails: ['nobody'],
      zone: 'a',
    };
    const found = refusalsOf(() => new TrainingPlatform(stack, 'Platform', props));
    expect(found).toEqual(
      expect.arrayContaining([
        'TagMissing costAllocation.team',
        'BudgetInvalid monthlyBudgetUsd',
        'LocationInvalid zone',
      ]),
    );
    expect(stack.node.findAll().some(({ node }) => node.id === 'Cluster')).toBe(false);
  });

  test('a cluster whose tokens nobody issues', () => {
    expect(problemsOf(() => synth({ cluster: CLUSTER })).map(({ prop }) => prop)).toContain('cluster.oidcIssuerUrl');
  });
});

test('the example registers what azurerm does not register by itself, and whose resources it makes', () => {
  const example = readFileSync(join(__dirname, '../../../examples/azure/training.ts'), 'utf8');
  const listed = /resourceProvidersToRegister: \[([^\]]*)\]/.exec(example)?.[1] ?? '';
  const made = Object.keys(allOf(synth().stack));
  // Source: azurerm 4.55.0, internal/resourceproviders/required.go, `Legacy`, which lacks these two.
  const needed = {
    azurerm_monitor_workspace: 'Microsoft.Monitor',
    azurerm_managed_lustre_file_system: 'Microsoft.StorageCache',
  };
  for (const [type, namespace] of Object.entries(needed)) {
    expect(made).toContain(type);
    expect(listed).toContain(`'${namespace}'`);
  }
});
