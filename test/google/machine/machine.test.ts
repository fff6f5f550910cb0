import { findingsOf } from 'ai-infra-constructs';
import { AcceleratorNetworks, Capacity, GoogleMachine, TrainingStorage } from 'ai-infra-constructs/google';
import { codesOf, newStack, refusalsOf, resourcesOf, ZONE } from '../support';
import { synthCluster } from '../training/support';

const SPEC = GoogleMachine.A4_HIGHGPU_8G.spec;
const [HOST, RDMA] = SPEC.networks!;

describe('a machine of the table', () => {
  test('is the same object as static and by name', () => {
    expect(GoogleMachine.fromName('a4-highgpu-8g')).toBe(GoogleMachine.A4_HIGHGPU_8G);
    expect(GoogleMachine.all).toContain(GoogleMachine.A4_HIGHGPU_8G);
    expect(String(GoogleMachine.A4_HIGHGPU_8G)).toBe('a4-highgpu-8g');
  });

  test('is rejected with an unknown name', () => {
    expect(codesOf(() => GoogleMachine.fromName('a4-highgpu-9g'))).toEqual(['MachineUnknown']);
  });
});

describe('a machine from a user', () => {
  const of = (spec: object, name: unknown = 'a5-highgpu-8g') =>
    refusalsOf(() => GoogleMachine.of(name as never, { ...SPEC, ...spec }));

  test('is accepted', () => {
    const own = GoogleMachine.of('a5-highgpu-8g', { ...SPEC, networks: [RDMA!] });
    expect([own.furtherInterfaces, own.isTpu, own.isBareMetal, own.chip.vendor]).toEqual([8, false, false, 'NVIDIA']);
  });

  test.each([
    [{ accelerators: 0 }, 'MachineRowInvalid accelerators'],
    [{ vcpus: -1 }, 'MachineRowInvalid vcpus'],
    [{ memoryGB: Infinity }, 'MachineRowInvalid memoryGB'],
    [{ networks: [] }, 'MachineRowInvalid networks'],
    [{ networks: [HOST, { ...RDMA, mtu: 9000 }] }, 'MachineRowInvalid networks[1].mtu'],
    [{ networks: [{ ...RDMA, count: 0 }] }, 'MachineRowInvalid networks[0]'],
    [{ networks: [{ ...RDMA, subnetsPerVpc: 0, interfaces: 1.5 }] }, 'MachineRowInvalid networks[0]'],
    [{ deviceClaim: { deviceClass: 'mrdma.google.com', count: 0 } }, 'MachineRowInvalid deviceClaim'],
    [{ deviceClaim: { count: 8 } }, 'ValueMissing deviceClaim.deviceClass'],
    [{ deviceClaim: 8 }, 'PropType deviceClaim'],
    [{ kind: 'npu' }, 'ChoiceUnknown kind'],
    [{ chip: 'B999' }, 'ChoiceUnknown chip'],
  ])('is rejected with %j', (spec, problem) => {
    expect(of(spec)).toEqual([problem]);
  });

  test.each(['a4-highgpu-8g', 'A5', '', null, 5])('is rejected with the name %j', (name) => {
    expect(of({}, name)).toEqual(['MachineRowInvalid name']);
  });

  test('has an unwired fabric if the row has neither device mode nor device class', () => {
    const networks = [{ ...RDMA!, subnetsPerVpc: 0, interfaces: 8, deviceMode: undefined }];
    const machine = GoogleMachine.of('a5-highgpu-8g', { ...SPEC, networks });
    const capacity = Capacity.reservation('r');
    const { cluster } = synthCluster({ machine, nodes: 2, capacity, storage: TrainingStorage.none() });
    expect(findingsOf(cluster).map(({ id }) => id)).toContain('fabric/unwired');
    const claimed = GoogleMachine.of('a5-highgpu-8g', {
      ...SPEC,
      networks,
      deviceClaim: { deviceClass: 'mrdma.google.com', count: 8 },
    });
    const other = synthCluster({ machine: claimed, nodes: 2, capacity, storage: TrainingStorage.none() }).cluster;
    expect(findingsOf(other).map(({ id }) => id)).not.toContain('fabric/unwired');
  });

  test('has the number of interfaces of the row in the subnet of a profile', () => {
    const stack = newStack();
    const machine = GoogleMachine.of('a5-highgpu-8g', {
      ...SPEC,
      networks: [{ ...RDMA!, count: 2, subnetsPerVpc: 0, interfaces: 3 }],
    });
    const { networks } = new AcceleratorNetworks(stack, 'Networks', { machine, zone: ZONE });
    expect(networks.map(({ name }) => name)).toEqual(Array.from({ length: 6 }, (_, index) => `rdma-${index}`));
    expect(machine.furtherInterfaces).toBe(6);
    expect(Object.keys(resourcesOf(stack, 'google_compute_subnetwork'))).toEqual([]);
  });
});
