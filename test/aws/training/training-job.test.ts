import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type * as Core from 'ai-infra-constructs';
import { findingsOf, ModelSpec, Prices, TrainingJob } from 'ai-infra-constructs';
import type * as Aws from 'ai-infra-constructs/aws';
import {
  AwsMachine,
  Capacity,
  DataBucket,
  Installation,
  Interconnect,
  LustreFileSystem,
  TrainingCluster,
  type TrainingClusterProps,
  TrainingPlatform,
  TrainingStorage,
} from 'ai-infra-constructs/aws';
import { atProbability, type PlanRange } from 'ai-infra-constructs/planning';
import { errorOf, problemsOf } from '../support';
import { jobCluster, PRICED, pretraining } from './job-support';

const BLOCK = Capacity.capacityBlock('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a' });
const NAMED = { availabilityZones: ['us-east-1a', 'us-east-1b'] };
const SMALL = { model: ModelSpec.LLAMA_3_1_8B, tokens: 1e10 };

describe('sizing for a job', () => {
  test('uses the minimum number of nodes for the deadline', () => {
    const nodesWithin = (finishWithinDays: number) =>
      jobCluster({ job: pretraining({ finishWithinDays }) }).plan!.cluster.nodes;
    const [slow, fast] = [nodesWithin(60), nodesWithin(30)];

    expect(fast).toBeGreaterThan(slow);
    expect(problemsOf(errorOf(() => jobCluster({ job: pretraining(), nodes: slow })))).toEqual([
      'DeadlineMissed job.finishWithin',
    ]);
  });

  test('uses the minimum number of nodes for the model without a deadline', () => {
    const { nodeGroup, plan } = jobCluster({ job: pretraining({ finishWithinDays: undefined }) });

    expect(nodeGroup.nodes).toBe(plan!.cluster.nodes);
    expect(plan!.memory.fits).toBe(true);
    expect(
      problemsOf(errorOf(() => jobCluster({ nodes: 1, job: pretraining({ finishWithinDays: undefined }) }))),
    ).toContain('MemoryTooSmall nodes');
  });

  test('uses whole UltraServers for GB200', () => {
    const { nodeGroup } = jobCluster({
      ...NAMED,
      machine: AwsMachine.P6E_GB200_36XLARGE,
      capacity: BLOCK,
      job: TrainingJob.fineTune(SMALL),
    });
    expect(nodeGroup.nodes).toBe(9);
  });

  test('plans a custom machine like one in the table', () => {
    const machine = AwsMachine.of('p5.96xlarge', AwsMachine.P5_48XLARGE.spec);
    const prices = Prices.of([{ machine: machine.name, market: 'on-demand', usdPerHour: 60 }]);

    expect(jobCluster({ machine, prices }).plan!.cluster).toMatchObject({ machine: 'p5.96xlarge', chip: 'H100' });
  });

  test('creates a file system with space for tokens and checkpoints, and enough throughput', () => {
    const { fileSystem, plan } = jobCluster();
    const { heldGiB, writeMBps, given } = plan!.storage;

    expect(fileSystem!.sizeGiB).toBeGreaterThanOrEqual(heldGiB);
    expect(fileSystem!.throughputMBps).toBeGreaterThanOrEqual(writeMBps);
    expect(given).toEqual({ sizeGiB: fileSystem!.sizeGiB, throughputMBps: fileSystem!.throughputMBps });
    expect(plan!.checkpoint.verdict).toBe('ok');
  });

  test('keeps a given throughput, and derives the size', () => {
    const { fileSystem, plan } = jobCluster({ storage: TrainingStorage.lustre({ throughputMBpsPerTiB: 1000 }) });

    expect(fileSystem!.throughputMBps).toBe(fileSystem!.sizeGiB);
    expect(fileSystem!.sizeGiB).toBeGreaterThanOrEqual(plan!.storage.heldGiB);
  });

  test('keeps a given size, and uses the slowest tier that is fast enough', () => {
    const throughput = (sizeGiB: number) =>
      jobCluster({ storage: TrainingStorage.lustre({ size: Size.gibibytes(sizeGiB) }) }).fileSystem!.throughputMBps;

    expect(throughput(4800)).toBe(2400);
    expect(throughput(48_000)).toBe(6000);
  });

  test('uses a valid size for EFA', () => {
    const { fileSystem } = jobCluster({ storage: TrainingStorage.lustre({ efa: true }) });
    const steps = { 125: 38_400, 250: 19_200, 500: 9600, 1000: 4800 };
    const tier = (fileSystem!.throughputMBps! / fileSystem!.sizeGiB) * 1000;

    expect(fileSystem!.sizeGiB % steps[tier as keyof typeof steps]).toBe(0);
  });

  test('keeps all given values', () => {
    const storage = TrainingStorage.lustre({ size: Size.gibibytes(9600), throughputMBpsPerTiB: 500 });
    const { nodeGroup, fileSystem } = jobCluster({ nodes: 20, storage });

    expect([nodeGroup.nodes, fileSystem!.sizeGiB, fileSystem!.throughputMBps]).toEqual([20, 9600, 4800]);
  });

  test('sizes the cluster of a platform', () => {
    const platform = new TrainingPlatform(new Stack(new App(), 'Test', PRICED), 'Platform', {
      machine: AwsMachine.P5_48XLARGE,
      job: pretraining({ finishWithinDays: 150 }),
      // The platform creates a bucket for checkpoints, so a job on spot nodes can do without a file system.
      capacity: Capacity.spot({ fallback: Capacity.onDemand() }),
      storage: TrainingStorage.none(),
      costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml' },
      monthlyBudgetUsd: 1_000_000,
    });
    expect(platform.trainingCluster.nodeGroup.nodes).toBe(platform.trainingCluster.plan!.cluster.nodes);
  });
});

