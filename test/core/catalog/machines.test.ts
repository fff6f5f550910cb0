import {
  allMachines,
  AWS_MACHINES,
  type AwsMachineName,
  type AwsMachineRow,
  type ChipRow,
  CHIPS,
  type Cloud,
  CLOUDS,
  findMachine,
  machineNamed,
} from 'ai-infra-constructs';
import { AZURE_MACHINES, type AzureMachineRow } from '../../../lib/core/catalog/azure-machines';
import { dataFile } from '../../../scripts/data';
import { errorOf } from './errors-of';

const NAMES: Record<Cloud, RegExp> = {
  aws: /^[a-z][a-z0-9-]*\.(\d*x?large|metal)$/,
  google: /^(a[234]x?|g[24]|ct\dl?[ep]?p?|tpu7x)-[a-z0-9-]+$/,
  azure: /^Standard_N[CDV]\d+[a-zA-Z0-9_]*$/,
  alicloud: /^ecs\.[a-z0-9-]+\.(\d*x?large)$/,
};

describe.each(allMachines().map((machine) => [`${machine.cloud} ${machine.name}`, machine] as const))(
  '%s',
  (_, machine) => {
    const chip: ChipRow = CHIPS[machine.chip];
    const slice = Math.min(1, machine.accelerators);

    test('has a name in the style of its cloud', () => {
      expect(machine.name).toMatch(NAMES[machine.cloud]);
    });

    test('has whole accelerators, or an even fraction of one', () => {
      const { accelerators } = machine;
      const even = Math.abs(1 / accelerators - Math.round(1 / accelerators)) < 1e-9;
      expect(accelerators > 0 && (Number.isInteger(accelerators) || even)).toBe(true);
    });

    test('has the memory of its chip per accelerator', () => {
      expect(machine.acceleratorMemoryGiB).toBeGreaterThan(0.9 * chip.memoryGiB * slice);
      expect(machine.acceleratorMemoryGiB).toBeLessThanOrEqual(chip.memoryGiB * slice);
    });

    test('has finite figures, of which only local NVMe can be 0', () => {
      const figures = Object.entries(machine).filter(([, value]) => typeof value === 'number') as [string, number][];
      expect(figures.filter(([key, value]) => !(value > 0 || (key === 'localNvmeGB' && value === 0)))).toEqual([]);
      expect(Object.values(machine)).not.toContain(undefined);
    });

    test('has a scale-up domain from 1 to the limit of its chip', () => {
      expect(machine.scaleUpDomain).toBeGreaterThanOrEqual(1);
      expect(machine.scaleUpDomain).toBeLessThanOrEqual(Math.max(1, chip.scaleUpDomain));
      if (chip.scaleUpDomain >= machine.accelerators && machine.accelerators >= 1) {
        expect(machine.scaleUpDomain).toBeGreaterThanOrEqual(machine.accelerators);
      }
    });

    test('has a fabric bandwidth if it has RDMA', () => {
      if (machine.rdma) expect(machine.fabricGbps).toBeGreaterThan(0);
    });

    test('is immutable', () => {
      expect(Object.isFrozen(machine)).toBe(true);
    });
  },
);

function tableOf(cloud: Cloud): object {
  const module = jest.requireActual<Record<string, object>>(`../../../lib/core/catalog/${cloud}-machines`);
  return module[`${cloud.toUpperCase()}_MACHINES`]!;
}

