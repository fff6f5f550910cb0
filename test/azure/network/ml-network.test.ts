import { MlNetwork, type MlNetworkAttributes, type MlNetworkProps, ResourceGroup } from 'ai-infra-constructs/azure';
import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import { cidrsOverlap, parseCidr } from '../../../lib/core/cidr';
import { PRIVATE_DNS_ZONES, PrivateLink } from '../../../lib/azure/network/private-link';
import { codesOf, newStack, problemsOf, resolvedIn, resourcesOf, theOnly } from '../support';

const resourceGroup = { name: 'mine', location: 'swedencentral' };

function network(props: Partial<MlNetworkProps> = {}) {
  const stack = newStack();
  return { stack, made: new MlNetwork(stack, 'Network', { resourceGroup, ...props }) };
}

/** The resource with a name. */
function named(all: Record<string, { name: string }>, name: string) {
  return Object.values(all).find((one) => one.name === name);
}

describe('a network', () => {
  test('has a NAT gateway for nodes, and none for private endpoints', () => {
    const { stack } = network({ zone: '2' });
    expect(theOnly(stack, 'azurerm_virtual_network').address_space).toEqual(['10.0.0.0/16']);
    const subnets = resourcesOf(stack, 'azurerm_subnet');
    expect(named(subnets, 'nodes')).toMatchObject({
      address_prefixes: ['10.0.0.0/18'],
      default_outbound_access_enabled: false,
    });
    expect(named(subnets, 'endpoints')).toMatchObject({ address_prefixes: ['10.0.64.0/24'] });
    expect(theOnly(stack, 'azurerm_nat_gateway')).toMatchObject({ sku_name: 'Standard', zones: ['2'] });
    expect(theOnly(stack, 'azurerm_public_ip')).toMatchObject({ allocation_method: 'Static', zones: ['2'] });
    expect(theOnly(stack, 'azurerm_subnet_nat_gateway_association').subnet_id).toContain('Network_Nodes_');
    const restricted = Object.values(resourcesOf(stack, 'azurerm_subnet_network_security_group_association'));
    expect(restricted.map(({ subnet_id }) => subnet_id as string).sort()).toEqual([
      expect.stringContaining('Network_Endpoints_'),
      expect.stringContaining('Network_Nodes_'),
    ]);
  });

  test('creates and links a private DNS zone once', () => {
    const { stack, made } = network();
    const zone = 'privatelink.blob.core.windows.net';
    const [once, twice] = [made.privateDnsZoneId(zone), made.privateDnsZoneId(zone)];
    expect(resolvedIn(stack, once)).toBe(resolvedIn(stack, twice));
    expect(theOnly(stack, 'azurerm_private_dns_zone').name).toBe(zone);
    expect(theOnly(stack, 'azurerm_private_dns_zone_virtual_network_link').virtual_network_id).toContain(
      'azurerm_virtual_network.Network_',
    );
  });

  test('rejects a DNS zone that another network has in the same resource group', () => {
    const zone = 'privatelink.blob.core.windows.net';
    const stack = newStack();
    const group = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
    const [one, other, elsewhere] = [group, group, resourceGroup].map(
      (each, index) => new MlNetwork(stack, `Network${index}`, { resourceGroup: each }),
    );
    one!.privateDnsZoneId(zone);
    elsewhere!.privateDnsZoneId(zone);
    expect(problemsOf(() => other!.privateDnsZoneId(zone))).toEqual([
      expect.objectContaining({ code: 'AzureName', allowed: expect.stringContaining('Test/Network0') }),
    ]);
    const named = new MlNetwork(stack, 'Named', { resourceGroup: { ...resourceGroup } });
    expect(codesOf(() => named.privateDnsZoneId(zone))).toEqual(['AzureName']);
    expect(() => named.privateDnsZoneId('privatelink.azurecr.io')).not.toThrow();
  });

  test('connects a private endpoint with all DNS zones of a service', () => {
    const { stack, made } = network();
    new PrivateLink(stack, 'Link', { resourceGroup, network: made, resourceId: '/account', target: 'account' });
    const endpoint = theOnly(stack, 'azurerm_private_endpoint');
    expect(endpoint).toMatchObject({
      subnet_id: expect.stringContaining('Network_Endpoints_'),
      private_service_connection: {
        private_connection_resource_id: '/account',
        subresource_names: ['account'],
        is_manual_connection: false,
      },
    });
    expect(endpoint.private_dns_zone_group.private_dns_zone_ids).toHaveLength(PRIVATE_DNS_ZONES.account.length);
  });

  test('has private endpoints in its own region', () => {
    const { stack, made } = network();
    const far = { name: 'far', location: 'eastus' };
    new PrivateLink(stack, 'Link', { resourceGroup: far, network: made, resourceId: '/account', target: 'blob' });
    expect(theOnly(stack, 'azurerm_private_endpoint')).toMatchObject({
      location: 'swedencentral',
      resource_group_name: 'far',
    });
  });

  test('adds subnets, and returns their dependencies', () => {
    const { stack, made } = network();
    const subnet = made.addSubnet('Apps', { cidr: '10.0.200.0/23', delegation: 'Microsoft.App/environments' });
    expect(named(resourcesOf(stack, 'azurerm_subnet'), 'apps')).toMatchObject({
      delegation: [{ name: 'service', service_delegation: { name: 'Microsoft.App/environments' } }],
      lifecycle: { ignore_changes: ['delegation[0].service_delegation[0].actions'] },
    });
    expect(made.readyOf(subnet).map(({ fqn }) => resolvedIn(stack, fqn))).toEqual([
      expect.stringContaining('security_group_association'),
      expect.stringContaining('nat_gateway_association'),
    ]);
    expect(made.egress).toHaveLength(3);
  });

  test.each([
    ['10.0.0.0/24', 'CidrOverlap'],
    ['10.0.64.128/25', 'CidrOverlap'],
    ['10.1.0.0/24', 'CidrInvalid'],
    ['10.0.128.1/24', 'CidrInvalid'],
    ['10.0.128.0/30', 'CidrInvalid'],
  ])('an additional subnet at %s is rejected with %s', (cidr, code) => {
    expect(codesOf(() => network().made.addSubnet('More', { cidr }))).toEqual([code]);
  });

  test.each(['My Subnet', '-apps', 'apps-', 'a'.repeat(81)])(
    'an additional subnet with the name %p is rejected',
    (id) => {
      expect(codesOf(() => network().made.addSubnet(id, { cidr: '10.0.200.0/24' }))).toEqual(['AzureName']);
    },
  );

  test.each<[Partial<Record<keyof MlNetworkProps, unknown>>, string, string]>([
    [{ cidr: '172.16.0.0/12', nodeCidr: '172.18.0.0/18', endpointCidr: '172.19.0.0/24' }, 'CidrOverlap', 'cidr'],
    [{ podCidr: '172.16.128.0/17' }, 'CidrOverlap', 'podCidr'],
    [{ serviceCidr: '172.16.0.0/20' }, 'CidrOverlap', 'serviceCidr'],
    [{ serviceCidr: '172.30.16.0/20' }, 'CidrOverlap', 'serviceCidr'],
    [{ podCidr: '10.0.0.0/14' }, 'CidrOverlap', 'podCidr'],
    [{ serviceCidr: '10.4.0.0/20' }, 'CidrOverlap', 'serviceCidr'],
    [{ serviceCidr: '192.0.0.0/11' }, 'CidrInvalid', 'serviceCidr'],
    [{ nodeCidr: '10.9.0.0/18' }, 'CidrInvalid', 'nodeCidr'],
    [{ endpointCidr: '10.0.63.0/24' }, 'CidrOverlap', 'endpointCidr'],
    [{ nodeCidr: '10.0.0.1/18' }, 'CidrInvalid', 'nodeCidr'],
    [{ zone: 'swedencentral-1' }, 'LocationInvalid', 'zone'],
    [{ cidr: 10 }, 'PropType', 'cidr'],
    [{ resourceGroup: null }, 'ValueMissing', 'resourceGroup'],
  ])('%j is rejected with %s', (props, code, prop) => {
    const found = problemsOf(() => network(props as Partial<MlNetworkProps>));
    expect(found.map((one) => [one.code, one.prop])).toContainEqual([code, prop]);
  });

  test('either has separate address ranges without those of InfiniBand, or is rejected with a code', () => {
    const block = fc
      .tuple(fc.constantFrom(10, 172, 192), fc.nat(255), fc.integer({ min: 8, max: 26 }))
      .map(([a, b, prefix]) => blockAt(a * 2 ** 24 + b * 2 ** 16, prefix));
    const props = fc.record(
      { cidr: block, nodeCidr: block, endpointCidr: block, podCidr: block, serviceCidr: block },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(props, (given) => {
        try {
          const { ranges } = network(given).made;
          const { cidr, podCidr, serviceCidr, nodeCidr, endpointCidr } = ranges;
          const apart = (a: string, b: string) => !cidrsOverlap(parseCidr(a)!, parseCidr(b)!);
          expect(apart(cidr, podCidr) && apart(cidr, serviceCidr) && apart(podCidr, serviceCidr)).toBe(true);
          expect(apart(nodeCidr, endpointCidr)).toBe(true);
          expect([cidr, podCidr, serviceCidr].every((one) => apart(one, '172.16.0.0/16'))).toBe(true);
        } catch (error) {
          if (!AiInfraError.isAiInfraError(error)) throw error;
        }
      }),
      { numRuns: 30 },
    );
  });
});

