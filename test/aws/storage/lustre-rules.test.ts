import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { LustreMetadata } from 'ai-infra-constructs/aws';
import { checkLustre, type LustreRules, smallestLustre } from '../../../lib/aws/storage/lustre-rules';
import { FSX_LUSTRE } from '../../../lib/core/catalog/fsx-lustre';
import { ProblemCollector } from '../../../lib/core/errors';
import { errorOf } from '../support';

function check(rules: LustreRules) {
  const problems = new ProblemCollector();
  const size = checkLustre(problems, rules);
  problems.throwIfAny();
  return size;
}

const problemsIn = (rules: LustreRules) => errorOf(() => check(rules)).problems;
const token = (): number => Lazy.number({ produce: () => 1200 });

describe('size', () => {
  test.each([1200, 2400, 4800, 100_800])('accepts %d GiB', (sizeGiB) => {
    expect(check({ sizeGiB })).toMatchObject({ sizeGiB, throughputMBpsPerTiB: 250 });
  });

  test.each([
    [1, 'Use 1200 GiB.'],
    [1201, 'Use 2400 GiB.'],
    [3600, 'Use 4800 GiB.'],
    [0, 'Use 1200 GiB.'],
    [-2400, 'Use 1200 GiB.'],
    [Number.NaN, 'Use 2400 GiB.'],
  ])('rejects %d GiB', (sizeGiB, fix) => {
    expect(problemsIn({ sizeGiB })).toMatchObject([{ code: 'LustreSize', prop: 'size', fix }]);
  });

  test('rejects a token as the size', () => {
    expect(problemsIn({ sizeGiB: token() })).toMatchObject([{ code: 'ValueUnknown', prop: 'size' }]);
  });

  test('excludes a required throughput', () => {
    expect(problemsIn({ sizeGiB: 1200, requiredThroughputMBps: 100 })).toMatchObject([
      { code: 'LustreSizing', got: 'both' },
    ]);
    expect(problemsIn({})).toMatchObject([{ code: 'LustreSizing', got: 'neither' }]);
  });
});

describe('throughput', () => {
  test('is size times tier, with 2.4 TiB as 2400 GiB', () => {
    expect(check({ sizeGiB: 2400, throughputMBpsPerTiB: 125 })?.throughputMBps).toBe(300);
    expect(check({ sizeGiB: 4800, throughputMBpsPerTiB: 1000 })?.throughputMBps).toBe(4800);
  });

  test.each([0, 100, 200, 251, 2000])('rejects a tier of %d', (throughputMBpsPerTiB) => {
    expect(problemsIn({ sizeGiB: 1200, throughputMBpsPerTiB })).toMatchObject([
      { code: 'LustreThroughput', allowed: '125, 250, 500, 1000 MB/s per TiB' },
    ]);
  });

  test('rejects a token as the tier', () => {
    expect(problemsIn({ sizeGiB: 1200, throughputMBpsPerTiB: token() })).toMatchObject([
      { code: 'ValueUnknown', prop: 'throughputMBpsPerTiB' },
    ]);
  });
});

describe('EFA', () => {
  test.each([
    [125, 38_400],
    [250, 19_200],
    [500, 9_600],
    [1000, 4_800],
  ])('at %d MB/s per TiB accepts only multiples of %d GiB', (throughputMBpsPerTiB, step) => {
    for (const sizeGiB of [step, 3 * step]) {
      expect(() => check({ sizeGiB, throughputMBpsPerTiB, efa: true })).not.toThrow();
    }
    for (const sizeGiB of [1200, step - 2400, step + 2400, 0]) {
      expect(problemsIn({ sizeGiB, throughputMBpsPerTiB, efa: true })).toMatchObject([{ code: 'LustreEfaFloor' }]);
    }
  });

  test('names the next sizes and the other tiers in the error', () => {
    const [problem] = problemsIn({ sizeGiB: 20_000, throughputMBpsPerTiB: 500, efa: true });
    expect(problem!.fix).toBe(
      'Use 19200 or 28800 GiB, or change throughputMBpsPerTiB (steps in GiB: 38400 at 125, 19200 at 250, 9600 at 500, 4800 at 1000).',
    );
  });
});

