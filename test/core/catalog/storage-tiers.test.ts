import type { Cloud } from 'ai-infra-constructs';
import { FSX_LUSTRE } from '../../../lib/core/catalog/fsx-lustre';
import { storageTiers } from '../../../lib/core/catalog/storage-tiers';
import { dataFile } from '../../../scripts/data';

describe('storage tiers', () => {
  test('match the FSx for Lustre sizes', () => {
    const tiers = storageTiers('aws');
    expect(tiers.map((tier) => tier.MBpsPerTiB)).toEqual(FSX_LUSTRE.tiers.map((tier) => tier.throughputMBpsPerTiB));
    expect(tiers[0]).toMatchObject({
      smallestGiB: 1200,
      stepGiB: 2400,
      usdPerGBMonth: 0.145,
      priceConfidence: 'secondary',
    });
    expect(tiers.slice(1).map((tier) => tier.priceConfidence)).toEqual(['recalled', 'recalled', 'recalled']);
  });

  test('are ascending and unique per service', () => {
    for (const service of new Set(storageTiers().map((tier) => tier.service))) {
      const rates = storageTiers()
        .filter((tier) => tier.service === service)
        .map((tier) => tier.MBpsPerTiB);
      expect(rates).toEqual([...new Set(rates)].sort((a, b) => a - b));
    }
  });

  test('have a maximum size that is a valid size', () => {
    for (const { smallestGiB, stepGiB, coarse, largestGiB } of storageTiers()) {
      if (largestGiB === undefined || stepGiB === undefined) continue;
      expect(largestGiB).toBeGreaterThan(smallestGiB!);
      expect((coarse?.aboveGiB ?? 0) % stepGiB).toBe(0);
      expect(largestGiB % (coarse?.stepGiB ?? stepGiB)).toBe(0);
    }
  });

  test('have a price only with its reliability', () => {
    const wrong = storageTiers().filter(
      (tier) => (tier.usdPerGBMonth === undefined) !== (tier.priceConfidence === undefined),
    );
    expect(wrong).toEqual([]);
  });

  test('have the published rates, sizes and prices', () => {
    const { rows } = dataFile<PublishedTier>('storage-tiers.json');
    for (const cloud of new Set(rows.map((row) => row.cloud))) {
      const published = rows.filter((row) => row.cloud === cloud);
      const ours = storageTiers(cloud).map(
        ({ MBpsPerTiB, smallestGiB, stepGiB, coarse, largestGiB, usdPerGBMonth }) => ({
          MBpsPerTiB,
          ...(cloud !== 'aws' && { smallestGiB, stepGiB, coarse, largestGiB }),
          usdPerGBMonth,
        }),
      );
      expect(ours).toEqual(
        published.map(({ MBpsPerTiB, minGiB, stepGiB, coarseAboveGiB, coarseStepGiB, maxGiB, usdPerGBMonth }) => ({
          MBpsPerTiB,
          ...(cloud !== 'aws' && {
            smallestGiB: minGiB,
            stepGiB,
            coarse: coarseAboveGiB && { aboveGiB: coarseAboveGiB, stepGiB: coarseStepGiB },
            largestGiB: maxGiB,
          }),
          usdPerGBMonth,
        })),
      );
    }
  });
});

interface PublishedTier {
  readonly cloud: Cloud;
  readonly MBpsPerTiB: number;
  readonly minGiB?: number;
  readonly stepGiB?: number;
  readonly coarseAboveGiB?: number;
  readonly coarseStepGiB?: number;
  readonly maxGiB?: number;
  readonly usdPerGBMonth?: number;
}
