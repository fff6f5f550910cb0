import { App, Duration, Stack } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type * as Core from 'ai-infra-constructs';
import { findingsOf, ModelSpec, TrainingJob } from 'ai-infra-constructs';
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
import { errorOf, problemsOf } from '../support';
import { jobCluster, PRICED, pretraining } from './job-support';

const BLOCK = Capacity.capacityBlock('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a' });
const NAMED = { availabilityZones: ['us-east-1a', 'us-east-1b'] };
const SMALL = { model: ModelSpec.LLAMA_3_1_8B, tokens: 1e10 };

describe('what is left open is sized for the job', () => {
  test('the nodes are the fewest that end it in time', () => {
    const nodesWithin = (finishWithinDays: number) =>
      jobCluster({ job: pretraining({ finishWithinDays }) }).plan!.cluster.nodes;
    const [slow, fast] = [nodesWithin(60), nodesWithin(30)];

    expect(fast).toBeGreaterThan(slow);
    expect(problemsOf(errorOf(() => jobCluster({ job: pretraining(), nodes: slow })))).toEqual([
      'DeadlineMissed job.finishWithin',
    ]);
  });

  test('the group has them, and without a deadline they are those that hold the model', () => {
    const { nodeGroup, plan } = jobCluster({ job: pretraining({ finishWithinDays: undefined }) });

    expect(nodeGroup.nodes).toBe(plan!.cluster.nodes);
    expect(plan!.memory.fits).toBe(true);
    expect(
      problemsOf(errorOf(() => jobCluster({ nodes: 1, job: pretraining({ finishWithinDays: undefined }) }))),
    ).toContain('MemoryTooSmall nodes');
  });

  test('GB200 comes as whole UltraServers', () => {
    const { nodeGroup } = jobCluster({
      ...NAMED,
      machine: AwsMachine.P6E_GB200_36XLARGE,
      capacity: BLOCK,
      job: TrainingJob.fineTune(SMALL),
    });
    expect(nodeGroup.nodes).toBe(9);
  });

  test('a machine described by hand is planned like one of the table', () => {
    const machine = AwsMachine.of('p5.96xlarge', AwsMachine.P5_48XLARGE.spec);
    const prices = [{ machine: machine.name, market: 'on-demand', usdPerHour: 60 } as const];

    expect(jobCluster({ machine, prices }).plan!.cluster).toMatchObject({ machine: 'p5.96xlarge', chip: 'H100' });
  });

  test('the file system holds tokens and checkpoints, and is fast enough', () => {
    const { fileSystem, plan } = jobCluster();
    const { heldGiB, writeMBps, given } = plan!.storage;

    expect(fileSystem!.sizeGiB).toBeGreaterThanOrEqual(heldGiB);
    expect(fileSystem!.throughputMBps).toBeGreaterThanOrEqual(writeMBps);
    expect(given).toEqual({ sizeGiB: fileSystem!.sizeGiB, throughputMBps: fileSystem!.throughputMBps });
    expect(plan!.checkpoint.verdict).toBe('ok');
  });

  test('a stated throughput stays, and the size follows', () => {
    const { fileSystem, plan } = jobCluster({ storage: TrainingStorage.lustre({ throughputMBpsPerTiB: 1000 }) });

    expect(fileSystem!.throughputMBps).toBe(fileSystem!.sizeGiB);
    expect(fileSystem!.sizeGiB).toBeGreaterThanOrEqual(plan!.storage.heldGiB);
  });

  test('a stated size stays, and the slowest tier that is fast enough is taken', () => {
    const throughput = (sizeGiB: number) =>
      jobCluster({ storage: TrainingStorage.lustre({ sizeGiB }) }).fileSystem!.throughputMBps;

    expect(throughput(4800)).toBe(2400);
    expect(throughput(48_000)).toBe(6000);
  });

  test('with EFA the file system is on the grid of EFA', () => {
    const { fileSystem } = jobCluster({ storage: TrainingStorage.lustre({ efa: true }) });
    const steps = { 125: 38_400, 250: 19_200, 500: 9600, 1000: 4800 };
    const tier = (fileSystem!.throughputMBps! / fileSystem!.sizeGiB) * 1000;

    expect(fileSystem!.sizeGiB % steps[tier as keyof typeof steps]).toBe(0);
  });

  test('what is stated in full stays as it is', () => {
    const storage = TrainingStorage.lustre({ sizeGiB: 9600, throughputMBpsPerTiB: 500 });
    const { nodeGroup, fileSystem } = jobCluster({ nodes: 20, storage });

    expect([nodeGroup.nodes, fileSystem!.sizeGiB, fileSystem!.throughputMBps]).toEqual([20, 9600, 4800]);
  });

  test('a platform passes the job on', () => {
    const platform = new TrainingPlatform(new Stack(new App(), 'Test', PRICED), 'Platform', {
      machine: AwsMachine.P5_48XLARGE,
      job: pretraining({ finishWithinDays: 150 }),
      // The platform makes a bucket for checkpoints, so spot without a file system loses none.
      capacity: Capacity.spot({ fallback: Capacity.onDemand() }),
      storage: TrainingStorage.none(),
      costAllocation: { project: 'atlas', team: 'research', environment: 'prod', costCenter: 'R-17', owner: 'ml' },
      monthlyBudgetUsd: 1_000_000,
    });
    expect(platform.cluster.nodeGroup.nodes).toBe(platform.cluster.plan!.cluster.nodes);
  });
});

