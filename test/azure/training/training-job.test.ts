import { TerraformStack, TerraformVariable } from 'cdktf';
import { findingsOf, ModelSpec, Prices } from 'ai-infra-constructs';
import {
  Capacity,
  Installation,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingStorage,
} from 'ai-infra-constructs/azure';
import { reportOf } from '../../terraform/support';
import { newStack, problemsOf, theOnly } from '../support';
import { clusterProps, pretraining, synthCluster } from './support';

const PRICE = { machine: 'Standard_ND96isr_H100_v5', market: 'on-demand', usdPerHour: 80 } as const;
const PRICES = Prices.of([PRICE]);
const withJob = (props: Partial<TrainingClusterProps> = {}) =>
  synthCluster({ job: pretraining(), prices: PRICES, ...props });
const codesOf = (props: Partial<TrainingClusterProps>) => problemsOf(() => withJob(props)).map(({ code }) => code);
const idsOf = (cluster: TrainingCluster) => findingsOf(cluster).map(({ id }) => id);

describe('a job', () => {
  test('sizes nodes and file system, and plans with these sizes', () => {
    const { stack, cluster } = withJob();
    expect(cluster.plan).toMatchObject({
      kind: 'training',
      cluster: { cloud: 'azure', machine: 'Standard_ND96isr_H100_v5' },
    });
    expect(cluster.nodeGroup.nodes).toBe(cluster.plan!.cluster.nodes);
    expect(cluster.plan!.contradictions).toEqual([]);
    const { storage_capacity_in_tb: tib } = theOnly(stack, 'azurerm_managed_lustre_file_system');
    expect(tib * 1024).toBe(cluster.plan!.storage.given!.sizeGiB);
  });

  test('keeps explicit sizes', () => {
    const { stack, cluster } = withJob({ nodes: 32, storage: TrainingStorage.lustre({ sizeGiB: 40_960 }) });
    expect(cluster.nodeGroup.nodes).toBe(32);
    expect(theOnly(stack, 'azurerm_managed_lustre_file_system').storage_capacity_in_tb).toBe(40);
  });

  test('is planned if the region is a token', () => {
    const stack = newStack();
    const { stringValue: location } = new TerraformVariable(stack, 'Location', { type: 'string' });
    const props = clusterProps({ job: pretraining(), prices: PRICES, resourceGroup: { name: 'ml', location } });
    expect(new TrainingCluster(stack, 'Pretrain', props).plan?.cluster.nodes).toBeGreaterThan(1);
  });

  test('is rejected if it is too large or too slow', () => {
    expect(codesOf({ nodes: 1 })).toContain('MemoryTooSmall');
    const [late] = problemsOf(() => withJob({ nodes: 4, job: pretraining({ tokens: 1e13 }) }));
    expect(late).toMatchObject({ code: 'DeadlineMissed', prop: 'job.finishWithin' });
  });

  test('is rejected if no number of nodes is enough', () => {
    expect(codesOf({ job: pretraining({ tokens: 1e18 }) })).toContain('JobTooLarge');
  });

  test('is rejected with an invalid price', () => {
    const prices = Prices.of([{ ...PRICE, usdPerHour: -1 }]);
    expect(problemsOf(() => withJob({ prices }))).toMatchObject([
      { code: 'PriceInvalid', prop: 'prices.overrides[0].usdPerHour' },
    ]);
  });

  test('requires a bucket for checkpoints on spot nodes', () => {
    expect(codesOf({ capacity: Capacity.spot(), storage: TrainingStorage.none() })).toContain('CheckpointStoreMissing');
  });
});

describe('findings', () => {
  test('of the plan are on the cluster, without duplicates of its nodes', () => {
    const { cluster } = withJob({ prices: undefined });
    expect(idsOf(cluster)).toContain('cost/region');
    expect(idsOf(cluster)).not.toContain('machine/unverified');
  });

  test('do not report a file system that the cluster sized', () => {
    const sizes = { nodes: 256, job: pretraining({ tokens: 2e12, finishWithinDays: undefined }) };
    expect(withJob(sizes).cluster.plan!.findings.map(({ id }) => id)).not.toContain('storage/checkpoint-slow');
    const storage = TrainingStorage.lustre({ sizeGiB: 16_384, throughputMBpsPerTiB: 250 });
    expect(idsOf(withJob({ ...sizes, storage }).cluster)).toContain('storage/checkpoint-slow');
  });

  test('report an existing file system with unknown throughput', () => {
    const storage = TrainingStorage.fromFileSystem({ name: 'fs', mgsAddress: '10.0.0.4', zone: '1' });
    expect(idsOf(withJob({ storage }).cluster)).toContain('storage/unknown-throughput');
  });
});

test('writes a report of all plans of the app', () => {
  const workloads = reportOf((app) => {
    for (const id of ['A', 'B']) {
      const job = pretraining({ model: ModelSpec.LLAMA_3_1_8B });
      const props = clusterProps({ nodes: 16, prices: PRICES, installation: Installation.gitOps(), job });
      new TrainingCluster(new TerraformStack(app, id), 'Pretrain', props);
    }
  });
  expect(workloads).toMatchObject([{ path: 'A/Pretrain' }, { path: 'B/Pretrain' }]);
});
