import { TerraformStack, TerraformVariable } from 'cdktf';
import { findingsOf, ModelSpec } from 'ai-infra-constructs';
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

const PRICES = [{ machine: 'Standard_ND96isr_H100_v5', market: 'on-demand', usdPerHour: 80 }] as const;
const withJob = (props: Partial<TrainingClusterProps> = {}) =>
  synthCluster({ job: pretraining(), prices: PRICES, ...props });
const codesOf = (props: Partial<TrainingClusterProps>) => problemsOf(() => withJob(props)).map(({ code }) => code);
const idsOf = (cluster: TrainingCluster) => findingsOf(cluster).map(({ id }) => id);

describe('a job', () => {
  test('sizes the nodes and the file system that were left open, and the plan is of these', () => {
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

  test('leaves alone what is stated', () => {
    const { stack, cluster } = withJob({ nodes: 32, storage: TrainingStorage.lustre({ sizeGiB: 40_960 }) });
    expect(cluster.nodeGroup.nodes).toBe(32);
    expect(theOnly(stack, 'azurerm_managed_lustre_file_system').storage_capacity_in_tb).toBe(40);
  });

  test('is planned in a region that is known only later', () => {
    const stack = newStack();
    const { stringValue: location } = new TerraformVariable(stack, 'Location', { type: 'string' });
    const props = clusterProps({ job: pretraining(), prices: PRICES, resourceGroup: { name: 'ml', location } });
    expect(new TrainingCluster(stack, 'Pretrain', props).plan?.cluster.nodes).toBeGreaterThan(1);
  });

  test('that is too large or too slow is refused with what would do, and nothing is made', () => {
    expect(codesOf({ nodes: 1 })).toContain('MemoryTooSmall');
    const [late] = problemsOf(() => withJob({ nodes: 4, job: pretraining({ tokens: 1e13 }) }));
    expect(late).toMatchObject({ code: 'DeadlineMissed', prop: 'job.finishWithin' });
  });

  test('that no number of nodes does, is refused', () => {
    expect(codesOf({ job: pretraining({ tokens: 1e18 }) })).toContain('JobTooLarge');
  });

  test('with a price that is none is refused by the name of the prop', () => {
    const prices = [{ ...PRICES[0], usdPerHour: -1 }];
    expect(problemsOf(() => withJob({ prices }))).toMatchObject([
      { code: 'PriceInvalid', prop: 'prices[0].usdPerHour' },
    ]);
  });

  test('on nodes that are taken back needs a store', () => {
    expect(codesOf({ capacity: Capacity.spot(), storage: TrainingStorage.none() })).toContain('CheckpointStoreMissing');
  });
});

describe('findings', () => {
  test('of the plan stand on the cluster, those of its nodes only once', () => {
    const { cluster } = withJob({ prices: undefined });
    expect(idsOf(cluster)).toContain('cost/price');
    expect(idsOf(cluster)).not.toContain('machine/unverified');
  });

  test('ask nobody to change the file system that the cluster sized itself', () => {
    const sizes = { nodes: 256, job: pretraining({ tokens: 2e12, finishWithinDays: undefined }) };
    expect(withJob(sizes).cluster.plan!.findings.map(({ id }) => id)).not.toContain('storage/checkpoint-slow');
    const storage = TrainingStorage.lustre({ sizeGiB: 16_384, throughputMBpsPerTiB: 250 });
    expect(idsOf(withJob({ ...sizes, storage }).cluster)).toContain('storage/checkpoint-slow');
  });

  test('say where a file system does not tell what it gives', () => {
    const storage = TrainingStorage.existing({ name: 'fs', mgsAddress: '10.0.0.4', zone: '1' });
    expect(idsOf(withJob({ storage }).cluster)).toContain('storage/unknown-throughput');
  });
});

test('the report of all plans of the app is written beside the stacks', () => {
  const workloads = reportOf((app) => {
    for (const id of ['A', 'B']) {
      const job = pretraining({ model: ModelSpec.LLAMA_3_1_8B });
      const props = clusterProps({ nodes: 16, prices: PRICES, installation: Installation.gitOps(), job });
      new TrainingCluster(new TerraformStack(app, id), 'Pretrain', props);
    }
  });
  expect(workloads).toMatchObject([{ path: 'A/Pretrain' }, { path: 'B/Pretrain' }]);
});
