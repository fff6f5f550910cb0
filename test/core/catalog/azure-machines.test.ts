import { CHIPS } from 'ai-infra-constructs';
import { AZURE_MACHINES, type AzureMachineRow } from '../../../lib/core/catalog/azure-machines';
import { PRICE_SOURCES, PRICES } from '../../../lib/core/catalog/prices';
import { dataFile } from '../../../scripts/data';

const ROWS = Object.entries(AZURE_MACHINES) as [string, AzureMachineRow][];

/** Letters after the number of cores: r for RDMA, p for Arm. */
const featuresOf = (name: string) => /^Standard_[A-Z]+\d+([a-z]*)/.exec(name)![1]!;

describe.each(ROWS)('%s', (name, row) => {
  test('has InfiniBand and the state of the AKS feature if, and only if, its name has an r', () => {
    expect(row.infiniband !== undefined).toBe(featuresOf(name).includes('r'));
    expect(row.aksInfinibandFeature !== undefined).toBe(row.infiniband !== undefined);
  });

  test('has one link per GPU', () => {
    if (row.infiniband) expect(row.infiniband.links).toBe(row.accelerators);
  });

  test('is a rack machine if, and only if, its CPU is Arm, with one image and without the feature', () => {
    const grace = row.arch === 'arm64';
    expect([row.rackMachines === 18, row.aksOsSku === 'Ubuntu2404']).toEqual([grace, grace]);
    if (row.infiniband) expect(row.aksInfinibandFeature).toBe(grace ? 'unregister' : 'register');
  });

  test('does not support capacity reservation groups if its name begins with ND', () => {
    if (name.startsWith('Standard_ND')) expect(row.capacityReservationGroup).toBe(false);
  });

  test('does not install the AMD driver', () => {
    expect(row.gpuDriver).toEqual(CHIPS[row.chip].vendor === 'AMD' ? ['None'] : ['Install', 'None']);
  });

  test('has at most as much NVMe as disk', () => {
    const parts = [...row.localDisk.matchAll(/(?:(\d+) x )?(\d+) (GiB|TiB|TB)/g)].map(
      ([, count = '1', size, unit]) =>
        Number(count) * Number(size) * { GiB: 1.0737, TiB: 1099.5, TB: 1000 }[unit as 'TB'],
    );
    const disk = parts.reduce((sum, part) => sum + part, 0);
    if (row.localNvmeGB) expect(row.localNvmeGB).toBeLessThanOrEqual(disk * 1.001);
  });
});

interface Published {
  readonly name: string;
  readonly accelerators: number;
  readonly memoryGBPerAccelerator: number;
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly arch: string;
  readonly rdma: boolean;
  readonly infinibandLinks?: number;
  readonly infinibandGbpsPerLink?: number;
  readonly gpuDriver: readonly string[];
  readonly payAsYouGoUsdPerHour?: number;
  readonly priceRegion?: string;
}

test('the table has the published figures', () => {
  const { rows } = dataFile<Published>('machines-azure.json');
  for (const row of rows) {
    const ours: AzureMachineRow = AZURE_MACHINES[row.name as keyof typeof AZURE_MACHINES];
    expect({ name: row.name, vcpus: ours.vcpus, memoryGiB: ours.memoryGiB, arch: ours.arch }).toEqual({
      name: row.name,
      vcpus: row.vcpus,
      memoryGiB: row.memoryGiB,
      arch: row.arch,
    });
    // Azure states the memory of the whole chip for a slice.
    expect(ours.acceleratorMemoryGB).toBeCloseTo(row.memoryGBPerAccelerator * Math.min(1, row.accelerators), 1);
    expect(ours.accelerators).toBeCloseTo(row.accelerators, 2);
    expect([ours.infiniband?.links, ours.infiniband?.gbpsPerLink]).toEqual([
      row.infinibandLinks,
      row.infinibandGbpsPerLink,
    ]);
    expect(ours.gpuDriver).toEqual(row.gpuDriver);
  }
});

const UNPRICED = [
  'Standard_ND96is_MI300X_v5',
  'Standard_NC8as_T4_v3',
  'Standard_NC16as_T4_v3',
  'Standard_NV6ads_A10_v5',
  'Standard_NV12ads_A10_v5',
  'Standard_NV18ads_A10_v5',
  'Standard_NV36adms_A10_v5',
  'Standard_NC128ds_xl_RTXPRO6000BSE_v6',
  'Standard_NC256ds_xl_RTXPRO6000BSE_v6',
  'Standard_NC320ds_xl_RTXPRO6000BSE_v6',
];

test('prices on demand are those of the published snapshot, with its day', () => {
  const { rows } = dataFile<Published>('machines-azure.json');
  const sold = rows.filter(({ payAsYouGoUsdPerHour }) => payAsYouGoUsdPerHour !== undefined);
  const unpriced = sold.filter(({ name, payAsYouGoUsdPerHour, priceRegion }) => {
    const ours = PRICES.filter(
      ({ machine, region, market }) => machine === name && region === priceRegion && market === 'on-demand',
    );
    for (const { usdPerHour, source } of ours) {
      expect(usdPerHour).toBe(payAsYouGoUsdPerHour);
      expect(PRICE_SOURCES[source]).toMatchObject({ date: '2026-06-18' });
    }
    return ours.length === 0;
  });
  // The price table has the sizes of its own snapshot.
  expect(unpriced.map(({ name }) => name)).toEqual(UNPRICED);
});
