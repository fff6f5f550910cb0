import { findingsOf } from 'ai-infra-constructs';
import { MlNetwork, type MlNetworkAttributes, type MlNetworkProps, useProviders } from 'ai-infra-constructs/alicloud';
import { AlicloudProvider } from 'ai-infra-constructs/alicloud/provider';
import { Construct } from 'constructs';
import { cidrContains, cidrsOverlap, parseCidr } from '../../../lib/core/cidr';
import { newApp } from '../../terraform/support';
import { codesOf, type Json, newStack, problemsOf, refusalsOf, resourcesOf, stackIn, theOnly } from '../support';

const ZONES = ['cn-hangzhou-i', 'cn-hangzhou-j'];

function network(props: Partial<MlNetworkProps> = {}) {
  const stack = stackIn();
  const made = new MlNetwork(stack, 'Network', { zones: ZONES, ...props });
  return { stack, network: made, vswitches: () => Object.values<Json>(resourcesOf(stack, 'alicloud_vswitch')) };
}

describe('a network', () => {
  test('has a vSwitch for nodes and one for pods in each zone', () => {
    const { vswitches, network: made } = network();
    expect(
      vswitches()
        .map(({ zone_id, cidr_block }) => [zone_id, cidr_block])
        .sort(),
    ).toEqual([
      ['cn-hangzhou-i', '10.0.0.0/21'],
      ['cn-hangzhou-i', '10.4.0.0/17'],
      ['cn-hangzhou-j', '10.0.8.0/21'],
      ['cn-hangzhou-j', '10.4.128.0/17'],
    ]);
    expect(made.vswitches.map(({ zone }) => zone)).toEqual(ZONES);
    expect(made.region).toBe('cn-hangzhou');
  });

  test('keeps the blocks of its zones when a zone is added', () => {
    const blocks = (zones: readonly string[]) => network({ zones }).network.vswitches.map(({ cidr }) => cidr);
    expect(blocks([...ZONES, 'cn-hangzhou-k']).slice(0, 2)).toEqual(blocks(ZONES));
  });

  test('has blocks within the VPC that do not overlap, for 8 zones', () => {
    const zones = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((letter) => `cn-hangzhou-${letter}`);
    const { podVswitches, vswitches, ranges } = network({ zones }).network;
    const blocks = [...vswitches, ...podVswitches].map(({ cidr }) => parseCidr(cidr!)!);
    expect(blocks).toHaveLength(16);
    blocks.forEach((block, index) => {
      expect(cidrContains(parseCidr(ranges.cidr)!, block)).toBe(true);
      expect(blocks.slice(0, index).some((other) => cidrsOverlap(block, other))).toBe(false);
    });
  });

  test('allows all traffic within the VPC and out of it, and none from outside', () => {
    const { stack } = network();
    expect(theOnly(stack, 'alicloud_security_group').security_group_type).toBe('enterprise');
    const rules = Object.values<Json>(resourcesOf(stack, 'alicloud_security_group_rule'));
    expect(rules.map(({ type, cidr_ip }) => [type, cidr_ip])).toEqual([
      ['egress', '0.0.0.0/0'],
      ['ingress', '10.0.0.0/13'],
    ]);
    for (const rule of rules)
      expect(rule).toMatchObject({ ip_protocol: 'all', port_range: '-1/-1', nic_type: 'intranet' });
  });

  test('sends outbound traffic of the whole VPC through one public address', () => {
    const { stack } = network({ egressMbps: 50 });
    expect(theOnly(stack, 'alicloud_eip_address')).toMatchObject({
      bandwidth: '50',
      internet_charge_type: 'PayByTraffic',
    });
    expect(theOnly(stack, 'alicloud_snat_entry')).toMatchObject({
      source_cidr: '10.0.0.0/13',
      depends_on: [expect.stringMatching(/^alicloud_eip_association\./)],
    });
    expect(theOnly(stack, 'alicloud_eip_association').instance_type).toBe('Nat');
    expect(theOnly(stack, 'alicloud_nat_gateway').nat_type).toBe('Enhanced');
  });
});

describe('address ranges', () => {
  test.each<[Partial<MlNetworkProps>, string]>([
    [{ cidr: '10.0.0.0/7' }, 'CidrInvalid cidr'],
    [{ cidr: '100.64.0.0/12', nodeCidr: '100.64.0.0/18', podCidr: '100.68.0.0/14' }, 'CidrInvalid cidr'],
    [{ nodeCidr: '10.0.0.1/18' }, 'CidrInvalid nodeCidr'],
    [{ nodeCidr: '10.0.0.0/27' }, 'CidrInvalid nodeCidr'],
    [{ podCidr: '10.0.0.0/12' }, 'CidrInvalid podCidr'],
    [{ podCidr: '10.16.0.0/14' }, 'CidrInvalid podCidr'],
    [{ podCidr: '10.0.0.0/16' }, 'CidrOverlap podCidr'],
    [{ serviceCidr: '10.1.0.0/20' }, 'CidrOverlap serviceCidr'],
    [{ serviceCidr: '172.16.0.0/12' }, 'CidrInvalid serviceCidr'],
    [{ egressMbps: 201 }, 'NetworkEgress egressMbps'],
    [{ egressMbps: 0 }, 'NetworkEgress egressMbps'],
  ])('%j are rejected', (props, problem) => {
    expect(refusalsOf(() => network(props))).toEqual([problem]);
  });
});