describe('the plan', () => {
  test('is for the first group, its market, and the region of the stack', () => {
    const groups = { evaluation: { machine: AwsMachine.G6E_48XLARGE, nodes: 2 } };
    const { plan } = jobCluster(
      { groups, nodes: 16, job: pretraining({ finishWithinDays: undefined }) },
      { env: { ...PRICED.env, region: 'us-west-2' } },
    );

    expect(plan!.cluster).toMatchObject({
      machine: 'p5.48xlarge',
      nodes: 16,
      market: 'on-demand',
      region: 'us-west-2',
    });
  });

  test.each([
    ['on-demand', Capacity.onDemand()],
    ['on-demand', Capacity.newReservation({ confirm: 'costs until deleted' })],
    ['on-demand', Capacity.reservation('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a' })],
    ['spot', Capacity.spot()],
    ['committed', BLOCK],
  ])('uses the %s price for the capacity', (market, capacity) => {
    const prices = Prices.of([{ machine: 'p5.48xlarge', market: 'committed', usdPerHour: 31.5 }]);
    const job = TrainingJob.pretrain(SMALL);

    expect(jobCluster({ ...NAMED, capacity, prices, job, nodes: 2 }).plan!.cluster.market).toBe(market);
  });

  test('prefers your own price', () => {
    const prices = Prices.of([{ machine: 'p5.48xlarge', market: 'on-demand', usdPerHour: 40 }]);
    const chosen = jobCluster({ prices }).plan!.costs.find((cost) => cost.chosen);

    expect(chosen!.price).toMatchObject({ usdPerHour: 40, overridden: true });
  });

  test('does not depend on the current day, unless a day is given', () => {
    const planOn = (day: string, props: Partial<TrainingClusterProps> = {}) => {
      jest.useFakeTimers({ now: new Date(day) });
      try {
        return jobCluster(props).plan;
      } finally {
        jest.useRealTimers();
      }
    };
    expect(planOn('2026-08-10')).toEqual(planOn('2036-08-10'));
    expect(planOn('2026-08-10', { prices: Prices.asOf('2036-08-10') })).not.toEqual(planOn('2036-08-10'));
  });

  test('exists only for a job', () => {
    expect(jobCluster({ job: undefined, nodes: 4 }).plan).toBeUndefined();
  });
});

