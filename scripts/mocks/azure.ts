/** What mocked providers of Azure answer: ids, and what else others parse, in the form that Azure gives them. */
import { azurermId, GUID, idOf, SUBSCRIPTION } from './azure-ids';
import type { ProviderMocks } from './provider-mocks';

type Json = Record<string, unknown>;

/** As a cluster without local accounts has it: neither a certificate nor a key of a client. */
const KUBE_CONFIG = {
  host: 'https://mocked.privatelink.swedencentral.azmk8s.io:443',
  cluster_ca_certificate: 'bW9ja2Vk',
  client_certificate: '',
  client_key: '',
  username: 'clusterUser',
  password: '',
};

/** Attributes, other than ids, that other resources parse. */
const ATTRIBUTES: Readonly<Record<string, Json>> = {
  azurerm_api_management: { gateway_url: 'https://mocked.azure-api.net', private_ip_addresses: ['10.0.128.4'] },
  azurerm_cognitive_account: { endpoint: 'https://mocked.cognitiveservices.azure.com/' },
  azurerm_container_registry: { login_server: 'mocked.azurecr.io' },
  azurerm_key_vault: { vault_uri: 'https://mocked.vault.azure.net/' },
  azurerm_kubernetes_cluster: {
    oidc_issuer_url: 'https://oidc.prod-aks.azure.com/mocked/',
    kube_config: [KUBE_CONFIG],
    node_resource_group_id: `${SUBSCRIPTION}/resourceGroups/mocked`,
  },
  azurerm_managed_lustre_file_system: { mgs_address: '10.0.128.4' },
  azurerm_public_ip: { ip_address: '203.0.113.9' },
  azurerm_storage_account: {
    primary_blob_endpoint: 'https://mocked.blob.core.windows.net/',
    primary_dfs_endpoint: 'https://mocked.dfs.core.windows.net/',
  },
  azurerm_user_assigned_identity: { principal_id: GUID, client_id: GUID, tenant_id: GUID },
};

const DATA = {
  azurerm_client_config: {
    id: GUID,
    client_id: GUID,
    object_id: GUID,
    subscription_id: SUBSCRIPTION.split('/').at(-1),
    tenant_id: GUID,
  },
  azurerm_subscription: { id: SUBSCRIPTION },
};

/** The mocks of Azure. Its providers parse resource IDs, so the mocks return IDs in the right format. */
export const MOCKS: ProviderMocks = {
  providers: ({ resource = {} }) => ({
    azurerm: azurermMock(Object.keys(resource).filter((type) => type.startsWith('azurerm_'))),
  }),
  overrides: (config) =>
    azapiOverrides((config.resource?.azapi_resource ?? {}) as Record<string, object>, JSON.stringify(config)),
};

/** Returns a mock of azurerm for the types of a stack. Throws for a type without an id, so that the table stays complete. */
export function azurermMock(types: readonly string[]): Json {
  const mocked = types.map((type) => {
    const id = azurermId(type);
    if (id === undefined) throw new Error(`scripts/mocks/azure-ids.ts has no id of a ${type}`);
    return [type, { defaults: { ...ATTRIBUTES[type], id } }] as const;
  });
  return {
    mock_resource: Object.fromEntries(mocked),
    mock_data: Object.fromEntries(Object.entries(DATA).map(([type, defaults]) => [type, { defaults }])),
  };
}

/** Responses of azapi resources: an id of the type, and a string for each path that is read. */
export function azapiOverrides(resources: Readonly<Record<string, { readonly type?: string }>>, stack: string): Json[] {
  return Object.entries(resources).map(([name, { type = '' }]) => ({
    target: `azapi_resource.${name}`,
    values: { id: idOf(type.split('@')[0]!), output: outputOf(pathsRead(name, stack)) },
  }));
}

function pathsRead(name: string, stack: string): string[][] {
  const read = new RegExp(`azapi_resource\\.${name}\\.output\\.([A-Za-z0-9_.]+)`, 'g');
  return [...stack.matchAll(read)].map(([, path = '']) => path.split('.'));
}

function outputOf(paths: readonly string[][]): Json {
  const output: Json = {};
  for (const path of paths) {
    const last = path.at(-1)!;
    const within = path.slice(0, -1).reduce((at, key) => (at[key] ??= {}) as Json, output);
    within[last] = answerOf(last);
  }
  return output;
}

/** Keys are URLs; other outputs are strings. */
function answerOf(key: string): string {
  if (/^key/i.test(key)) return `https://mocked.vault.azure.net/keys/mocked/${'0'.repeat(32)}`;
  if (/uri$|url$|endpoint$/i.test(key)) return 'https://mocked.example.net/';
  return GUID;
}
