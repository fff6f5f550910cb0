import { findingsOf } from 'ai-infra-constructs';
import {
  AlertGroup,
  AzapiResource,
  CostAllocation,
  CostAnomalyAlert,
  type CostAnomalyAlertProps,
  CostBudget,
  type CostBudgetProps,
  EncryptionKey,
  MlNetwork,
  TagPolicy,
  TagPolicyEffect,
  type TagPolicyProps,
} from 'ai-infra-constructs/azure';
import { StorageAccount } from '../../../lib/azure/provider/azurerm';
import { codesOf, newStack, problemsOf, resourcesOf, theOnly } from '../support';

const WHO = { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml-platform' };
const TAGS = { project: 'atlas', team: 'research', environment: 'prod', 'cost-center': 'R-17', owner: 'ml-platform' };
const GROUP = { name: 'mine', location: 'swedencentral' };
const ACTION_GROUP = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/actionGroups/ops';

describe('cost allocation', () => {
  test('tags all resources that support tags, and keeps their own tags', () => {
    const stack = newStack();
    const allocation = CostAllocation.apply(stack, WHO);
    new MlNetwork(stack, 'Network', { resourceGroup: GROUP });
    new EncryptionKey(stack, 'Key', { resourceGroup: GROUP });
    new StorageAccount(stack, 'Account', {
      name: 'a',
      resourceGroupName: 'mine',
      location: 'swedencentral',
      accountTier: 'Standard',
      accountReplicationType: 'LRS',
      tags: { team: 'vision', 'data-class': 'restricted' },
    });
    expect(allocation.tags).toEqual(TAGS);
    expect(theOnly(stack, 'azurerm_virtual_network').tags).toEqual(TAGS);
    expect(theOnly(stack, 'azurerm_key_vault').tags).toEqual(TAGS);
    expect(theOnly(stack, 'azurerm_storage_account').tags).toEqual({
      ...TAGS,
      team: 'vision',
      'data-class': 'restricted',
    });
    expect(Object.values(resourcesOf(stack, 'azurerm_subnet')).map(({ tags }) => tags)).toEqual([undefined, undefined]);
    expect(theOnly(stack, 'azurerm_role_assignment').tags).toBeUndefined();
  });

  test('tags azapi resources with a location, and agent pools', () => {
    const stack = newStack();
    CostAllocation.apply(stack, WHO);
    const common = { type: 'A/b@1', parentId: '/x', body: {} };
    new AzapiResource(stack, 'Tracked', {
      ...common,
      name: 'tracked',
      location: 'swedencentral',
      tags: { team: 'own' },
    });
    new AzapiResource(stack, 'Child', { ...common, name: 'child' });
    // AKS copies the tags of a pool to its machines.
    new AzapiResource(stack, 'Pool', {
      ...common,
      name: 'pool',
      type: 'Microsoft.ContainerService/managedClusters/agentPools@1',
      body: { properties: { count: 2, tags: { hint: 'own' } } },
    });
    const { Tracked, Child, Pool } = resourcesOf(stack, 'azapi_resource');
    expect([Tracked.tags, Child.tags, Pool.tags]).toEqual([{ ...TAGS, team: 'own' }, undefined, undefined]);
    expect(Pool.body.properties).toEqual({ count: 2, tags: { hint: 'own', ...TAGS } });
  });

  test('rejects values that a cloud does not support, and too many tags', () => {
    expect(codesOf(() => CostAllocation.apply(newStack(), { ...WHO, owner: 'a@b.example' }))).toEqual(['TagValue']);
    const stack = newStack();
    const additionalTags = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`tag-${index}`, 'x']));
    CostAllocation.apply(stack, { ...WHO, additionalTags });
    new MlNetwork(stack, 'Network', { resourceGroup: GROUP }).privateDnsZoneId('privatelink.azurecr.io');
    expect(problemsOf(() => theOnly(stack, 'azurerm_private_dns_zone'))).toEqual([
      expect.objectContaining({ code: 'TagsTooMany', got: 17, allowed: expect.stringContaining('at most 15') }),
    ]);
  });
});

