import { AWS_MACHINES, CHIPS } from 'ai-infra-constructs';
import { AwsMachine, type AwsMachineSpec, NodeOs } from 'ai-infra-constructs/aws';
import { errorOf, problemsOf } from '../support';

const SPEC: AwsMachineSpec = {
  chip: 'B300',
  accelerators: 8,
  acceleratorMemoryGiB: 288,
  vcpus: 192,
  memoryGiB: 4096,
  arch: 'amd64',
  efaInterfaces: 1,
  cards: [
    { maxInterfaces: 4, efa: false },
    { maxInterfaces: 4, efa: true },
  ],
  networkGbps: 6400,
  clusterPlacement: true,
  regions: [],
};

describe('statics', () => {
  test('exist for every row of the table, and all contains every row', () => {
    const names = Object.keys(AWS_MACHINES);
    expect(AwsMachine.all.map(({ name }) => name)).toEqual(names);
    for (const name of names) {
      const key = name.toUpperCase().replace(/[.-]/g, '_');
      expect((AwsMachine as unknown as Record<string, AwsMachine>)[key]?.name).toBe(name);
    }
  });

  test('have types', () => {
    const typed: AwsMachine[] = [
      AwsMachine.P5_48XLARGE,
      AwsMachine.P6_B300_48XLARGE,
      AwsMachine.P6E_GB200_36XLARGE,
      AwsMachine.G4DN_METAL,
    ];
    expect(typed.map(String)).toEqual(['p5.48xlarge', 'p6-b300.48xlarge', 'p6e-gb200.36xlarge', 'g4dn.metal']);
    expect(AwsMachine.P5_48XLARGE).toBeInstanceOf(AwsMachine);
  });
});

describe('fromName', () => {
  test('finds a machine by its EC2 instance type', () => {
    expect(AwsMachine.fromName('trn2.48xlarge').chip).toBe(CHIPS.Trainium2);
  });

  test.each([
    ['p5.48xlrge', 'p5.48xlarge'],
    ['P5EN.48XLARGE', 'p5en.48xlarge'],
    ['g6e-48xlarge', 'g6e.48xlarge'],
  ])('suggests a name for %s', (typed, meant) => {
    const error = errorOf(() => AwsMachine.fromName(typed));
    expect(problemsOf(error)).toEqual(['MachineUnknown machine']);
    expect(error.problems[0]?.fix).toContain(`Did you mean ${meant}`);
  });

  test.each(['', 'toString', '__proto__', 'quantum'])('rejects %p without a useless suggestion', (typed) => {
    const { fix } = errorOf(() => AwsMachine.fromName(typed)).problems[0]!;
    expect(fix).not.toContain('undefined');
    expect(fix).toContain('AwsMachine.of');
  });
});

describe('of', () => {
  test('creates a custom machine with a custom chip', () => {
    const chip = { ...CHIPS.B300, memoryGiB: 288 };
    const machine = AwsMachine.of('p7.48xlarge', { ...SPEC, chip });
    expect(machine.amiType()).toBe('AL2023_x86_64_NVIDIA');
    expect(machine.chip.memoryGiB).toBe(288);
  });

  test('reports all contradictions of a row at once', () => {
    const error = errorOf(() => AwsMachine.of('p7.48xlarge', { ...SPEC, efaInterfaces: 2, accelerators: 0 }));
    expect(problemsOf(error)).toEqual(['MachineRowInvalid efaInterfaces', 'MachineRowInvalid accelerators']);
    expect(error.message).toContain('a whole number from 0 to 1');
  });

  test.each([
    ['no card', { cards: [], efaInterfaces: 0 }],
    ['a card without interfaces', { cards: [{ maxInterfaces: 0, efa: false }], efaInterfaces: 0 }],
  ])('rejects %s', (_, change) => {
    expect(problemsOf(errorOf(() => AwsMachine.of('p7.48xlarge', { ...SPEC, ...change })))).toEqual([
      'MachineRowInvalid cards',
    ]);
  });
});

describe('EKS image', () => {
  test.each([
    [AwsMachine.P5_48XLARGE, NodeOs.AMAZON_LINUX_2023, 'AL2023_x86_64_NVIDIA'],
    [AwsMachine.P6_B200_48XLARGE, NodeOs.BOTTLEROCKET, 'BOTTLEROCKET_x86_64_NVIDIA'],
    [AwsMachine.P6E_GB200_36XLARGE, NodeOs.AMAZON_LINUX_2023, 'AL2023_ARM_64_NVIDIA'],
    [AwsMachine.TRN2_48XLARGE, NodeOs.AMAZON_LINUX_2023, 'AL2023_x86_64_NEURON'],
    [AwsMachine.TRN2_48XLARGE, NodeOs.BOTTLEROCKET, undefined],
  ])('of %s on %s is %s', (machine, os, expected) => {
    expect(machine.amiType(os)).toBe(expected);
  });
});
