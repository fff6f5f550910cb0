import { FSX_LUSTRE } from '../../../lib/core/catalog/fsx-lustre';
import { storageTiers } from '../../../lib/core/catalog/storage-tiers';
import { dataTest, published } from '../../published-data';

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

  dataTest('have the collected rates and prices', () => {
    const { rows } = published('storage.json') as {
      rows: {
        id: string;
        mbpsPerTiB?: number[];
        usdPerGBMonth?: Record<string, number>;
        capacityGiB?: Record<string, { min?: number; max?: number }>;
      }[];
    };
    const row = (id: string) => rows.find((one) => one.id === id)!;
    const rates = (cloud: 'aws' | 'google' | 'azure' | 'alicloud') =>
      storageTiers(cloud).map((tier) => tier.MBpsPerTiB);

    expect(rates('aws')).toEqual(row('aws-fsx-lustre-persistent2').mbpsPerTiB);
    expect(rates('google').slice(1)).toEqual(row('gcp-managed-lustre').mbpsPerTiB);
    expect(rates('azure')).toEqual(row('azure-managed-lustre').mbpsPerTiB);
    expect(rates('alicloud')).toEqual(row('alicloud-cpfs').mbpsPerTiB);
    expect(Object.fromEntries(storageTiers('aws').map((tier) => [tier.name, tier.usdPerGBMonth]))).toEqual(
      row('aws-fsx-lustre-persistent2').usdPerGBMonth,
    );
    for (const tier of storageTiers('google')) {
      expect([tier.smallestGiB, tier.largestGiB]).toEqual([
        row('gcp-managed-lustre').capacityGiB![tier.name]!.min,
        row('gcp-managed-lustre').capacityGiB![tier.name]!.max,
      ]);
    }
  });
});
