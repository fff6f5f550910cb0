import { AzapiResourceAction, AzapiUpdateResource } from '../../../lib/azure/provider/azapi-update';
import { newStack, theOnly } from '../support';

test('an update sends only its properties', () => {
  const stack = newStack();
  const update = new AzapiUpdateResource(stack, 'Traffic', {
    type: 'Microsoft.Test/things@2026-01-01',
    resourceId: '/subscriptions/x/things/one',
    body: { properties: { traffic: { blue: 100 } } },
    lifecycle: { createBeforeDestroy: true },
  });
  expect(update.typeInput).toBe('Microsoft.Test/things@2026-01-01');
  expect(update.bodyInput).toEqual({ properties: { traffic: { blue: 100 } } });
  expect(theOnly(stack, 'azapi_update_resource')).toEqual({
    type: 'Microsoft.Test/things@2026-01-01',
    resource_id: '/subscriptions/x/things/one',
    body: { properties: { traffic: { blue: 100 } } },
    lifecycle: { create_before_destroy: true },
  });
});

test('an action sends its method at the given time', () => {
  const stack = newStack();
  const action = new AzapiResourceAction(stack, 'Provision', {
    type: 'Microsoft.Test/things@2026-01-01',
    resourceId: '/subscriptions/x/things/one',
    action: 'provision',
    method: 'POST',
    when: 'apply',
    body: { includeSpark: false },
    timeouts: { create: '90m' },
  });
  expect(action.typeInput).toBe('Microsoft.Test/things@2026-01-01');
  expect(action.bodyInput).toEqual({ includeSpark: false });
  expect(theOnly(stack, 'azapi_resource_action')).toEqual({
    type: 'Microsoft.Test/things@2026-01-01',
    resource_id: '/subscriptions/x/things/one',
    action: 'provision',
    method: 'POST',
    when: 'apply',
    body: { includeSpark: false },
    timeouts: { create: '90m' },
  });
});

test('an action without a path applies to the resource', () => {
  const stack = newStack();
  new AzapiResourceAction(stack, 'Empty', {
    type: 'Microsoft.Test/things@2026-01-01',
    resourceId: '/x',
    method: 'PATCH',
    when: 'destroy',
    body: {},
  });
  expect(theOnly(stack, 'azapi_resource_action')).not.toHaveProperty('action');
});