describe('zones', () => {
  test.each<[readonly string[], string]>([
    [[], 'zones'],
    [['cn-hangzhou'], 'zones[0]'],
    [['cn-hangzhou-i', 'cn-hangzhou-i'], 'zones[1]'],
    [['cn-hangzhou-i', 'cn-beijing-i'], 'zones[1]'],
    [['ap-southeast-1'], 'zones[0]'],
    [['ap-southeast-1-a'], 'zones[0]'],
  ])('%j are rejected', (zones, prop) => {
    expect(refusalsOf(() => network({ zones }))).toContain(`LocationInvalid ${prop}`);
  });

  test.each([
    ['ap-southeast-1a', 'ap-southeast-1'],
    ['cn-hongkong-b', 'cn-hongkong'],
    ['us-west-1b', 'us-west-1'],
    ['cn-hangzhou-finance-1a', 'cn-hangzhou-finance-1'],
  ])('%s is in the region %s', (zone, region) => {
    const stack = stackIn(region);
    expect(new MlNetwork(stack, 'Network', { zones: [zone] }).region).toBe(region);
  });

  test('in a region that no list has are a finding', () => {
    const found = (zone: string) => findingsOf(new MlNetwork(newStack(), 'Network', { zones: [zone] }));
    expect(found('cn-hangzo-i')).toMatchObject([
      { id: 'location/unlisted', fix: expect.stringContaining('cn-hangzhou') },
    ]);
    expect(found('cn-hangzhou-i')).toEqual([]);
  });

  test('must be in the region of the provider', () => {
    const { app, stack } = newApp();
    new MlNetwork(stack, 'Network', { zones: ZONES });
    new AlicloudProvider(stack, 'Alicloud', { region: 'cn-beijing' });
    const [problem] = problemsOf(() => app.synth());
    expect(problem).toMatchObject({
      code: 'LocationInvalid',
      prop: 'zones',
      allowed: expect.stringContaining('cn-beijing'),
    });
  });

  test('must be in the region of the provider that is chosen for the tree', () => {
    const { app, stack } = newApp();
    new AlicloudProvider(stack, 'Alicloud', { region: 'cn-beijing' });
    const tree = new Construct(stack, 'Tree');
    useProviders(tree, new AlicloudProvider(stack, 'Second', { alias: 'second', region: 'cn-hangzhou' }));
    new MlNetwork(tree, 'Network', { zones: ZONES });
    expect(() => app.synth()).not.toThrow();
  });

  test('can be in any region if the provider reads it from the environment', () => {
    const { app, stack } = newApp();
    new AlicloudProvider(stack, 'Alicloud');
    new MlNetwork(stack, 'Network', { zones: ZONES });
    expect(() => app.synth()).not.toThrow();
  });
});

test('a tree with resources in two regions is rejected', () => {
  const { app, stack } = newApp();
  new AlicloudProvider(stack, 'Alicloud', { region: 'cn-hangzhou' });
  const other = new AlicloudProvider(stack, 'Other', { alias: 'other', region: 'cn-beijing' });
  const { nat } = new MlNetwork(stack, 'Network', { zones: ZONES });
  nat.provider = other;
  expect(codesOf(() => app.synth())).toEqual(['ProviderChoice']);
});

describe('an existing network', () => {
  const EXISTING: MlNetworkAttributes = {
    vpcId: 'vpc-bp1aevy8sofi8mh1q0000',
    region: 'cn-hangzhou',
    securityGroupId: 'sg-bp1fg655nh68xyz90000',
    vswitches: [{ zone: 'cn-hangzhou-i', vswitchId: 'vsw-bp12mw1f8k3jgygk90000' }],
  };
  const existing = (attributes: Partial<MlNetworkAttributes> = {}) => {
    const stack = newStack();
    return { stack, network: MlNetwork.fromMlNetworkAttributes(stack, 'Network', { ...EXISTING, ...attributes }) };
  };

  test('creates no resources', () => {
    const { stack, network: made } = existing();
    expect(made).toMatchObject(EXISTING);
    expect(resourcesOf(stack, 'alicloud_vpc')).toEqual({});
  });

  test.each<[Partial<MlNetworkAttributes>, string]>([
    [{ vpcId: 'my-vpc' }, 'ResourceIdInvalid vpcId'],
    [{ securityGroupId: 'vpc-bp1aevy8sofi8mh1q0000' }, 'ResourceIdInvalid securityGroupId'],
    [{ vswitches: [] }, 'ValueMissing vswitches'],
    [{ region: 'cn-beijing' }, 'LocationInvalid vswitches[0].zone'],
    [{ region: 'cn-hangzhou-i' }, 'LocationInvalid region'],
    [{ podVswitches: [{ zone: 'cn-hangzhou-i', vswitchId: 'x' }] }, 'ResourceIdInvalid podVswitches[0].vswitchId'],
    [{ serviceCidr: '10.8.0.1/20' }, 'CidrInvalid serviceCidr'],
  ])('%j is rejected', (attributes, problem) => {
    expect(refusalsOf(() => existing(attributes))).toContain(problem);
  });
});
