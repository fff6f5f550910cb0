import { FSX_LUSTRE } from '../../../lib/core/catalog/fsx-lustre';

describe('FSx for Lustre sizes', () => {
  test('tiers are ascending and unique', () => {
    const throughputs = FSX_LUSTRE.tiers.map((tier) => tier.throughputMBpsPerTiB);
    expect(throughputs).toEqual([...new Set(throughputs)].sort((a, b) => a - b));
  });

  test('one EFA step has the same throughput in every tier', () => {
    const perStep = FSX_LUSTRE.tiers.map(
      (tier) => (tier.efaStepGiB / FSX_LUSTRE.gibPerTiB) * tier.throughputMBpsPerTiB,
    );
    expect(new Set(perStep)).toEqual(new Set([4_800]));
  });

  test('every EFA step is a valid size', () => {
    for (const { efaStepGiB } of FSX_LUSTRE.tiers) expect(efaStepGiB % FSX_LUSTRE.stepGiB).toBe(0);
  });

  test('the maximum metadata performance is a multiple of its step', () => {
    const { step, largest, smallest } = FSX_LUSTRE.metadataIops;
    expect(largest % step).toBe(0);
    expect(Math.max(...smallest)).toBeLessThan(step);
  });
});
