import { AWS_MACHINES, type AwsMachineRow, CHIPS, type ChipRow } from 'ai-infra-constructs';

const MACHINES = Object.entries(AWS_MACHINES) as [string, AwsMachineRow][];
const MARKETS = ['on-demand', 'spot', 'reservation', 'capacity-block'];
const REGION =
  /^(af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-(central|east|north|northeast|northwest|south|southeast|southwest|west)-\d$/;

const familyOf = (name: string) => name.split('.')[0];

describe.each(MACHINES)('%s', (name, row) => {
  const chip: ChipRow | undefined = CHIPS[row.chip];

  test('has the name of an EC2 instance type', () => {
    expect(name).toMatch(/^[a-z][a-z0-9-]*\.(\d*x?large|metal)$/);
  });

  test('has a chip in the table', () => {
    expect(chip).toBeDefined();
  });

  test('has whole accelerators, or an even fraction of one', () => {
    expect(row.accelerators).toBeGreaterThan(0);
    expect(Number.isInteger(row.accelerators) || Number.isInteger(1 / row.accelerators)).toBe(true);
  });

  test('has the memory of its chip per accelerator', () => {
    const slice = Math.min(1, row.accelerators);
    const ofChip = chip.memoryGiB * slice;

    // The EC2 API reports usable memory: at least nine tenths. Rounding can put it 2% above the figure of the chip.
    expect(row.acceleratorMemoryGiB).toBeGreaterThan(0.9 * ofChip);
    expect(row.acceleratorMemoryGiB).toBeLessThanOrEqual(1.02 * ofChip);
  });

  test('has at most as many accelerators as the link of its chip connects', () => {
    if (chip.scaleUpDomain > 1) expect(row.accelerators).toBeLessThanOrEqual(chip.scaleUpDomain);
  });

  test('has vCPUs, memory and bandwidth', () => {
    expect(Number.isInteger(row.vcpus) && row.vcpus > 0).toBe(true);
    expect(row.memoryGiB).toBeGreaterThan(0);
    expect(row.networkGbps).toBeGreaterThan(0);
    expect(row.ebsGbps ?? 1).toBeGreaterThan(0);
    expect(row.localNvmeGB ?? 0).toBeGreaterThanOrEqual(0);
  });

  test('has a network card with at least one interface at every index', () => {
    expect(row.cards.length).toBeGreaterThanOrEqual(1);
    expect(row.cards.every(({ maxInterfaces }) => Number.isInteger(maxInterfaces) && maxInterfaces >= 1)).toBe(true);
  });

  test('has an EFA interface for every card that supports EFA', () => {
    expect(row.efaInterfaces).toBe(row.cards.filter(({ efa }) => efa).length);
  });

  test('has room for the IP interface next to EFA on card 0, if it has several cards', () => {
    if (row.cards.length > 1 && row.cards[0]!.efa) expect(row.cards[0]!.maxInterfaces).toBeGreaterThanOrEqual(2);
  });

  test('has EFA if Lustre supports it as an EFA client', () => {
    if (row.lustreEfa) expect(row.efaInterfaces).toBeGreaterThan(0);
  });

  test('has at least one market, and each market once', () => {
    const markets = row.markets ?? MARKETS;

    expect(markets.filter((market) => !MARKETS.includes(market))).toEqual([]);
    expect(new Set(markets).size).toBe(markets.length);
    expect(markets.length).toBeGreaterThan(0);
  });

  test('has regions that are valid, sorted and unique', () => {
    expect(row.regions.filter((region) => !REGION.test(region))).toEqual([]);
    expect(row.regions).toEqual([...new Set(row.regions)].sort());
  });

  test('has ascending UltraServer sizes of at least two machines, if it has any', () => {
    const sizes = row.ultraServerNodes ?? [];

    expect(sizes.every((size) => Number.isInteger(size) && size > 1)).toBe(true);
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  });

  test('has an unverified note if it has no region', () => {
    if (row.regions.length === 0) expect(row.unverified).toMatch(/\w+/);
  });
});

describe('the AWS machine table', () => {
  test('has one chip per family, and no larger size with less memory', () => {
    for (const family of new Set(MACHINES.map(([name]) => familyOf(name)))) {
      const rows = MACHINES.filter(([name]) => familyOf(name) === family).map(([, row]) => row);
      const memory = rows.sort((a, b) => a.vcpus - b.vcpus).map(({ memoryGiB }) => memoryGiB);
      expect(memory).toEqual([...memory].sort((a, b) => a - b));
      expect(new Set(rows.map(({ chip }) => chip)).size).toBe(1);
    }
  });

  // Published in the EC2 user guide, "EFA supported types".
  test.each([
    ['p6-b300.48xlarge', 16],
    ['p6-b200.48xlarge', 8],
    ['p5en.48xlarge', 16],
    ['p5.48xlarge', 32],
    ['p4d.24xlarge', 4],
    ['trn1.32xlarge', 8],
  ] as const)('%s has %i EFA interfaces', (name, count) => {
    expect(AWS_MACHINES[name].efaInterfaces).toBe(count);
  });
});