function budget(props: Partial<CostBudgetProps> = {}) {
  const stack = newStack();
  new CostBudget(stack, 'Budget', { monthlyUsd: 800_000, ...props });
  return theOnly(stack, `azurerm_consumption_budget_${props.resourceGroup ? 'resource_group' : 'subscription'}`);
}

describe('a budget', () => {
  test('sends alerts at 50, 80, and 100 percent and for the forecast, to the owners', () => {
    const { amount, time_grain, notification, subscription_id } = budget();
    expect({ amount, time_grain }).toEqual({ amount: 800_000, time_grain: 'Monthly' });
    expect(subscription_id).toMatch(/^\/subscriptions\/\${data\.azurerm_client_config/);
    expect(notification.map((one: Record<string, unknown>) => [one.threshold_type, one.threshold])).toEqual([
      ['Actual', 50],
      ['Actual', 80],
      ['Actual', 100],
      ['Forecasted', 100],
    ]);
    expect(notification[0]).toMatchObject({
      contact_roles: ['Owner'],
      operator: 'GreaterThanOrEqualTo',
      enabled: true,
    });
  });

  test('starts in the month of the first deployment, and ignores later changes', () => {
    const { time_period, lifecycle } = budget();
    expect(time_period.start_date).toBe(`\${formatdate("YYYY-MM-01'T'00:00:00Z", plantimestamp())}`);
    expect(lifecycle).toEqual({ ignore_changes: ['time_period'] });
    const stated = budget({ startMonth: '2027-01' });
    expect(stated.time_period.start_date).toBe('2027-01-01T00:00:00Z');
    expect(stated.lifecycle).toBeUndefined();
  });

  test('filters by tags and resource group, and sends alerts to the given receivers', () => {
    const alertGroup = AlertGroup.fromAlertGroupId(newStack(), 'Alerts', ACTION_GROUP);
    const made = budget({
      resourceGroup: GROUP,
      tags: { project: 'atlas', team: 'research' },
      alertEmails: ['ml@example.com'],
      alertActionGroups: [alertGroup],
    });
    expect(made.resource_group_id).toMatch(/\/resourceGroups\/mine$/);
    expect(made.filter.tag).toEqual([
      { name: 'project', values: ['atlas'] },
      { name: 'team', values: ['research'] },
    ]);
    expect(made.notification[0]).toMatchObject({ contact_emails: ['ml@example.com'], contact_groups: [ACTION_GROUP] });
    expect(made.notification[0].contact_roles).toBeUndefined();
    expect(budget({ tags: { team: '${a}' } }).filter.tag).toEqual([{ name: 'team', values: ['$${a}'] }]);
  });

  test.each<[Partial<Record<keyof CostBudgetProps, unknown>>, string, string]>([
    [{ monthlyUsd: 0 }, 'BudgetInvalid', 'monthlyUsd'],
    [{ monthlyUsd: Number.POSITIVE_INFINITY }, 'BudgetInvalid', 'monthlyUsd'],
    [{ monthlyUsd: '100' }, 'PropType', 'monthlyUsd'],
    [{ monthlyUsd: 0.5 }, 'BudgetInvalid', 'monthlyUsd'],
    [{ startMonth: '2027-13' }, 'BudgetInvalid', 'startMonth'],
    [{ startMonth: '2017-05' }, 'BudgetInvalid', 'startMonth'],
    [{ actualPercent: [33.3] }, 'BudgetInvalid', 'actualPercent and forecastPercent'],
    [{ actualPercent: [], forecastPercent: [] }, 'BudgetInvalid', 'actualPercent and forecastPercent'],
    [{ actualPercent: [50, 50] }, 'BudgetInvalid', 'actualPercent and forecastPercent'],
    [{ actualPercent: [10, 20, 30, 40, 50] }, 'BudgetInvalid', 'actualPercent and forecastPercent'],
    [{ forecastPercent: [1001] }, 'BudgetInvalid', 'actualPercent and forecastPercent'],
    [{ alertEmails: ['ml'] }, 'AlertEmail', 'alertEmails[0]'],
    [{ alertEmails: ['a@b.c', 'a@b.c'] }, 'AlertEmail', 'alertEmails[1]'],
    [{ alertActionGroups: [{ id: 'ops' }] }, 'ResourceIdInvalid', 'alertActionGroups[0].id'],
    [{ alertActionGroups: [ACTION_GROUP] }, 'PropType', 'alertActionGroups[0]'],
    [{ tags: { project: 7 } }, 'PropType', 'tags.project'],
  ])('%j is rejected with %s', (props, code, prop) => {
    expect(problemsOf(() => budget(props as Partial<CostBudgetProps>))).toEqual([
      expect.objectContaining({ code, prop }),
    ]);
  });
});

describe('a cost anomaly alert', () => {
  function alert(props: Partial<CostAnomalyAlertProps> = {}) {
    const stack = newStack();
    new CostAnomalyAlert(stack, 'Anomalies', { alertEmails: ['ml@example.com'], ...props });
    return theOnly(stack, 'azurerm_cost_anomaly_alert');
  }

  test('sends email to the given addresses', () => {
    const made = alert({ message: 'Look.' });
    expect(made).toMatchObject({ email_addresses: ['ml@example.com'], message: 'Look.' });
    expect(made.name).toMatch(/^[a-z0-9-]+$/);
    expect(made.email_subject.length).toBeLessThanOrEqual(70);
  });

  test('escapes Terraform templates in the message', () => {
    expect(alert({ message: 'Ask ${owner}.' }).message).toBe('Ask $${owner}.');
  });

  test.each([
    [{ alertEmails: [] }, 'alertEmails'],
    [{ alertEmails: ['ml'] }, 'alertEmails[0]'],
    [{ message: 'x'.repeat(251) }, 'message'],
  ])('%j is rejected', (props, prop) => {
    expect(problemsOf(() => alert(props))).toEqual([expect.objectContaining({ code: 'AlertEmail', prop })]);
  });
});

describe('a tag policy', () => {
  function policy(props?: TagPolicyProps) {
    const stack = newStack();
    new TagPolicy(stack, 'Tags', props);
    const definition = theOnly(stack, 'azurerm_policy_definition');
    return { stack, definition, rule: JSON.parse(definition.policy_rule) };
  }

  test('audits the tags of CostAllocation in the whole subscription', () => {
    const { stack, definition, rule } = policy();
    expect(definition).toMatchObject({ mode: 'Indexed', policy_type: 'Custom' });
    expect(rule.then).toEqual({ effect: 'audit' });
    expect(rule.if.anyOf.map(({ field }: { field: string }) => field)).toEqual(
      ['project', 'team', 'environment', 'cost-center', 'owner'].map((key) => `tags['${key}']`),
    );
    expect(theOnly(stack, 'azurerm_subscription_policy_assignment').policy_definition_id).toContain(
      'azurerm_policy_definition.',
    );
    expect(findingsOf(stack)).toEqual([]);
  });

  test('reports the deny effect', () => {
    const { stack, rule } = policy({ resourceGroup: GROUP, requiredTags: ['who'], effect: TagPolicyEffect.DENY });
    expect(rule).toEqual({ if: { anyOf: [{ field: "tags['who']", exists: 'false' }] }, then: { effect: 'deny' } });
    expect(theOnly(stack, 'azurerm_resource_group_policy_assignment').resource_group_id).toMatch(/\/mine$/);
    expect(findingsOf(stack).map(({ id }) => id)).toEqual(['cost/policy-denies']);
  });

  test('escapes Terraform templates in tag keys', () => {
    const { definition } = policy({ requiredTags: ['${who}'] });
    expect(definition.display_name).toBe('Resources carry $${who}');
  });

  test.each<[Partial<Record<keyof TagPolicyProps, unknown>>, string]>([
    [{ requiredTags: [] }, 'TagMissing'],
    [{ requiredTags: ["it's"] }, 'TagKey'],
    [{ requiredTags: ['a/b'] }, 'TagKey'],
    [{ requiredTags: 'project' }, 'PropType'],
    [{ effect: 'modify' }, 'ChoiceUnknown'],
    [{ resourceGroup: { name: 'a.', location: 'swedencentral' } }, 'AzureName'],
  ])('%j is rejected with %s', (props, code) => {
    expect(codesOf(() => policy(props as TagPolicyProps))).toEqual([code]);
  });
});