describe('the plan', () => {
  test('is of the first group, in its market and in the region of the stack', () => {
    const groups = { evaluation: { machine: AwsMachine.G6E_48XLARGE, nodes: 2 } };
    const { plan } = jobCluster({ groups, nodes: 16 }, { env: { ...PRICED.env, region: 'us-west-2' } });

    expect(plan!.cluster).toMatchObject({
      machine: 'p5.48xlarge',
      nodes: 16,
      market: 'on-demand',
      region: 'us-west-2',
    });
  });

  test.each([
    ['on-demand', Capacity.onDemand()],
    ['on-demand', Capacity.newReservation()],
    ['on-demand', Capacity.reservation('cr-0123456789abcdef0', { availabilityZone: 'us-east-1a' })],
    ['spot', Capacity.spot()],
    ['committed', BLOCK],
  ])('takes the %s price for what was bought', (market, capacity) => {
    const prices = [{ machine: 'p5.48xlarge', market: 'committed', usdPerHour: 31.5 } as const];
    const job = TrainingJob.pretrain(SMALL);

    expect(jobCluster({ ...NAMED, capacity, prices, job, nodes: 2 }).plan!.cluster.market).toBe(market);
  });

  test('takes a price of the user’s own before that of the table', () => {
    const prices = [{ machine: 'p5.48xlarge', market: 'on-demand', usdPerHour: 40 } as const];
    const chosen = jobCluster({ prices }).plan!.costs.find((cost) => cost.chosen);

    expect(chosen!.price).toMatchObject({ usdPerHour: 40, overridden: true });
  });

  test('is the same on every day, unless a day is stated', () => {
    const planOn = (day: string, props: Partial<TrainingClusterProps> = {}) => {
      jest.useFakeTimers({ now: new Date(day) });
      try {
        return jobCluster(props).plan;
      } finally {
        jest.useRealTimers();
      }
    };
    expect(planOn('2026-08-10')).toEqual(planOn('2036-08-10'));
    expect(planOn('2026-08-10', { pricesAsOf: '2036-08-10' })).not.toEqual(planOn('2036-08-10'));
  });

  test('is there only for a job', () => {
    expect(jobCluster({ job: undefined, nodes: 4 }).plan).toBeUndefined();
  });
});

test('the fabric of the plan is the one that is wired', () => {
  const fabric = (interconnect: Interconnect) => {
    const { rdma, fabricGbps } = jobCluster({ interconnect, nodes: 2, job: TrainingJob.lora(SMALL) }).plan!.cluster;
    return [rdma, fabricGbps];
  };
  expect(fabric(Interconnect.efa())).toEqual([true, 3200]);
  expect(fabric(Interconnect.efaOnCards([1, 2, 3, 4]))).toEqual([true, 400]);
  expect(fabric(Interconnect.none())).toEqual([false, 100]);
});