test('plans with the fabric that the nodes use', () => {
  const fabric = (interconnect: Interconnect) => {
    const { rdma, fabricGbps } = jobCluster({ interconnect, nodes: 2, job: TrainingJob.lora(SMALL) }).plan!.cluster;
    return [rdma, fabricGbps];
  };
  expect(fabric(Interconnect.efa())).toEqual([true, 3200]);
  expect(fabric(Interconnect.efaOnCards([1, 2, 3, 4]))).toEqual([true, 400]);
  expect(fabric(Interconnect.none())).toEqual([false, 100]);
});

describe('without a job', () => {
  test('loads no module of the planner or the report', () => {
    jest.isolateModules(() => {
      const loaded: string[] = [];
      for (const name of [
        'core/planning/plan-training',
        'core/planning/options',
        'core/catalog/prices',
        'core/report/workload-report',
      ]) {
        jest.doMock(`../../../lib/${name}`, () => {
          loaded.push(name);
          return jest.requireActual<object>(`../../../lib/${name}`);
        });
      }
      const aws = jest.requireActual<typeof Aws>('../../../lib/aws');
      const app = new App();
      const make = (id: string, props: Partial<TrainingClusterProps>) =>
        new aws.TrainingCluster(new Stack(app, id), 'Pretrain', {
          machine: aws.AwsMachine.P5_48XLARGE,
          installation: aws.Installation.gitOps(),
          ...props,
        });
      make('Without', { nodes: 4 });
      expect(loaded).toEqual([]);
      make('With', { job: pretraining() });
      expect(loaded).toEqual(expect.arrayContaining(['core/planning/plan-training']));
    });
  });

  test('requires nodes', () => {
    expect(problemsOf(errorOf(() => jobCluster({ job: undefined })))).toEqual(['ValueMissing nodes']);
  });
});