describe('the list of all machines', () => {
  test('has every row of every table once', () => {
    const names = CLOUDS.flatMap((cloud) => Object.keys(tableOf(cloud)));
    expect(allMachines().map(({ name }) => name)).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
    expect(allMachines()).toBe(allMachines());
  });

  // Published figures of the vendors.
  test.each([
    ['aws', 'p5.48xlarge', { rdma: true, fabricGbps: 3200, scaleUpDomain: 8, localNvmeGB: 30_400 }],
    ['aws', 'p6e-gb200.36xlarge', { rdma: true, scaleUpDomain: 72 }],
    ['aws', 'trn1.32xlarge', { rdma: true, scaleUpDomain: 16 }],
    ['aws', 'g6.xlarge', { rdma: false, scaleUpDomain: 1 }],
    ['google', 'a2-highgpu-8g', { rdma: false, fabricGbps: 100 }],
    ['google', 'a3-highgpu-8g', { rdma: false, fabricGbps: 800, scaleUpDomain: 8 }],
    ['google', 'a3-megagpu-8g', { rdma: false, fabricGbps: 1600 }],
    ['google', 'a3-ultragpu-8g', { rdma: true, fabricGbps: 3200, scaleUpDomain: 8 }],
    ['google', 'a4x-highgpu-4g', { rdma: true, fabricGbps: 1600, scaleUpDomain: 72, arch: 'arm64' }],
    ['google', 'a4x-maxgpu-4g-metal', { rdma: true, fabricGbps: 3200 }],
    ['google', 'a4x-highgpu-4g-nolssd', { localNvmeGB: 0 }],
    ['google', 'ct5p-hightpu-4t', { rdma: false, scaleUpDomain: 8960 }],
    ['google', 'ct6e-standard-8t', { rdma: false, scaleUpDomain: 8 }],
    ['azure', 'Standard_ND96isr_H100_v5', { rdma: true, fabricGbps: 3200, scaleUpDomain: 8 }],
    ['azure', 'Standard_ND128isr_NDR_GB200_v6', { rdma: true, fabricGbps: 1600, scaleUpDomain: 72 }],
    ['azure', 'Standard_NC24ads_A100_v4', { rdma: false, scaleUpDomain: 1 }],
    ['azure', 'Standard_NV6ads_A10_v5', { acceleratorMemoryGiB: 4, scaleUpDomain: 1, localNvmeGB: 0 }],
    ['alicloud', 'ecs.ebmgn8v.48xlarge', { rdma: true, scaleUpDomain: 8 }],
  ] as const)('%s %s', (cloud, name, expected) => {
    expect(machineNamed(cloud, name)).toMatchObject(expected);
  });

  test('returns undefined for a machine that is not in the table', () => {
    expect(findMachine('azure', 'p5.48xlarge')).toBeUndefined();
  });

  test('suggests similar machines of the same cloud', () => {
    const error = errorOf(() => machineNamed('google', 'a3-ultragpu-8'));
    expect(error.code).toBe('MachineUnknown');
    expect(error.message).toMatch(/Did you mean a3-ultragpu-8g/);
  });

  test.each([undefined, null, 7, 'xyzzy-does-not-look-like-any-machine-at-all'])(
    'rejects the name %p with a code',
    (name) => {
      expect(errorOf(() => machineNamed('aws', name as string)).code).toBe('MachineUnknown');
    },
  );

  test('rejects a cloud without a table', () => {
    expect(errorOf(() => machineNamed('oracle' as Cloud, 'p5.48xlarge')).message).toContain(
      `one of ${CLOUDS.join(', ')}`,
    );
  });
});

test('Azure machines have InfiniBand if, and only if, their suffix has an r', () => {
  const rows = Object.entries(AZURE_MACHINES) as [string, AzureMachineRow][];
  const byName = rows.map(([name]) => /_N[A-Z]\d+[a-z]*r[a-z]*(G5)?_/.test(name));
  expect(rows.map(([, { infiniband }]) => infiniband !== undefined)).toEqual(byName);
});

interface PublishedMachine {
  name: string;
  chip: string;
  accelerators: number;
  vcpus?: number;
  memoryGiB?: number;
  memoryGB?: number;
  arch: string;
  rdma?: boolean;
  erdma?: boolean;
  efaInterfaces?: number;
  confidence: string;
}

// A machine that was added to its table later needs no row in `data/`.
describe.each(CLOUDS)('the machines of %s in data/', (cloud) => {
  const { rows } = dataFile<PublishedMachine>(`machines-${cloud}.json`);

  test.each(rows.map((row) => [row.name, row] as const))('%s has the published figures', (name, row) => {
    const machine = machineNamed(cloud, name);
    expect(machine.chip).toBe(row.chip);
    expect(machine.accelerators).toBeCloseTo(row.accelerators, 3);
    expect(machine.vcpus).toBe(row.vcpus);
    expect(machine.memoryGiB).toBe(row.memoryGiB ?? row.memoryGB);
    expect(machine.arch).toBe(row.arch);
    const rdma = row.rdma ?? row.erdma ?? (row.efaInterfaces === undefined ? machine.rdma : row.efaInterfaces > 0);
    expect(machine.rdma).toBe(rdma);
    // AWS states the figures that were not read by row, and derives the fraction of a slice from its memory.
    if (cloud !== 'aws') expect(machine.unverified !== undefined).toBe(row.confidence !== 'read');
  });
});

test('the AWS table has the published cards, bandwidths and disks', () => {
  for (const { name, ...row } of dataFile<PublishedAwsMachine>('machines-aws.json').rows) {
    const ours: AwsMachineRow = AWS_MACHINES[name as AwsMachineName];
    expect({
      name,
      memoryGiBPerAccelerator: ours.acceleratorMemoryGiB,
      efaInterfaces: ours.efaInterfaces,
      interfacesPerCard: ours.cards.map(({ maxInterfaces }) => maxInterfaces),
      networkGbps: ours.networkGbps,
      ebsGbps: ours.ebsGbps,
      localNvmeGB: ours.localNvmeGB,
      regions: ours.regions,
    }).toEqual({
      name,
      memoryGiBPerAccelerator: row.memoryGiBPerAccelerator,
      efaInterfaces: row.efaInterfaces,
      interfacesPerCard: row.interfacesPerCard,
      networkGbps: row.networkGbps,
      ebsGbps: row.ebsGbps,
      localNvmeGB: row.localNvmeGB,
      regions: row.regions,
    });
  }
});

interface PublishedAwsMachine {
  name: string;
  memoryGiBPerAccelerator: number;
  efaInterfaces: number;
  interfacesPerCard: number[];
  networkGbps: number;
  ebsGbps?: number;
  localNvmeGB?: number;
  regions: string[];
}