describe('without a job', () => {
  test('nothing is planned: no module of the planner or of the report is loaded', () => {
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

  test('the nodes must be given', () => {
    expect(problemsOf(errorOf(() => jobCluster({ job: undefined })))).toEqual(['ValueMissing nodes']);
  });
});

describe('a job is refused', () => {
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
      { interconnect: Interconnect.none(), nodes: 4, job: TrainingJob.pretrain({ ...SMALL, globalBatch: 96 }) },
    ],
    [
      'CheckpointTooSlow storage.requiredThroughputMBps',
      {
        nodes: 144,
        job: pretraining(days()),
        storage: TrainingStorage.lustre({ sizeGiB: 2400, throughputMBpsPerTiB: 125 }),
      },
    ],
    [
      'StorageTooSmall storage.sizeGiB',
      { nodes: 16, storage: TrainingStorage.lustre({ sizeGiB: 1200, throughputMBpsPerTiB: 1000 }) },
    ],
    ['SpotUseless capacity', { nodes: 200, capacity: Capacity.spot(), job: pretraining(days()) }],
    ['JobTooLarge nodes', { machine: AwsMachine.G5_48XLARGE, job: pretraining(days(1)) }],
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
    ['PlanInvalid pricesAsOf', { pricesAsOf: 'yesterday' }],
    [
      'PriceInvalid prices[0].usdPerHour',
      { prices: [{ machine: 'p5.48xlarge', market: 'on-demand', usdPerHour: -1 }] },
    ],
    [
      'ChoiceUnknown prices[0].market',
      { prices: [{ machine: 'p5.48xlarge', market: 'gift' as never, usdPerHour: 1 }] },
    ],
    ['ValueMissing prices[0].usdPerHour', { prices: [{ machine: 'p5.48xlarge', market: 'spot' } as never] }],
  ])('%s', (problem, props) => {
    expect(refused(props)).toEqual([problem]);
  });

  test('together with all else that contradicts itself, hardware first', () => {
    expect(
      refused({
        nodes: 1,
        rootVolumeGiB: 1,
        job: pretraining(days()),
        storage: TrainingStorage.lustre({ sizeGiB: 1300 }),
      }),
    ).toEqual(['VolumeOutOfRange rootVolumeGiB', 'LustreSize storage.sizeGiB', 'MemoryTooSmall nodes']);
  });

  test('with the row or the limit behind it', () => {
    expect(errorOf(() => jobCluster({ nodes: 1, job: pretraining(days()) })).message).toMatch(/arXiv 2205\.05198/);
  });

  test('before anything is made', () => {
    const stack = new Stack(new App(), 'Test', PRICED);
    errorOf(
      () =>
        new TrainingCluster(stack, 'Pretrain', { machine: AwsMachine.P5_48XLARGE, nodes: 1, job: pretraining(days()) }),
    );
    expect(stack.node.findAll().map(({ node }) => node.path)).toEqual(['Test', 'Test/Pretrain']);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'pretrain'],
    ['its own props', { model: ModelSpec.LLAMA_3_1_70B, tokens: 2e11 }],
    ['an object that looks like one', { trainableParameters: 1, recompute: 'none', tokens: 1, model: {} }],
    ['the class', TrainingJob],
  ])('where it is %s', (_, job) => {
    expect(refused({ nodes: 4, job: job as never })).toEqual(['PropType job']);
  });

  test('of another copy of the package is not', () => {
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

describe('what is doubtful about a job is a finding', () => {
  const ids = (props: Partial<TrainingClusterProps>) => findingsOf(jobCluster(props)).map(({ id }) => id);
  const days = (finishWithinDays?: number) => ({ finishWithinDays });

  test.each<[string, Partial<TrainingClusterProps>]>([
    ['evidence/no-measurement', { machine: AwsMachine.P5EN_48XLARGE }],
    ['memory/fit', { machine: AwsMachine.P4D_24XLARGE, nodes: 16, job: pretraining(days()) }],
    [
      'memory/long-sequence',
      { nodes: 8, job: TrainingJob.pretrain({ ...SMALL, sequenceLength: 65_536, recompute: 'full' }) },
    ],
    ['cost/price', { pricesAsOf: '2036-01-01' }],
    [
      'storage/throughput',
      { nodes: 16, storage: TrainingStorage.lustre({ sizeGiB: 2400, throughputMBpsPerTiB: 1000 }) },
    ],
    [
      'storage/checkpoint-slow',
      { nodes: 16, storage: TrainingStorage.lustre({ sizeGiB: 4800, throughputMBpsPerTiB: 125 }) },
    ],
    ['spot/goodput', { nodes: 20, capacity: Capacity.spot(), job: pretraining(days()) }],
    ['fabric/rdma', { interconnect: Interconnect.none(), nodes: 4, job: TrainingJob.lora(SMALL) }],
  ])('%s', (id, props) => {
    expect(ids(props)).toContain(id);
    expect(ids({})).not.toContain(id);
  });

  test('time/deadline and cost/budget, between what half and what three quarters of runs need', () => {
    const { time, costs } = jobCluster({ nodes: 16, job: pretraining(days()) }).plan!;
    const between = ({ p25, median }: { p25: number; median: number }) => (p25 + median) / 2;
    const budgetUsd = between(costs[0]!.runUsd!);

    expect(
      ids({ nodes: 16, job: pretraining({ finishWithinDays: between(time.seconds!) / 86_400, budgetUsd }) }),
    ).toEqual(expect.arrayContaining(['time/deadline', 'cost/budget']));
  });

  test('cost/region, where only the deployment knows the region', () => {
    const cluster = jobCluster({}, {});
    expect(findingsOf(cluster).find(({ id }) => id === 'cost/region')?.message).toContain(cluster.plan!.cluster.region);
    expect(ids({})).not.toContain('cost/region');
  });

  test('cost/price, where a capacity block has the price of a term of years', () => {
    const prices = [{ machine: 'trn1.32xlarge', market: 'committed', usdPerHour: 9 } as const];
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

  test('storage/unknown-throughput, where a file system exists and nobody said what it gives', () => {
    const on = (throughputMBps?: number) => {
      const stack = new Stack(new App(), 'Test', PRICED);
      const fileSystem = LustreFileSystem.fromAttributes(stack, 'Files', {
        fileSystemId: 'fs-0a',
        dnsName: 'fs-0a.fsx.us-east-1.amazonaws.com',
        mountName: 'abcdefgh',
        sizeGiB: 9600,
        throughputMBps,
        securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Servers', 'sg-0b'),
      });
      const cluster = new TrainingCluster(stack, 'Pretrain', {
        machine: AwsMachine.P5_48XLARGE,
        storage: TrainingStorage.existing(fileSystem),
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

  test('storage/grows-only names the job that the size follows', () => {
    const growth = findingsOf(jobCluster()).find(({ id }) => id === 'storage/grows-only');
    expect(growth?.message).toContain('follows the job');
  });

  test('spot without checkpoints and a machine that was not verified are told once, by who knows better', () => {
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
