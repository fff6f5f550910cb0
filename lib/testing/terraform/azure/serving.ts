import type { ComputeGroup, Endpoint, Exposure, Sections } from '../../architecture';
import {
  block,
  list,
  parsed,
  type Props,
  record,
  records,
  amount,
  details,
  type Reader,
  type Readers,
  type Resource,
  type View,
  EVERYONE,
  group,
  textsOf,
  counts,
} from '../../view';
import { agentPool } from './compute';
import { azapiKey } from './foundation';
import { isInternal } from './gateway';
import { reach } from './storage';

/** Readers of endpoints, networks, roles, alerts and budgets on Azure. */
export const AZURE_SERVING_READERS: Readers = {
  azurerm_machine_learning_workspace: ({ name, props }, view) => ({
    endpoints: [
      {
        name,
        kind: 'Azure ML workspace',
        access: view.flag(props.public_network_access_enabled) === false ? 'private' : 'signed',
        encryption: view.encryption(block(props.encryption).key_id),
        ...details({ network: view.text(block(props.managed_network).isolation_mode) }),
      },
    ],
    exposure: reach(view, name, 'Azure ML workspace', props, {}),
  }),
  azapi_resource: azapi,
  azurerm_cognitive_account: ({ name, props }, view) => ({
    endpoints: [
      {
        name,
        kind: `${view.text(props.kind) ?? 'cognitive'} account`,
        access: view.flag(props.public_network_access_enabled) === false ? 'private' : 'signed',
        encryption: view.encryption(block(props.customer_managed_key).key_vault_key_id),
        ...details({ keys: view.flag(props.local_auth_enabled) === false ? 'rejected' : 'accepted' }),
      },
    ],
    exposure: reach(view, name, 'cognitive account', props, block(props.network_acls)),
  }),
  azurerm_cognitive_deployment: ({ name, props }, view) => ({
    endpoints: [
      {
        name,
        kind: 'model deployment',
        access: 'signed',
        ...details({
          model: [view.text(block(props.model).name), view.text(block(props.model).version)].filter(Boolean).join(' '),
          capacity: [view.text(block(props.sku).name), view.text(block(props.sku).capacity)].filter(Boolean).join(' '),
        }),
      },
    ],
  }),
  azurerm_container_app: containerApp,
  azurerm_virtual_network: ({ name, props }, view) => ({
    network: [{ name, kind: 'virtual network', ...details({ range: textsOf(view, props.address_space).join(', ') }) }],
  }),
  azurerm_network_security_group: ({ name, props }, view) => {
    const exposure = records(props.security_rule).flatMap((rule) => opening(view, name, rule));
    return exposure.length > 0 ? { exposure } : undefined;
  },
  azurerm_network_security_rule: ({ name, props }, view) => {
    const exposure = opening(view, name, props);
    return exposure.length > 0 ? { exposure } : undefined;
  },
  azurerm_role_assignment: ({ name, props }, view) => {
    const role = view.text(props.role_definition_name) ?? '';
    if (!['Owner', 'Contributor', 'User Access Administrator'].includes(role)) return undefined;
    return { permissions: [{ name, kind: 'role assignment', ...details({ may: role }) }] };
  },
  azurerm_monitor_autoscale_setting: ({ name, props }, view) => {
    const { minimum, maximum } = block(block(props.profile).capacity);
    return {
      scaling: [{ name, kind: 'autoscale setting', ...details({ from: view.text(minimum), to: view.text(maximum) }) }],
    };
  },
  azurerm_monitor_metric_alert: ({ name, props }, view) => {
    const { metric_name: metric, operator, threshold } = block(props.criteria);
    const when = textsOf(view, [metric, operator, threshold]).join(' ');
    return { watch: [{ name, kind: 'metric alert', ...details({ when }) }] };
  },
  azurerm_consumption_budget_resource_group: budget,
  azurerm_consumption_budget_subscription: budget,
};

function budget({ name, props }: Resource, view: View): Partial<Sections> {
  const limit = [
    amount(view.number(props.amount), 'in the billing currency'),
    view.text(props.time_grain)?.toLowerCase() ?? 'monthly',
  ];
  return {
    watch: [
      {
        name,
        kind: 'budget',
        ...details({ limit: limit.join(', '), notifications: `${records(props.notification).length} notifications` }),
      },
    ],
  };
}

/** Reads azapi resources. Online endpoints and deployments have no azurerm resource. */
function azapi({ name, props }: Resource, view: View): ReturnType<Reader> {
  const type = (view.text(props.type) ?? '').split('@')[0]!;
  const body = record(typeof props.body === 'string' ? parsed(props.body) : props.body);
  const settings = record(body.properties);
  if (/\/vaults\/keys$/i.test(type)) return azapiKey(name, settings);
  if (/\/managedClusters\/agentPools$/i.test(type)) return agentPool(name, props, settings, view);
  if (/\/onlineEndpoints$/i.test(type)) return onlineEndpoint(name, settings, view);
  if (/\/onlineEndpoints\/deployments$/i.test(type)) return group(deployment(name, body, settings, view));
  return machineLearning(type, name, settings, view);
}

function onlineEndpoint(name: string, settings: Props, view: View): Partial<Sections> {
  const kind = 'Azure ML online endpoint';
  const open = view.text(settings.publicNetworkAccess) !== 'Disabled';
  const endpoint: Endpoint = {
    name,
    kind,
    access: open ? 'signed' : 'private',
    ...details({ callers: view.text(settings.authMode) }),
  };
  const exposure: Exposure[] = open ? [{ name, kind, why: 'open to every network, with credentials' }] : [];
  return { endpoints: [endpoint], exposure };
}