function blockAt(address: number, prefix: number): string {
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${prefix}`;
}

describe('an imported network', () => {
  const VNET = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v';
  const ZONE = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/z';
  const GIVEN = {
    virtualNetworkId: VNET,
    nodeSubnetId: `${VNET}/subnets/nodes`,
    endpointSubnetId: `${VNET}/subnets/endpoints`,
    privateDnsZones: { 'privatelink.blob.core.windows.net': ZONE },
  };

  const imported = (attrs: MlNetworkAttributes) => MlNetwork.fromMlNetworkAttributes(newStack(), 'Network', attrs);

  test('has its attributes, and default ranges for pods and services', () => {
    const existing = imported(GIVEN);
    expect(existing).toMatchObject({ nodeSubnetId: GIVEN.nodeSubnetId, podCidr: '10.4.0.0/14' });
    expect(existing.privateDnsZoneId('privatelink.blob.core.windows.net')).toBe(ZONE);
  });

  test('reports a missing private DNS zone', () => {
    expect(problemsOf(() => imported(GIVEN).privateDnsZoneId('toString'))).toEqual([
      expect.objectContaining({ code: 'ValueMissing', prop: 'privateDnsZones.toString' }),
    ]);
  });

  test.each([
    [{ nodeSubnetId: VNET }, ['ResourceIdInvalid']],
    [{ virtualNetworkId: 'v' }, ['ResourceIdInvalid']],
    [{ location: 'Sweden Central' }, ['LocationInvalid']],
    [{ privateDnsZones: { a: VNET } }, ['ResourceIdInvalid']],
    [{ podCidr: '172.16.4.0/22', serviceCidr: '10.8.0.1/20' }, ['CidrOverlap', 'CidrInvalid']],
    [{ endpointSubnetId: undefined }, ['ValueMissing']],
    [{ privateDnsZones: [ZONE] }, ['PropType']],
  ])('%j is rejected with %j', (props, codes) => {
    expect(codesOf(() => imported({ ...GIVEN, ...props } as never))).toEqual(codes);
  });
});
