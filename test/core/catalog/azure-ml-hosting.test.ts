import { AZURE_MACHINES } from '../../../lib/core/catalog/azure-machines';
import { AZURE_ML_LIMITS, AZURE_ML_ONLINE_MACHINES } from '../../../lib/core/catalog/azure-ml-hosting';

const HOSTED = Object.keys(AZURE_ML_ONLINE_MACHINES) as (keyof typeof AZURE_ML_ONLINE_MACHINES)[];

describe('machines for managed online endpoints', () => {
  test('are in the machine table', () => {
    expect(HOSTED.filter((name) => !Object.hasOwn(AZURE_MACHINES, name))).toEqual([]);
    expect(HOSTED.filter((name) => !AZURE_MACHINES[name].accelerators)).toEqual([]);
  });

  test('reserve a fifth of their quota, except for training machines', () => {
    const reserving = HOSTED.filter((name) => AZURE_ML_ONLINE_MACHINES[name].reservesFifth);
    expect(reserving.filter((name) => !/_(T4_v3|A10_v5)$/.test(name))).toEqual([]);
    expect(reserving).toHaveLength(HOSTED.filter((name) => /_(T4_v3|A10_v5)$/.test(name)).length);
  });
});

test('limits are positive whole numbers, and low-priority jobs have the shorter limit', () => {
  expect(Object.entries(AZURE_ML_LIMITS).filter(([, bound]) => !Number.isInteger(bound) || bound < 1)).toEqual([]);
  expect(AZURE_ML_LIMITS.lowPriorityJobDays).toBeLessThan(AZURE_ML_LIMITS.jobDays);
});
