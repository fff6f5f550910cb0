import type { Sections } from '../../architecture';
import {
  block,
  parsed,
  record,
  records,
  details,
  type Reader,
  type Readers,
  type Resource,
  type View,
  group,
  textsOf,
} from '../../view';

/** Readers of capacity reservations, network access, required tags and cost alerts. */
export const AZURE_FOUNDATION_READERS: Readers = {
  azurerm_capacity_reservation: reservation,
  azurerm_capacity_reservation_group: () => ({}),
  azurerm_nat_gateway: ({ name, props }, view) => ({
    network: [{ name, kind: 'NAT gateway', ...details({ zones: textsOf(view, props.zones).join(', ') }) }],
  }),
  azurerm_nat_gateway_public_ip_association: () => ({}),
  azurerm_public_ip: address,
  azurerm_private_endpoint: ({ name, props }, view) => {
    const [connection = {}] = records(props.private_service_connection);
    const service = view.find(connection.private_connection_resource_id)?.name;
    const to = [service, textsOf(view, connection.subresource_names).join(', ')].filter(Boolean).join(', ');
    return { network: [{ name, kind: 'private endpoint', ...details({ to }) }] };
  },
  azurerm_cost_anomaly_alert: ({ name }) => ({ watch: [{ name, kind: 'cost anomaly alert' }] }),
  azurerm_policy_definition: () => ({}),
  azurerm_resource_group_policy_assignment: policy,
  azurerm_subscription_policy_assignment: policy,
};

/** Reads a key that was created through Resource Manager. The azurerm provider creates keys through the vault. */
export function azapiKey(name: string, settings: Readonly<Record<string, unknown>>): Partial<Sections> {
  const actions = records(block(settings.rotationPolicy).lifetimeActions).map(({ action }) => block(action).type);
  const rotation = actions.some((type) => /^rotate$/i.test(String(type))) ? 'rotates' : 'does not rotate';
  return { keys: [{ name, kind: 'Key Vault key', ...details({ rotation }) }] };
}

function reservation({ name, props }: Resource, view: View): Partial<Sections> {
  const sku = block(props.sku);
  return group({
    name,
    cloud: 'azure',
    kind: 'capacity reservation',
    machines: textsOf(view, sku.name),
    count: { desired: view.number(sku.capacity) },
    market: 'reservation',
    ...details({ zone: view.text(props.zone) }),
  });
}

/** Reads a public IP address. The address of a NAT gateway does not accept connections. */
function address(resource: Resource, view: View): ReturnType<Reader> {
  const ofNat = view
    .ofType('azurerm_nat_gateway_public_ip_association')
    .some(({ props }) => view.find(props.public_ip_address_id) === resource);
  if (ofNat) return {};
  return { exposure: [{ name: resource.name, kind: 'public IP address', why: 'an address on the internet' }] };
}

/** Reads a policy. Its effect is in the definition, if the definition is in this stack. */
function policy({ name, props }: Resource, view: View): Partial<Sections> {
  const rule = record(parsed(view.joined(view.find(props.policy_definition_id)?.props.policy_rule)));
  const effect = record(rule.then).effect;
  return { watch: [{ name, kind: 'policy', ...details({ effect: view.text(effect) }) }] };
}
