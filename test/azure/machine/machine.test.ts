import { CHIPS } from 'ai-infra-constructs';
import { AzureMachine, type AzureMachineRow } from 'ai-infra-constructs/azure';
import { AZURE_MACHINES } from '../../../lib/core/catalog/azure-machines';
import { hasRdmaName } from '../../../lib/azure/machine/machine';
import { codesOf, problemsOf } from '../support';

const ROW: AzureMachineRow = {
  chip: 'B300',
  accelerators: 8,
  acceleratorMemoryGB: 288,
  vcpus: 128,
  memoryGiB: 2000,
  arch: 'amd64',
  infiniband: { links: 8, gbpsPerLink: 800, generation: 'XDR' },
  localDisk: '28 TiB NVMe',
  gpuDriver: ['None'],
};

describe('statics', () => {
  test('exist for every row of the table, without the prefix Standard_', () => {
    const names = Object.keys(AZURE_MACHINES);
    expect(AzureMachine.all.map(({ name }) => name)).toEqual(names);
    for (const name of names) {
      const key = name.replace('Standard_', '').toUpperCase();
      expect((AzureMachine as unknown as Record<string, AzureMachine>)[key]?.name).toBe(name);
    }
  });

  test('are typed, and compare by identity', () => {
    expect(AzureMachine.ND96ISR_H100_V5).toBe(AzureMachine.fromName('Standard_ND96isr_H100_v5'));
    expect(String(AzureMachine.ND128ISR_NDR_GB200_V6)).toBe('Standard_ND128isr_NDR_GB200_v6');
    expect(Object.isFrozen(AzureMachine.NC40ADS_H100_V5)).toBe(true);
  });
});

test('has a chip, a fabric, and a rack', () => {
  expect(AzureMachine.ND96ISR_MI300X_V5.chip).toBe(CHIPS.MI300X);
  expect(AzureMachine.ND96ISR_H200_V5.fabricGbps).toBe(3200);
  expect(AzureMachine.ND96IS_H100_V5).toMatchObject({ infiniband: undefined, fabricGbps: 0, rackMachines: 1 });
  expect(AzureMachine.ND128ISR_GB300_V6).toMatchObject({ fabricGbps: 3200, rackMachines: 18 });
});

test('rejects an unknown name, and suggests the nearest', () => {
  const [problem] = problemsOf(() => AzureMachine.fromName('Standard_ND96isr_H100_v4'));
  expect(problem).toMatchObject({ code: 'MachineUnknown', fix: expect.stringContaining('Standard_ND96isr_H100_v5') });
});

describe('a custom machine', () => {
  test('behaves like a machine of the table', () => {
    const machine = AzureMachine.of('Standard_ND96isr_B300_v7', ROW);
    expect(machine).toMatchObject({ name: 'Standard_ND96isr_B300_v7', fabricGbps: 6400, chip: CHIPS.B300 });
    const arm = { ...ROW, arch: 'arm64', aksOsSku: 'Ubuntu2404' } as const;
    expect(AzureMachine.of('Standard_ND128isr_GB400_v8', arm).spec.arch).toBe('arm64');
  });

  test.each<[string, Partial<Record<keyof AzureMachineRow, unknown>>, string]>([
    ['Standard_ND96isr_B300_v7', { accelerators: 0 }, 'accelerators'],
    ['Standard_ND96isr_B300_v7', { memoryGiB: Number.NaN }, 'memoryGiB'],
    ['Standard_ND96isr_B300_v7', { infiniband: undefined }, 'infiniband'],
    ['Standard_ND96is_B300_v7', {}, 'infiniband'],
    ['Standard_ND96isr_B300_v7', { infiniband: { ...ROW.infiniband, links: 1.5 } }, 'infiniband'],
    ['Standard_ND96isr_B300_v7', { localNvmeGB: -1 }, 'localNvmeGB'],
    ['Standard_ND96isr_B300_v7', { rackMachines: 0.5 }, 'rackMachines'],
    ['Standard_ND96isr_B300_v7', { gpuDriver: [] }, 'gpuDriver'],
    ['Standard_ND96isr_B300_v7', { arch: 'arm64', aksOsSku: undefined }, 'aksOsSku'],
    ['Standard_ND96isr_H100_v5', {}, 'name'],
    ['nd96isr', {}, 'name'],
  ])('rejects %s with %j because of %s', (name, row, prop) => {
    const problems = problemsOf(() => AzureMachine.of(name, { ...ROW, ...row } as AzureMachineRow));
    expect(problems.map((one) => [one.code, one.prop])).toContainEqual(['MachineRowInvalid', prop]);
  });

  test.each<[unknown, unknown, string[]]>([
    [undefined, ROW, ['MachineRowInvalid', 'MachineRowInvalid']],
    ['Standard_ND96isr_B300_v7', undefined, ['ValueMissing']],
    ['Standard_ND96isr_B300_v7', { ...ROW, chip: 'H1000' }, ['ChoiceUnknown']],
    ['Standard_ND96isr_B300_v7', { ...ROW, infiniband: 'NDR', vcpus: '96' }, ['PropType', 'PropType']],
    ['Standard_ND96isr_B300_v7', { ...ROW, gpuDriver: ['Auto'] }, ['ChoiceUnknown']],
  ])('rejects %p without a TypeError', (name, row, codes) => {
    expect(codesOf(() => AzureMachine.of(name as string, row as AzureMachineRow)).sort()).toEqual(codes.sort());
  });
});

test.each([
  ['Standard_ND96isr_H100_v5', true],
  ['Standard_ND96asr_v4', true],
  ['Standard_ND128isrG5_GB300_v6', true],
  ['Standard_ND96is_H100_v5', false],
  ['Standard_NC24ads_A100_v4', false],
  ['Standard_NC128ds_xl_RTXPRO6000BSE_v6', false],
])('%s has an RDMA name: %p', (name, says) => {
  expect(hasRdmaName(name)).toBe(says);
});
