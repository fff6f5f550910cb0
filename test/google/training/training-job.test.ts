import { TerraformStack } from 'cdktf';
import { findingsOf, ModelSpec, Prices, type TrainingJobProps } from 'ai-infra-constructs';
import {
  Capacity,
  GoogleMachine,
  Installation,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
} from 'ai-infra-constructs/google';
import { reportOf } from '../../terraform/support';
import { problemsOf, theOnly, ZONE } from '../support';
import { pretraining, synthCluster } from './support';

const PRICE = { machine: 'a3-megagpu-8g', market: 'on-demand', usdPerHour: 80 } as const;
const PRICES = Prices.of([PRICE]);
const withJob = (props: Partial<TrainingClusterProps> = {}) =>
  synthCluster({ job: pretraining(), prices: PRICES, ...props });
const idsOf = (cluster: TrainingCluster) => findingsOf(cluster).map(({ id }) => id);

describe('a job', () => {
  test('sizes the nodes and the file system, and plans with these sizes', () => {
    const { stack, cluster } = withJob();
    expect(cluster.plan).toMatchObject({ kind: 'training', cluster: { cloud: 'google', machine: 'a3-megagpu-8g' } });
    expect(cluster.nodeGroup.nodes).toBe(cluster.plan!.cluster.nodes);
    expect(cluster.plan!.contradictions).toEqual([]);
    expect(Number(theOnly(stack, 'google_lustre_instance').capacity_gib)).toBe(cluster.plan!.storage.given!.sizeGiB);
  });

  test('keeps the sizes that are set', () => {
    const { stack, cluster } = withJob({ nodes: 32, storage: TrainingStorage.lustre({ sizeGiB: 36_000 }) });
    expect(cluster.nodeGroup.nodes).toBe(32);
    expect(theOnly(stack, 'google_lustre_instance').capacity_gib).toBe('36000');
  });

  test('is planned on all TPU slices', () => {
    const { cluster } = withJob({
      machine: GoogleMachine.CT5P_HIGHTPU_4T,
      topology: '4x4x4',
      slices: 2,
      job: pretraining({ finishWithinDays: undefined }),
    });
    expect(cluster.plan!.cluster).toMatchObject({ machine: 'ct5p-hightpu-4t', nodes: 32 });
    expect(cluster.nodeGroup.nodes).toBe(32);
  });

  test('keeps tensor parallelism within one TPU slice', () => {
    const slices = { machine: GoogleMachine.CT5P_HIGHTPU_4T, topology: '2x2x2', slices: 8 };
    const job = (parallelism?: TrainingJobProps['parallelism']) =>
      pretraining({ finishWithinDays: undefined, parallelism });
    const { plan } = withJob({ ...slices, job: job() }).cluster;
    expect(plan!.parallelism.tensor).toBeLessThanOrEqual(8);
    expect(plan!.cluster.scaleUpDomain).toBe(8);
    const beyond = { ...slices, job: job({ tensor: 16 }) };
    expect(problemsOf(() => withJob(beyond))).toMatchObject([
      { code: 'DomainTooSmall', prop: 'job.parallelism.tensor' },
      { code: 'FabricTooSlow', prop: 'job.parallelism.tensor' },
    ]);
  });

  test('is rejected if it does not fit or misses its deadline', () => {
    expect(problemsOf(() => withJob({ nodes: 1 })).map(({ code }) => code)).toContain('MemoryTooSmall');
    const [late] = problemsOf(() => withJob({ nodes: 4, job: pretraining({ tokens: 1e13 }) }));
    expect(late).toMatchObject({ code: 'DeadlineMissed', prop: 'job.finishWithin' });
  });

  test('is rejected if no number of nodes completes it', () => {
    expect(problemsOf(() => withJob({ job: pretraining({ tokens: 1e18 }) })).map(({ code }) => code)).toContain(
      'JobTooLarge',
    );
  });

  test('is rejected with the path of an invalid price', () => {
    const prices = Prices.of([{ ...PRICE, usdPerHour: -1 }]);
    expect(problemsOf(() => withJob({ prices }))).toMatchObject([
      { code: 'PriceInvalid', prop: 'prices.overrides[0].usdPerHour' },
    ]);
  });

  test('needs a checkpoint store on preemptible nodes', () => {
    const props = { capacity: Capacity.spot(), storage: TrainingStorage.none() };
    expect(problemsOf(() => withJob(props)).map(({ code }) => code)).toContain('CheckpointStoreMissing');
  });
});

describe('findings', () => {
  test('of the plan are recorded on the cluster, without duplicates of its nodes', () => {
    const { cluster } = withJob({ prices: undefined });
    expect(idsOf(cluster)).toContain('cost/region');
    expect(idsOf(cluster).filter((id) => id === 'machine/unverified')).toEqual([]);
  });

  test('do not ask to change a file system that the cluster sized', () => {
    const sizes = { nodes: 256, job: pretraining({ tokens: 2e12, finishWithinDays: undefined }) };
    expect(withJob(sizes).cluster.plan!.findings.map(({ id }) => id)).not.toContain('storage/checkpoint-slow');
    const storage = TrainingStorage.lustre({ sizeGiB: 18_000, throughputMBpsPerTiB: 500 });
    expect(idsOf(withJob({ ...sizes, storage }).cluster)).toContain('storage/checkpoint-slow');
  });

  test('report that flex-start has no separate price', () => {
    const { cluster } = withJob({ capacity: Capacity.flexStart(), checkpoints: { name: 'runs' } });
    expect(
      findingsOf(cluster).find(({ id, message }) => id === 'cost/price' && message.includes('flex-start')),
    ).toMatchObject({ level: 'info' });
  });

  test('report a file system with unknown throughput', () => {
    const storage = TrainingStorage.fromFileSystem({ volumeHandle: 'h', serverIp: 'i', fsName: 'f', zone: ZONE });
    expect(idsOf(withJob({ storage }).cluster)).toContain('storage/unknown-throughput');
  });
});

test('writes one report with all plans of the app', () => {
  const workloads = reportOf((app) => {
    for (const id of ['A', 'B']) {
      new TrainingCluster(new TerraformStack(app, id), 'Pretrain', {
        machine: GoogleMachine.A3_MEGAGPU_8G,
        nodes: 16,
        zone: ZONE,
        prices: PRICES,
        installation: Installation.gitOps(),
        job: pretraining({ model: ModelSpec.LLAMA_3_1_8B }),
      });
    }
  });
  expect(workloads).toMatchObject([{ path: 'A/Pretrain' }, { path: 'B/Pretrain' }]);
});