function deployment(name: string, body: Props, settings: Props, view: View): ComputeGroup {
  const { minInstances, maxInstances } = record(settings.scaleSettings);
  return {
    name,
    kind: 'Azure ML deployment',
    cloud: 'azure',
    machines: textsOf(view, settings.instanceType),
    count: {
      min: view.number(minInstances),
      desired: view.number(record(body.sku).capacity ?? minInstances),
      max: view.number(maxInstances),
    },
    market: 'on-demand',
  };
}

function containerApp({ name, props }: Resource, view: View): Partial<Sections> {
  const template = block(props.template);
  const closed = isInternal(view.find(props.container_app_environment_id), view);
  const open = !closed && view.flag(block(props.ingress).external_enabled) === true;
  const container = block(template.container);
  const kind = 'container app';
  const size = [view.text(container.cpu) && `${view.text(container.cpu) ?? ''} vCPU`, view.text(container.memory)];
  return {
    ...group({
      name,
      kind,
      cloud: 'azure',
      machines: [],
      count: { min: view.number(template.min_replicas ?? 0), max: view.number(template.max_replicas) },
      notPriced: 'container apps are not in the price table',
      ...details({ size: size.filter(Boolean).join(', '), profile: view.text(props.workload_profile_name) }),
    }),
    endpoints: props.ingress === undefined ? [] : [{ name, kind, access: open ? 'public' : 'private' }],
    ...(open && { exposure: [{ name, kind, why: 'external ingress' }] }),
  };
}

function opening(view: View, name: string, rule: Props): Exposure[] {
  const incoming = view.text(rule.direction) === 'Inbound' && view.text(rule.access) === 'Allow';
  const sources = textsOf(view, [rule.source_address_prefix, ...list(rule.source_address_prefixes)]);
  const from = sources.find((source) => EVERYONE.includes(source));
  if (!incoming || from === undefined) return [];
  const ports = textsOf(view, [rule.destination_port_range, ...list(rule.destination_port_ranges)]).join(', ');
  const why = [view.text(rule.protocol)?.toLowerCase(), ports === '*' ? 'every port' : ports].filter(Boolean).join(' ');
  return [{ name, kind: 'network security rule', why: `${why} from ${from}` }];
}

/** Reads Azure ML resources of the azapi provider by the end of their type. */
export function machineLearning(
  type: string,
  name: string,
  settings: Props,
  view: View,
): Partial<Sections> | undefined {
  const end = type.slice('Microsoft.MachineLearningServices/'.length).toLowerCase();
  return type.startsWith('Microsoft.MachineLearningServices/') ? READERS[end]?.(name, settings, view) : undefined;
}

type MlReader = (name: string, settings: Props, view: View) => Partial<Sections> | undefined;

const READERS: Readonly<Record<string, MlReader>> = {
  workspaces: (name, settings, view) => {
    const { keyIdentifier } = record(record(settings.encryption).keyVaultProperties);
    const network = view.text(record(settings.managedNetwork).isolationMode);
    const storage = view.text(settings.systemDatastoresAuthMode) === 'Identity' ? 'by identity' : 'by key';
    return reached(name, 'Azure ML workspace', settings, view, {
      encryption: view.encryption(keyIdentifier),
      ...details({ network, storage }),
    });
  },
  'workspaces/computes': (name, settings, view) => {
    const { vmSize, vmPriority, scaleSettings, enableNodePublicIp } = record(settings.properties);
    const { minNodeCount: min, maxNodeCount: max } = record(scaleSettings);
    return group(
      {
        name,
        kind: 'Azure ML compute cluster',
        cloud: 'azure',
        machines: textsOf(view, vmSize),
        count: counts(view, { min, desired: min, max }),
        market: view.text(vmPriority) === 'LowPriority' ? 'spot' : 'on-demand',
      },
      view.flag(enableNodePublicIp) === false ? undefined : 'nodes have public IP addresses',
    );
  },
  'workspaces/batchendpoints': (name, settings, view) => ({
    endpoints: [
      {
        name,
        kind: 'Azure ML batch endpoint',
        access: 'signed',
        ...details({ callers: view.text(settings.authMode) }),
      },
    ],
  }),
  'workspaces/schedules': (name, settings, view) => {
    const { actionType, monitorDefinition } = record(settings.action);
    const { frequency } = record(settings.trigger);
    const signals = Object.keys(record(record(monitorDefinition).signals));
    const kind = view.text(actionType) === 'CreateMonitor' ? 'model monitor' : 'schedule';
    return {
      watch: [{ name, kind, ...details({ when: view.text(frequency)?.toLowerCase(), signals: signals.join(', ') }) }],
    };
  },
  registries: (name, settings, view) => {
    const regions = list(settings.regionDetails).map((one) => record(one).location);
    return reached(name, 'Azure ML registry', settings, view, details({ regions: textsOf(view, regions).join(', ') }));
  },
};

/** Returns the sections of a resource that is reachable from the internet by default. */
function reached(name: string, kind: string, settings: Props, view: View, more: object | undefined): Partial<Sections> {
  const open = view.text(settings.publicNetworkAccess) !== 'Disabled';
  return {
    endpoints: [{ name, kind, access: open ? 'signed' : 'private', ...more }],
    exposure: open ? [{ name, kind, why: 'open to every network, with credentials' }] : [],
  };
}
