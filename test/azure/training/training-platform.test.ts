import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AzureMachine,
  Capacity,
  ClusterSource,
  ControlPlane,
  DataBucket,
  TrainingPlatform,
  type TrainingPlatformProps,
} from 'ai-infra-constructs/azure';
import { ownedBy } from '../../terraform/platforms';
import { CLUSTER } from '../nodes/support';
import { keepsAddresses } from '../../terraform/golden';
import { networksOf, newStack, problemsOf, refusalsOf, resourcesOf, theOnly } from '../support';
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

/** Types whose replacement loses data, capacity, or a well-known address. */
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

describe('the platform', () => {
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

  test('creates buckets that only its network and its jobs can access', () => {
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

  test('has one network for nodes, file system, and private endpoints', () => {
    expect(platform.trainingCluster.controlPlane!.network).toBe(platform.network);
    const used = [
      ...Object.values(resourcesOf(stack, 'azurerm_private_endpoint')).map(({ subnet_id }) => subnet_id as string),
      theOnly(stack, 'azurerm_managed_lustre_file_system').subnet_id,
      ...Object.values(resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool')).map(
        ({ vnet_subnet_id }) => vnet_subnet_id as string,
      ),
    ];
    expect(networksOf(used)).toEqual(['Platform_Network']);
  });

  test('tags its resources for the budget', () => {
    const tags = { project: 'Atlas', owner: 'ml-platform' };
    expect(theOnly(stack, 'azurerm_kubernetes_cluster').tags).toMatchObject(tags);
    for (const pool of Object.values(resourcesOf(stack, 'azurerm_kubernetes_cluster_node_pool')))
      expect(pool.tags).toMatchObject(tags);
    expect(theOnly(stack, 'azurerm_consumption_budget_subscription').filter.tag).toEqual([
      { name: 'project', values: ['Atlas'] },
    ]);
  });

  test('creates only its parts', () => {
    expect(platform.node.children.map(({ node }) => node.id)).toEqual([
      'Network',
      'Datasets',
      'Checkpoints',
      'Cluster',
      'Budget',
    ]);
  });
});

describe('existing resources', () => {
  const bucket = (name: string) => ({
    accountName: name,
    accountId: `/subscriptions/s/resourceGroups/ml/providers/Microsoft.Storage/storageAccounts/${name}`,
    containerName: 'data',
  });

  test('uses existing buckets', () => {
    const scope = newStack();
    const datasets = DataBucket.fromDataBucketAttributes(scope, 'Datasets', bucket('data'));
    const checkpoints = DataBucket.fromDataBucketAttributes(scope, 'Checkpoints', bucket('runs'));
    const { stack, platform } = synth({ datasets, checkpoints });
    expect(resourcesOf(stack, 'azurerm_storage_account')).toEqual({});
    expect(platform.trainingCluster.checkpoints).toBe(checkpoints);
    expect(checkpoints).toMatchObject(bucket('runs'));
  });

  test('uses the network of an existing cluster for its buckets', () => {
    const stack = newStack('training');
    const { resourceGroup } = PROPS;
    const cluster = new ControlPlane(stack, 'ControlPlane', { resourceGroup });
    const platform = new TrainingPlatform(stack, 'Platform', {
      ...PROPS,
      cluster: ClusterSource.fromCluster(cluster),
    });
    expect(platform.network).toBe(cluster.network);
    const endpoints = Object.values(resourcesOf(stack, 'azurerm_private_endpoint'));
    expect(networksOf(endpoints.map(({ subnet_id }) => subnet_id as string))).toEqual(['ControlPlane_Network']);
  });
});

describe('validation', () => {
  test('reports all problems before it creates a resource', () => {
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

  test('rejects an existing cluster without a token issuer', () => {
    expect(problemsOf(() => synth({ cluster: ClusterSource.fromCluster(CLUSTER) })).map(({ prop }) => prop)).toContain(
      'cluster.oidcIssuerUrl',
    );
  });
});

test('the example registers the resource providers that azurerm does not register', () => {
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
