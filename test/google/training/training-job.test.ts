import { TerraformStack } from 'cdktf';
import { findingsOf, ModelSpec, type TrainingJobProps } from 'ai-infra-constructs';
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

const PRICES = [{ machine: 'a3-megagpu-8g', market: 'on-demand', usdPerHour: 80 }] as const;
const withJob = (props: Partial<TrainingClusterProps> = {}) =>
  synthCluster({ job: pretraining(), prices: PRICES, ...props });
const idsOf = (cluster: TrainingCluster) => findingsOf(cluster).map(({ id }) => id);

describe('a job', () => {
  test('sizes the nodes and the file system that were left open, and the plan is of these', () => {
    const { stack, cluster } = withJob();
    expect(cluster.plan).toMatchObject({ kind: 'training', cluster: { cloud: 'google', machine: 'a3-megagpu-8g' } });
    expect(cluster.nodeGroup.nodes).toBe(cluster.plan!.cluster.nodes);
    expect(cluster.plan!.contradictions).toEqual([]);
    expect(Number(theOnly(stack, 'google_lustre_instance').capacity_gib)).toBe(cluster.plan!.storage.given!.sizeGiB);
  });

  test('leaves alone what is stated', () => {
    const { stack, cluster } = withJob({ nodes: 32, storage: TrainingStorage.lustre({ sizeGiB: 36_000 }) });
    expect(cluster.nodeGroup.nodes).toBe(32);
    expect(theOnly(stack, 'google_lustre_instance').capacity_gib).toBe('36000');
  });

  test('is planned on all slices of TPUs', () => {
    const { cluster } = withJob({
      machine: GoogleMachine.CT5P_HIGHTPU_4T,
      topology: '4x4x4',
      slices: 2,
      job: pretraining({ finishWithinDays: undefined }),
    });
    expect(cluster.plan!.cluster).toMatchObject({ machine: 'ct5p-hightpu-4t', nodes: 32 });
    expect(cluster.nodeGroup.nodes).toBe(32);
  });

  test('keeps within one slice of TPUs what only ICI joins', () => {
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

  test('that is too large or too slow is refused with what would do, and nothing is made', () => {
    expect(problemsOf(() => withJob({ nodes: 1 })).map(({ code }) => code)).toContain('MemoryTooSmall');
    const [late] = problemsOf(() => withJob({ nodes: 4, job: pretraining({ tokens: 1e13 }) }));
    expect(late).toMatchObject({ code: 'DeadlineMissed', prop: 'job.finishWithin' });
  });

  test('that no number of nodes does, is refused', () => {
    expect(problemsOf(() => withJob({ job: pretraining({ tokens: 1e18 }) })).map(({ code }) => code)).toContain(
      'JobTooLarge',
    );
  });

  test('with a price that is none is refused by the name of the prop', () => {
    const prices = [{ ...PRICES[0], usdPerHour: -1 }];
    expect(problemsOf(() => withJob({ prices }))).toMatchObject([
      { code: 'PriceInvalid', prop: 'prices[0].usdPerHour' },
    ]);
  });

  test('on nodes that are taken back needs a store', () => {
    const props = { capacity: Capacity.spot(), storage: TrainingStorage.none() };
    expect(problemsOf(() => withJob(props)).map(({ code }) => code)).toContain('CheckpointStoreMissing');
  });
});

describe('findings', () => {
  test('of the plan stand on the cluster, those of its nodes only once', () => {
    const { cluster } = withJob({ prices: undefined });
    expect(idsOf(cluster)).toContain('cost/price');
    expect(idsOf(cluster).filter((id) => id === 'machine/unverified')).toEqual([]);
  });

  test('ask nobody to change the file system that the cluster sized itself', () => {
    const sizes = { nodes: 256, job: pretraining({ tokens: 2e12, finishWithinDays: undefined }) };
    expect(withJob(sizes).cluster.plan!.findings.map(({ id }) => id)).not.toContain('storage/checkpoint-slow');
    const storage = TrainingStorage.lustre({ sizeGiB: 18_000, throughputMBpsPerTiB: 500 });
    expect(idsOf(withJob({ ...sizes, storage }).cluster)).toContain('storage/checkpoint-slow');
  });

  test('say that flex-start has no price of its own', () => {
    const { cluster } = withJob({ capacity: Capacity.flexStart(), checkpoints: { name: 'runs' } });
    expect(
      findingsOf(cluster).find(({ id, message }) => id === 'cost/price' && message.includes('flex-start')),
    ).toMatchObject({ level: 'info' });
  });

  test('say where a file system does not tell what it gives', () => {
    const storage = TrainingStorage.existing({ volumeHandle: 'h', serverIp: 'i', fsName: 'f', zone: ZONE });
    expect(idsOf(withJob({ storage }).cluster)).toContain('storage/unknown-throughput');
  });
});

test('the report of all plans of the app is written beside the stacks', () => {
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
