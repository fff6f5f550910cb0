import type { Endpoint, Exposure } from '../../architecture';
import {
  block,
  list,
  parsed,
  type Props,
  record,
  details,
  type Reader,
  type Readers,
  type Resource,
  type View,
} from '../../view';

/** Readers of API gateways on Azure. */
export const AZURE_GATEWAY_READERS: Readers = {
  azurerm_api_management: service,
};

/** Policies that check the identity of the caller. */
const TOKEN_CHECK = /<validate-(?:azure-ad-token|jwt)\b/;

/** Reads an API Management service. If it is reachable from the internet, its APIs determine who can call them. */
function service(resource: Resource, view: View): ReturnType<Reader> {
  const { name, props } = resource;
  const kind = 'API Management service';
  const closed = isClosed(props, view);
  const anonymous = apisOf(resource, view).filter((api) => !needsCredentials(api, view));
  const access: Endpoint['access'] = closed ? 'private' : anonymous.length > 0 ? 'public' : 'signed';
  const why = anonymous.length > 0 ? 'anonymous calls' : 'with credentials';
  const exposure: Exposure[] = closed ? [] : [{ name, kind, why: `open to every network, ${why}` }];
  const anyone = anonymous.map((api) => api.name).join(', ');
  return {
    endpoints: [{ name, kind, access, ...details({ tier: view.text(props.sku_name), anonymous: anyone }) }],
    exposure,
  };
}

function isClosed(props: Props, view: View): boolean {
  return (
    view.text(props.virtual_network_type) === 'Internal' || view.flag(props.public_network_access_enabled) === false
  );
}

function apisOf(resource: Resource, view: View): readonly Resource[] {
  return view
    .ofType('azurerm_api_management_api')
    .filter(({ props }) => view.find(props.api_management_name) === resource);
}

/** Returns whether an API needs a key, which is the default, or a token, if one of its policies checks it. */
function needsCredentials(api: Resource, view: View): boolean {
  if (view.flag(api.props.subscription_required) !== false) return true;
  return view
    .ofType('azurerm_api_management_api_policy')
    .filter(({ props }) => view.find(props.api_name) === api)
    .some(({ props }) => list(props.xml_content).some((xml) => TOKEN_CHECK.test(String(xml))));
}

/** Returns whether a container apps environment has no address on the internet, for the azurerm and the azapi provider. */
export function isInternal(environment: Resource | undefined, view: View): boolean {
  const { body, internal_load_balancer_enabled: internal } = environment?.props ?? {};
  const whole = record(typeof body === 'string' ? parsed(body) : body);
  const { internal: own } = block(record(whole.properties).vnetConfiguration);
  return [internal, own].some((value) => view.flag(value) === true);
}
