import { Size } from 'aws-cdk-lib';
import { findingsOf, ModelSpec, TrainingJob } from 'ai-infra-constructs';
import { AwsMachine, Capacity, TrainingStorage } from 'ai-infra-constructs/aws';
import { cheapestPlan } from '../../../lib/core/planning/storage/storage-choice';
import { jobCluster, pretraining } from './job-support';

const long = pretraining({ finishWithinDays: undefined });
const spot = (nodes: number, storage?: TrainingStorage) =>
  jobCluster({ nodes, storage, job: long, capacity: Capacity.spot() });

/** Cost of nodes and file system for each hour of useful work, in USD. */
function usdPerUsefulHour({ plan, fileSystem }: ReturnType<typeof jobCluster>): number {
  const { costs, storage, time } = plan!;
  const tier = storage.tiers.find(
    ({ tier: name }) => Number(name) === (fileSystem!.throughputMBps! / fileSystem!.sizeGiB) * 1000,
  )!;
  const storageUsd = ((tier.usdPerMonth! / tier.sizeGiB) * fileSystem!.sizeGiB) / 730;
  return (costs.find(({ chosen }) => chosen)!.usdPerHour! + storageUsd) / time.goodput;
}

describe('the file system for spot nodes', () => {
  test('costs less with its nodes than one that writes checkpoints in 2% of the time', () => {
    const cluster = spot(8);
    const { neededWriteMBps } = cluster.plan!.checkpoint;
    const ideal = spot(8, TrainingStorage.lustre({ requiredThroughputMBps: neededWriteMBps }));

    expect(usdPerUsefulHour(cluster)).toBeLessThan(usdPerUsefulHour(ideal) / 2);
    expect(cluster.fileSystem!.sizeGiB).toBeLessThan(ideal.fileSystem!.sizeGiB / 10);
  });

  test.each([4, 8, 12, 20])('writes checkpoints fast enough for %d nodes', (nodes) => {
    const { plan } = spot(nodes);

    expect(plan!.contradictions).toEqual([]);
    expect(plan!.checkpoint.writing).toBeLessThanOrEqual(0.1);
  });

  test('is reported as slow only if its size was given', () => {
    const ids = (storage?: TrainingStorage) => spot(4, storage).plan!.findings.map(({ id }) => id);

    expect(ids()).not.toContain('storage/checkpoint-slow');
    expect(ids(TrainingStorage.lustre({ size: Size.gibibytes(14_400), throughputMBpsPerTiB: 1000 }))).toContain(
      'storage/checkpoint-slow',
    );
  });

  test('is the slowest that the plan allows if the nodes have no price', () => {
    const { plan } = jobCluster({
      machine: AwsMachine.G7E_48XLARGE,
      capacity: Capacity.spot(),
      nodes: 4,
      job: TrainingJob.pretrain({ model: ModelSpec.LLAMA_3_1_8B, tokens: 1e10 }),
    });
    expect(plan!.costs.find(({ chosen }) => chosen)?.usdPerHour).toBeUndefined();
    expect(plan!.checkpoint.writing).toBeGreaterThan(0.05);
    expect(plan!.checkpoint.writing).toBeLessThanOrEqual(0.1);
  });
});

test('on-demand nodes write checkpoints in 2% of the time, for any number of nodes', () => {
  for (const nodes of [16, 64, 256]) {
    expect(jobCluster({ nodes, job: long }).plan!.checkpoint.writing).toBeLessThanOrEqual(0.0200001);
  }
});

test('uses the first of several plans with the same cost', () => {
  const { plan } = jobCluster();
  const [one, other] = [{ plan: plan! }, { plan: plan! }];
  expect(cheapestPlan([one, other])).toBe(one);
});

test('a plan contains only findings that its cluster does not resolve', () => {
  const cluster = spot(4);
  const recorded = findingsOf(cluster).map(({ id }) => id);
  const planned = cluster.plan!.findings.map(({ id }) => id);

  expect(recorded).toEqual(expect.arrayContaining(planned));
  expect(planned).not.toContain('spot/no-checkpoints');
  expect(Object.isFrozen(cluster.plan!.findings)).toBe(true);
});