describe('rejects a job', () => {
  const refused = (props: Partial<TrainingClusterProps>) => problemsOf(errorOf(() => jobCluster(props)));
  const days = (finishWithinDays?: number) => ({ finishWithinDays });

  test.each<[string, Partial<TrainingClusterProps>]>([
    ['MemoryTooSmall nodes', { nodes: 1, job: pretraining(days()) }],
    [
      'LayoutImpossible nodes',
      { nodes: 16, job: pretraining({ ...days(), parallelism: { tensor: 8, pipeline: 2, data: 7 } }) },
    ],
    ['DeadlineMissed job.finishWithin', { nodes: 16, job: pretraining(days(1)) }],
    ['BudgetExceeded job.budgetUsd', { nodes: 16, job: pretraining({ ...days(), budgetUsd: 10_000 }) }],
    [
      'DomainTooSmall job.parallelism.tensor',
      { nodes: 16, job: pretraining({ ...days(), parallelism: { tensor: 16 } }) },
    ],
    [
      'FabricTooSlow nodes',
      {
        interconnect: Interconnect.none(),
        nodes: 16,
        job: TrainingJob.pretrain({ ...SMALL, globalBatch: 128, sequenceLength: 1024 }),
      },
    ],
    [
      'CheckpointTooSlow storage.requiredThroughputMBps',
      {
        nodes: 144,
        job: pretraining(days()),
        storage: TrainingStorage.lustre({ size: Size.gibibytes(2400), throughputMBpsPerTiB: 125 }),
      },
    ],
    [
      'StorageTooSmall storage.size',
      {
        nodes: 16,
        job: pretraining(days()),
        storage: TrainingStorage.lustre({ size: Size.gibibytes(1200), throughputMBpsPerTiB: 1000 }),
      },
    ],
    ['SpotTooSlow capacity', { nodes: 200, capacity: Capacity.spot(), job: pretraining(days()) }],
    ['JobTooLarge nodes', { machine: AwsMachine.G5_48XLARGE, job: pretraining(days(0.1)) }],
    [
      'ChipUnplanned job',
      {
        machine: AwsMachine.of('p9.48xlarge', { ...AwsMachine.P5_48XLARGE.spec, chip: AwsMachine.P5_48XLARGE.chip }),
        nodes: 4,
      },
    ],
    [
      'CheckpointStoreMissing checkpoints',
      { nodes: 2, capacity: Capacity.spot(), storage: TrainingStorage.none(), job: TrainingJob.fineTune(SMALL) },
    ],
  ])('%s', (problem, props) => {
    expect(refused(props)).toEqual([problem]);
  });

  test('together with all other problems, hardware first', () => {
    expect(
      refused({
        nodes: 1,
        nodeOptions: { bootDisk: Size.gibibytes(1) },
        job: pretraining(days()),
        storage: TrainingStorage.lustre({ size: Size.gibibytes(1300) }),
      }),
    ).toEqual(['VolumeOutOfRange nodeOptions.bootDisk', 'LustreSize storage.size', 'MemoryTooSmall nodes']);
  });

  test('with the source of the limit', () => {
    expect(errorOf(() => jobCluster({ nodes: 1, job: pretraining(days()) })).message).toMatch(/arXiv 2205\.05198/);
  });

  test('before it creates a resource', () => {
    const stack = new Stack(new App(), 'Test', PRICED);
    errorOf(
      () =>
        new TrainingCluster(stack, 'Pretrain', { machine: AwsMachine.P5_48XLARGE, nodes: 1, job: pretraining(days()) }),
    );
    expect(stack.node.findAll().map(({ node }) => node.path)).toEqual(['Test', 'Test/Pretrain']);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a string', 'pretrain'],
    ['its own props', { model: ModelSpec.LLAMA_3_1_70B, tokens: 2e11 }],
    ['an object that looks like one', { trainableParameters: 1, recompute: 'none', tokens: 1, model: {} }],
    ['the class', TrainingJob],
  ])('that is %s', (_, job) => {
    expect(refused({ nodes: 4, job: job as never })).toEqual(['PropType job']);
  });

  test('but not one from another copy of the package', () => {
    jest.isolateModules(() => {
      const other = jest.requireActual<typeof Core>('../../../lib');
      expect(other.TrainingJob).not.toBe(TrainingJob);
      const job = other.TrainingJob.pretrain({
        model: other.ModelSpec.LLAMA_3_1_70B,
        tokens: 2e11,
        finishWithin: Duration.days(30),
      });
      expect(jobCluster({ job }).plan).toEqual(jobCluster().plan);
    });
  });
});

