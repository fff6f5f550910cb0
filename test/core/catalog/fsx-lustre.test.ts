import { FSX_LUSTRE } from '../../../lib/core/catalog/fsx-lustre';

describe('the grid of FSx for Lustre', () => {
  test('tiers rise, and each throughput stands once', () => {
    const throughputs = FSX_LUSTRE.tiers.map((tier) => tier.throughputMBpsPerTiB);
    expect(throughputs).toEqual([...new Set(throughputs)].sort((a, b) => a - b));
  });

  test('one EFA step gives the same throughput at every tier: one file server', () => {
    const perStep = FSX_LUSTRE.tiers.map(
      (tier) => (tier.efaStepGiB / FSX_LUSTRE.gibPerTiB) * tier.throughputMBpsPerTiB,
    );
    expect(new Set(perStep)).toEqual(new Set([4_800]));
  });

  test('every EFA step is a size that the service takes', () => {
    for (const { efaStepGiB } of FSX_LUSTRE.tiers) expect(efaStepGiB % FSX_LUSTRE.stepGiB).toBe(0);
  });

  test('the largest metadata performance is on its step', () => {
    const { step, largest, smallest } = FSX_LUSTRE.metadataIops;
    expect(largest % step).toBe(0);
    expect(Math.max(...smallest)).toBeLessThan(step);
  });
});