describe('required throughput', () => {
  test.each([
    [1, { sizeGiB: 1200, throughputMBpsPerTiB: 125 }],
    [150, { sizeGiB: 1200, throughputMBpsPerTiB: 125 }],
    [151, { sizeGiB: 1200, throughputMBpsPerTiB: 250 }],
    [1200, { sizeGiB: 1200, throughputMBpsPerTiB: 1000 }],
    [1201, { sizeGiB: 2400, throughputMBpsPerTiB: 1000 }],
    [2401, { sizeGiB: 4800, throughputMBpsPerTiB: 1000 }],
  ])('of %d MB/s selects the smallest file system, at the lowest tier', (requiredThroughputMBps, size) => {
    expect(check({ requiredThroughputMBps })).toMatchObject(size);
  });

  test('keeps a given tier', () => {
    expect(check({ requiredThroughputMBps: 1200, throughputMBpsPerTiB: 125 })).toMatchObject({ sizeGiB: 9600 });
  });

  test('selects a valid size with EFA', () => {
    expect(check({ requiredThroughputMBps: 100, efa: true })).toMatchObject({
      sizeGiB: 4800,
      throughputMBpsPerTiB: 1000,
    });
    expect(check({ requiredThroughputMBps: 4801, efa: true, throughputMBpsPerTiB: 250 })).toMatchObject({
      sizeGiB: 38_400,
    });
  });

  test('always selects a valid size with enough throughput', () => {
    for (const efa of [false, true]) {
      for (const throughputMBpsPerTiB of [undefined, ...FSX_LUSTRE.tiers.map((tier) => tier.throughputMBpsPerTiB)]) {
        for (let requiredThroughputMBps = 10; requiredThroughputMBps < 60_000; requiredThroughputMBps *= 1.37) {
          const size = check({ requiredThroughputMBps, efa, throughputMBpsPerTiB })!;
          expect(size.throughputMBps).toBeGreaterThanOrEqual(requiredThroughputMBps - 1e-6);
          expect(() =>
            check({ sizeGiB: size.sizeGiB, throughputMBpsPerTiB: size.throughputMBpsPerTiB, efa }),
          ).not.toThrow();
        }
      }
    }
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('rejects %d', (requiredThroughputMBps) => {
    expect(problemsIn({ requiredThroughputMBps })).toMatchObject([
      { code: 'LustreSizing', prop: 'requiredThroughputMBps' },
    ]);
  });

  test('rejects a token', () => {
    expect(problemsIn({ requiredThroughputMBps: token() })).toMatchObject([{ code: 'ValueUnknown' }]);
  });
});

describe('a size for an amount of data', () => {
  test('is the smallest size of the tier with enough space', () => {
    expect(smallestLustre(1200, false, 125)).toBe(1200);
    expect(smallestLustre(1201, false, 250)).toBe(2400);
    expect(smallestLustre(9600, true, 500)).toBe(9600);
    expect(smallestLustre(9600, true, 125)).toBe(38_400);
  });
});

describe('metadata', () => {
  test.each([1500, 3000, 6000, 12_000, 24_000, 192_000])('accepts %d IOPS', (iops) => {
    expect(() => check({ sizeGiB: 1200, metadata: LustreMetadata.provisioned(iops) })).not.toThrow();
  });

  test.each([0, 1501, 4500, 9000, 18_000, 204_000])('rejects %d IOPS', (iops) => {
    expect(problemsIn({ sizeGiB: 1200, metadata: LustreMetadata.provisioned(iops) })).toMatchObject([
      { code: 'LustreMetadata', prop: 'metadata', got: iops },
    ]);
  });
});

describe('backups', () => {
  const bucket = new Bucket(new Stack(new App(), 'Stack'), 'Bucket');
  const dataRepositories = [{ bucket, path: '/data' }];

  test.each([0, 90])('accepts %d days', (days) => {
    expect(() => check({ sizeGiB: 1200, backupRetention: Duration.days(days) })).not.toThrow();
  });

  test.each([Duration.days(91), Duration.hours(36)])('rejects %p', (backupRetention) => {
    expect(problemsIn({ sizeGiB: 1200, backupRetention })).toMatchObject([{ code: 'LustreBackup' }]);
  });

  test('rejects a token', () => {
    expect(problemsIn({ sizeGiB: 1200, backupRetention: Duration.days(token()) })).toMatchObject([
      { code: 'LustreBackup', got: 'a token' },
    ]);
  });

  test('are rejected for a file system with a data repository', () => {
    const problems = problemsIn({ sizeGiB: 1200, backupRetention: Duration.days(1), dataRepositories });
    expect(problems).toMatchObject([{ code: 'LustreBackup', fix: expect.stringContaining('versions') }]);
    expect(() => check({ sizeGiB: 1200, backupRetention: Duration.days(0), dataRepositories })).not.toThrow();
  });
});

test('reports all problems at once', () => {
  const codes = problemsIn({
    throughputMBpsPerTiB: 3,
    metadata: LustreMetadata.provisioned(1),
    backupRetention: Duration.days(100),
  }).map(({ code }) => code);
  expect(codes).toEqual(['LustreMetadata', 'LustreBackup', 'LustreThroughput', 'LustreSizing']);
});