describe('findings of a job', () => {
  const ids = (props: Partial<TrainingClusterProps>) => findingsOf(jobCluster(props)).map(({ id }) => id);
  const days = (finishWithinDays?: number) => ({ finishWithinDays });

  test.each<[string, Partial<TrainingClusterProps>]>([
    ['evidence/no-measurement', { machine: AwsMachine.P6_B300_48XLARGE }],
    [
      'memory/fit',
      {
        machine: AwsMachine.P4D_24XLARGE,
        nodes: 16,
        job: pretraining({
          ...days(),
          parallelism: { tensor: 8, pipeline: 2 },
          microBatch: 1,
          recompute: 'selective',
          sharding: 'zero-2',
        }),
      },
    ],
    [
      'memory/long-sequence',
      { nodes: 8, job: TrainingJob.pretrain({ ...SMALL, sequenceLength: 65_536, parallelism: { tensor: 8 } }) },
    ],
    ['cost/price', { prices: Prices.asOf('2036-01-01') }],
    [
      'storage/throughput',
      {
        nodes: 16,
        job: pretraining(days()),
        storage: TrainingStorage.lustre({ size: Size.gibibytes(2400), throughputMBpsPerTiB: 1000 }),
      },
    ],
    [
      'storage/checkpoint-slow',
      {
        nodes: 16,
        job: pretraining(days()),
        storage: TrainingStorage.lustre({ size: Size.gibibytes(4800), throughputMBpsPerTiB: 125 }),
      },
    ],
    ['spot/goodput', { nodes: 20, capacity: Capacity.spot(), job: pretraining(days()) }],
    ['fabric/rdma', { interconnect: Interconnect.none(), nodes: 4, job: TrainingJob.lora(SMALL) }],
  ])('%s', (id, props) => {
    expect(ids(props)).toContain(id);
    expect(ids({})).not.toContain(id);
  });

  test('time/deadline and cost/budget, between the median and the value with a probability of 80%', () => {
    const { time, costs } = jobCluster({ nodes: 16, job: pretraining(days()) }).plan!;
    const between = (range: PlanRange) => atProbability(range, 0.65);
    const budgetUsd = between(costs[0]!.runUsd!);

    expect(
      ids({ nodes: 16, job: pretraining({ finishWithinDays: between(time.seconds!) / 86_400, budgetUsd }) }),
    ).toEqual(expect.arrayContaining(['time/deadline', 'cost/budget']));
  });

  test('cost/region, if the region is known only at deployment', () => {
    const cluster = jobCluster({}, {});
    expect(findingsOf(cluster).find(({ id }) => id === 'cost/region')?.message).toContain(cluster.plan!.cluster.region);
    expect(ids({})).not.toContain('cost/region');
  });

  test('cost/price, if a capacity block has the price of a term of years', () => {
    const prices = Prices.of([{ machine: 'trn1.32xlarge', market: 'committed', usdPerHour: 9 }]);
    const block = {
      ...NAMED,
      machine: AwsMachine.TRN1_32XLARGE,
      capacity: BLOCK,
      nodes: 4,
      job: TrainingJob.pretrain(SMALL),
    };
    const of3Years = (props: Partial<TrainingClusterProps>) =>
      findingsOf(jobCluster(props)).filter(({ message }) => message.includes('commitment of 3 years'));

    expect(of3Years(block).map(({ id }) => id)).toEqual(['cost/price']);
    expect(of3Years({ ...block, prices })).toEqual([]);
  });

  test('storage/unknown-throughput, if an existing file system has an unknown throughput', () => {
    const on = (throughputMBps?: number) => {
      const stack = new Stack(new App(), 'Test', PRICED);
      const fileSystem = LustreFileSystem.fromLustreFileSystemAttributes(stack, 'Files', {
        fileSystemId: 'fs-0a',
        dnsName: 'fs-0a.fsx.us-east-1.amazonaws.com',
        mountName: 'abcdefgh',
        size: Size.gibibytes(9600),
        throughputMBps,
        securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Servers', 'sg-0b'),
      });
      const cluster = new TrainingCluster(stack, 'Pretrain', {
        machine: AwsMachine.P5_48XLARGE,
        storage: TrainingStorage.fromFileSystem(fileSystem),
        installation: Installation.gitOps(),
        job: pretraining(),
      });
      return { given: cluster.plan!.storage.given, found: findingsOf(stack).map(({ id }) => id) };
    };
    expect(on()).toMatchObject({ found: expect.arrayContaining(['storage/unknown-throughput']) });
    const known = on(4800);
    expect(known.given).toEqual({ sizeGiB: 9600, throughputMBps: 4800 });
    expect(known.found).not.toContain('storage/unknown-throughput');
  });

  test('storage/grows-only, with the job as the reason', () => {
    const growth = findingsOf(jobCluster()).find(({ id }) => id === 'storage/grows-only');
    expect(growth?.message).toContain('depends on the job');
  });

  test('no spot/no-checkpoints with a bucket for checkpoints', () => {
    const checkpoints = (stack: Stack) => new DataBucket(stack, 'Checkpoints');
    const stack = new Stack(new App(), 'Test', PRICED);
    const cluster = new TrainingCluster(stack, 'Pretrain', {
      machine: AwsMachine.P5_48XLARGE,
      capacity: Capacity.spot(),
      storage: TrainingStorage.none(),
      checkpoints: checkpoints(stack),
      installation: Installation.gitOps(),
      nodes: 4,
      job: TrainingJob.pretrain(SMALL),
    });
    expect(findingsOf(cluster).map(({ id }) => id)).not.toContain('spot/no-checkpoints');
  });
});
