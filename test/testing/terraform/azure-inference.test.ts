import {
  ContainerAppInference,
  ContainerAppModel,
  GatewayAuthorization,
  GatewayExposure,
  InferenceGateway,
  InferenceTarget,
  MlNetwork,
  ServerlessGpu,
} from 'ai-infra-constructs/azure';
import { architectureOf } from 'ai-infra-constructs/testing';
import { Testing } from 'cdktf';
import { newStack } from '../../azure/support';
import { type Entry, exposed, ofTerraform } from '../support';

const GROUP = { name: 'models', location: 'swedencentral' };
const CALLER = '11111111-1111-1111-1111-111111111111';
const NETWORK = '/subscriptions/s/resourceGroups/models/providers/Microsoft.Network/virtualNetworks/net';
const SUBNET = `${NETWORK}/subnets/gateway`;
const TOKEN_POLICY = '<policies><inbound><validate-azure-ad-token tenant-id="${data.t.c.id}" /></inbound></policies>';

/** Returns a service with one API. */
function service(settings: Entry = {}, api: Entry = {}, policy?: string): ReturnType<typeof ofTerraform> {
  return ofTerraform({
    'azurerm_api_management.door': { sku_name: 'StandardV2_1', ...settings },
    'azurerm_api_management_api.models': { api_management_name: '${azurerm_api_management.door.name}', ...api },
    ...(policy !== undefined && {
      'azurerm_api_management_api_policy.models': {
        api_name: '${azurerm_api_management_api.models.name}',
        xml_content: policy,
      },
    }),
  });
}

describe('API Management', () => {
  const ANYONE = { subscription_required: false };

  test.each([
    ['needs keys by default', {}, {}, undefined, 'signed'],
    ['is public if an API needs no credentials', {}, ANYONE, undefined, 'public'],
    ['is public if no policy checks a token', {}, ANYONE, '<policies />', 'public'],
    ['needs a token if a policy checks it', {}, ANYONE, TOKEN_POLICY, 'signed'],
    ['is private in an internal network', { virtual_network_type: 'Internal' }, ANYONE, undefined, 'private'],
    [
      'is reachable if it only uses the network for outbound traffic',
      { virtual_network_type: 'External' },
      {},
      undefined,
      'signed',
    ],
    ['is private if it only accepts private endpoints', { public_network_access_enabled: false }, {}, '', 'private'],
  ])('%s', (_, settings, api, policy, access) => {
    const architecture = service(settings, api, policy);
    expect(architecture.endpoints).toMatchObject([{ name: 'door', access, details: { tier: 'StandardV2_1' } }]);
    expect(exposed(architecture)).toEqual(
      {
        signed: ['door: open to every network, with credentials'],
        public: ['door: open to every network, anonymous calls'],
        private: [],
      }[access],
    );
  });

  test('lists its public APIs, but not those of another service', () => {
    const open = { subscription_required: false };
    const { endpoints } = ofTerraform({
      'azurerm_api_management.one': {},
      'azurerm_api_management.two': {},
      'azurerm_api_management_api.a': { api_management_name: '${azurerm_api_management.one.name}', ...open },
    });
    expect(endpoints).toMatchObject([
      { name: 'one', access: 'public', details: { anonymous: 'a' } },
      { name: 'two', access: 'signed' },
    ]);
  });

  test('the policy of another API does not protect an API', () => {
    const ofDoor = { api_management_name: '${azurerm_api_management.door.name}', subscription_required: false };
    const { endpoints } = ofTerraform({
      'azurerm_api_management.door': {},
      'azurerm_api_management_api.open': ofDoor,
      'azurerm_api_management_api.known': ofDoor,
      'azurerm_api_management_api_policy.known': {
        api_name: '${azurerm_api_management_api.known.name}',
        xml_content: TOKEN_POLICY,
      },
    });
    expect(endpoints).toMatchObject([{ access: 'public', details: { anonymous: 'open' } }]);
  });

  test.each([
    ['public', GatewayExposure.public(), 'signed'],
    ['private', GatewayExposure.private({ subnetId: SUBNET, virtualNetworkId: NETWORK }), 'private'],
  ])('an InferenceGateway that is %s is read as it is', (_, exposure, access) => {
    const stack = newStack();
    new InferenceGateway(stack, 'Gateway', {
      resourceGroup: GROUP,
      endpoint: InferenceTarget.fromUrl('https://models.example.com/v1', { screens: true }),
      exposure,
      authorization: GatewayAuthorization.entra({ audiences: ['api://gateway'], applicationIds: [CALLER] }),
      publisherEmail: 'ml@example.com',
    });
    const { endpoints } = architectureOf(JSON.parse(Testing.synth(stack)) as never).stacks[0]!;
    expect(endpoints.filter(({ kind }) => kind === 'API Management service')).toMatchObject([{ access }]);
  });
});

describe('container apps', () => {
  const inside = (type: string, environment: Entry): ReturnType<typeof ofTerraform> =>
    ofTerraform({
      [`${type}.apps`]: environment,
      'azurerm_container_app.chat': {
        container_app_environment_id: `\${${type}.apps.id}`,
        ingress: { external_enabled: true },
        template: { container: [{}] },
      },
    });

  test.each([
    ['azapi_resource', { body: { properties: { vnetConfiguration: { internal: true } } } }, 'private'],
    ['azapi_resource', { body: '{"properties":{"vnetConfiguration":{"internal":true}}}' }, 'private'],
    ['azapi_resource', { body: { properties: {} } }, 'public'],
    ['azurerm_container_app_environment', { internal_load_balancer_enabled: true }, 'private'],
    ['azurerm_container_app_environment', {}, 'public'],
  ])('what is external in %s %j is %s', (type, environment, access) => {
    const architecture = inside(type, environment);
    expect(architecture.endpoints).toMatchObject([{ name: 'chat', access }]);
    expect(exposed(architecture)).toEqual(access === 'public' ? ['chat: external ingress'] : []);
  });

  test('a ContainerAppInference is private', () => {
    const stack = newStack();
    new ContainerAppInference(stack, 'Chat', {
      resourceGroup: GROUP,
      network: new MlNetwork(stack, 'Network', { resourceGroup: GROUP }),
      cidr: '10.0.128.0/26',
      accelerator: ServerlessGpu.A100,
      model: ContainerAppModel.nfsShare({ accountName: 'weights', shareName: 'models', sizeGiB: 16 }),
    });
    const { endpoints, exposure } = architectureOf(JSON.parse(Testing.synth(stack)) as never).stacks[0]!;
    expect(endpoints.filter(({ kind }) => kind === 'container app')).toMatchObject([{ access: 'private' }]);
    expect(exposure.filter(({ kind }) => kind === 'container app')).toEqual([]);
  });
});
