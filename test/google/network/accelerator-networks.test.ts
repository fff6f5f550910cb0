import { ComputeFirewall } from '@cdktf/provider-google/lib/compute-firewall';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import { AcceleratorNetworks, GoogleMachine } from 'ai-infra-constructs/google';
import { Testing } from 'cdktf';
import { cidrsOverlap, parseCidr } from '../../../lib/core/cidr';
import { codesOf, newStack, problemsOf, resourcesOf, ZONE } from '../support';

function synth(machine: GoogleMachine, cidr?: string) {
  const stack = newStack();
  const networks = new AcceleratorNetworks(stack, 'Networks', { machine, zone: ZONE, cidr });
  return { networks, of: (type: string) => Object.values(resourcesOf(stack, type)) };
}

describe('RDMA', () => {
  const { networks, of } = synth(GoogleMachine.A3_ULTRAGPU_8G);

  test('has one VPC with the RoCE profile of the zone and one for the second host interface', () => {
    const profiles = of('google_compute_network').map(({ network_profile }) => network_profile as string | undefined);
    expect(profiles).toEqual([
      undefined,
      expect.stringMatching(/^projects\/\${.*}\/global\/networkProfiles\/us-central1-b-vpc-roce$/),
    ]);
    expect(of('google_compute_network').map(({ mtu }) => mtu)).toEqual([8896, 8896]);
  });

  test('has a subnet for each of its eight interfaces, in the region of the zone', () => {
    const subnets = of('google_compute_subnetwork');
    expect(subnets).toHaveLength(9);
    expect(new Set(subnets.map(({ region }) => region))).toEqual(new Set(['us-central1']));
  });

  test('has a firewall rule only for the host network', () => {
    const [rule, ...others] = of('google_compute_firewall');
    expect(others).toEqual([]);
    expect(rule.network).toMatch(/Networks_Host_Network/);
  });

  test('has the network names that pods request', () => {
    expect(networks.networks.map(({ name }) => name)).toEqual([
      'gvnic-1',
      ...Array.from({ length: 8 }, (_, i) => `rdma-${i}`),
    ]);
  });
});

describe('GPUDirect over TCP', () => {
  const { networks, of } = synth(GoogleMachine.A3_HIGHGPU_8G);

  test('has a VPC for each of four interfaces, with its MTU', () => {
    expect(of('google_compute_network').map(({ mtu }) => mtu)).toEqual([8244, 8244, 8244, 8244]);
    expect(networks.networks.map(({ name }) => name)).toEqual(['vpc1', 'vpc2', 'vpc3', 'vpc4']);
  });

  test('allows traffic only within each network', () => {
    const rules = of('google_compute_firewall');
    expect(rules).toHaveLength(4);
    for (const rule of rules) {
      const [, vpc] = /(Networks_Gpu\d)_Network/.exec(rule.network)!;
      expect(rule).toMatchObject({ direction: 'INGRESS', source_ranges: [expect.stringContaining(`${vpc}_Subnet0`)] });
    }
  });
});

test('bare metal uses the subnets of its network profile', () => {
  const { networks } = synth(GoogleMachine.A4X_MAXGPU_4G_METAL);
  const [host, ...rdma] = networks.networks;
  expect(host).toMatchObject({ name: 'gvnic-1', subnetwork: expect.anything() as unknown });
  expect(rdma.map(({ name }) => name)).toEqual(Array.from({ length: 8 }, (_, index) => `rdma-${index}`));
  expect(rdma.map(({ subnetwork }) => subnetwork)).toEqual(Array(8).fill(undefined));
});

test.each(
  GoogleMachine.all.filter(({ networks }) => networks.length > 0).map((machine) => [machine.name, machine] as const),
)('%s: subnets do not overlap, and each has room for 1,000 nodes', (_, machine) => {
  const blocks = synth(machine)
    .of('google_compute_subnetwork')
    .map(({ ip_cidr_range }) => parseCidr(ip_cidr_range)!);
  blocks.forEach((block, index) => {
    expect(block.size - 4).toBeGreaterThanOrEqual(1000);
    expect(blocks.slice(0, index).filter((other) => cidrsOverlap(other, block))).toEqual([]);
  });
});

describe('firewall rules', () => {
  const synthWith = (role: 'host' | 'rdma', by: 'id' | 'name' | 'selfLink') => {
    const stack = newStack();
    new GoogleProvider(stack, 'Google');
    const networks = new AcceleratorNetworks(stack, 'N', { machine: GoogleMachine.A4_HIGHGPU_8G, zone: ZONE });
    const { network } = networks.networks.find((one) => one.role === role)!;
    new ComputeFirewall(stack, 'Rule', { name: 'rule', network: network[by], allow: [{ protocol: 'tcp' }] });
    return () => Testing.synth(stack, true);
  };

  test.each(['id', 'name', 'selfLink'] as const)('on an RDMA network, by its %s, are rejected at synthesis', (by) => {
    expect(synthWith('rdma', by)).toThrow(
      /RDMA networks do not support firewall rules \(got 'Test\/Rule'\)\..*\[NetworkFirewall\]/,
    );
  });

  test('on another network are accepted', () => {
    expect(synthWith('host', 'id')).not.toThrow();
  });
});

describe('invalid input', () => {
  test('reports the number of subnets if the CIDR block is too small', () => {
    const [problem] = problemsOf(() => synth(GoogleMachine.A3_ULTRAGPU_8G, '192.168.0.0/20'));
    expect(problem).toMatchObject({
      code: 'CidrInvalid',
      prop: 'cidr',
      allowed: expect.stringContaining('9 subnets of /22'),
    });
  });

  test.each(['10.0.0.1/16', 'everything', ''])('rejects the CIDR block %j', (cidr) => {
    expect(codesOf(() => synth(GoogleMachine.A4_HIGHGPU_8G, cidr))).toHaveLength(1);
  });

  test('rejects a machine without additional networks', () => {
    expect(codesOf(() => synth(GoogleMachine.G2_STANDARD_96))).toEqual(['NetworksUnneeded']);
  });

  test('rejects a region instead of a zone', () => {
    const make = () =>
      new AcceleratorNetworks(newStack(), 'N', { machine: GoogleMachine.A4_HIGHGPU_8G, zone: 'us-central1' });
    expect(problemsOf(make)[0]).toMatchObject({
      code: 'LocationInvalid',
      fix: 'Use a zone of the region, for example us-central1-b.',
    });
  });
});
