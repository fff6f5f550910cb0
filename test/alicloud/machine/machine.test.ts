import { AlicloudMachine, type AlicloudMachineRow } from 'ai-infra-constructs/alicloud';
import { codesOf, refusalsOf } from '../support';

test('every machine of the table has a static and a family', () => {
  expect(AlicloudMachine.ECS_EBMGN8V_48XLARGE.name).toBe('ecs.ebmgn8v.48xlarge');
  for (const machine of AlicloudMachine.all) {
    expect(AlicloudMachine.fromName(machine.name)).toBe(machine);
    expect(machine.family).toMatch(/^(ebm)?gn\d+[a-z]*(-tee)?$/);
  }
});

test.each([
  ['ecs.gn8v-2x.12xlarge', 'gn8v'],
  ['ecs.gn7i-c8g1.2xlarge', 'gn7i'],
  ['ecs.gn6i-c24g1.24xlarge', 'gn6i'],
  ['ecs.gn8v-tee-8x.48xlarge', 'gn8v-tee'],
  ['ecs.ebmgn7ex.32xlarge', 'ebmgn7ex'],
])('%s is of the family %s', (name, family) => {
  expect(AlicloudMachine.fromName(name).family).toBe(family);
});

test('eRDMA counts only if ACK supports it', () => {
  expect(AlicloudMachine.ECS_EBMGN8V_48XLARGE.hasErdma).toBe(true);
  expect(AlicloudMachine.ECS_EBMGN9GE_64XLARGE).toMatchObject({ hasErdma: false, spec: { erdma: true } });
});

describe('a machine that is not in the table', () => {
  const ROW: AlicloudMachineRow = {
    chip: 'L20',
    accelerators: 8,
    acceleratorMemoryGB: 48,
    vcpus: 128,
    memoryGiB: 1024,
    networkGbps: 160,
    erdma: true,
    ackErdma: true,
    bareMetal: true,
    uefiImageRequired: true,
  };

  test('has the figures of its row', () => {
    expect(AlicloudMachine.of('ecs.ebmgn10.64xlarge', ROW)).toMatchObject({
      spec: ROW,
      hasErdma: true,
      isBareMetal: true,
    });
  });

  test.each<[string, Partial<AlicloudMachineRow>, string]>([
    ['ecs.ebmgn8v.48xlarge', {}, 'MachineRowInvalid name'],
    ['ebmgn10.64xlarge', {}, 'MachineRowInvalid name'],
    ['ecs.ebmgn10.64xlarge', { vcpus: 0 }, 'MachineRowInvalid vcpus'],
    ['ecs.ebmgn10.64xlarge', { erdma: false }, 'MachineRowInvalid ackErdma'],
  ])('%s with %j is rejected', (name, row, problem) => {
    expect(refusalsOf(() => AlicloudMachine.of(name, { ...ROW, ...row }))).toEqual([problem]);
  });

  test('needs a known name in fromName', () => {
    expect(codesOf(() => AlicloudMachine.fromName('ecs.gn8v.48xlarge'))).toEqual(['MachineUnknown']);
  });
});
