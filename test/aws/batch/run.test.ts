import fc from 'fast-check';
import { AwsMachine, Capacity } from 'ai-infra-constructs/aws';
import type { Json } from '../../asl/expressions';
import { ATTEMPT_SECONDS, type Scenario, type AttemptResult, WAIT_SECONDS } from './fake-batch';
import { World, type WorldProps } from './world';

const SHARDS = ['a.jsonl', 'b.jsonl', 'sub/c.jsonl'];
const HOUR = ATTEMPT_SECONDS.done;

/** One shard has this result; the others are done. */
const when =
  (shard: string, result: AttemptResult): Scenario =>
  (name) =>
    name === shard ? result : 'done';

/** 100 shards, so that one failed shard is one percent. */
const HUNDRED = Array.from({ length: 100 }, (_, index) => `${String(index).padStart(3, '0')}.jsonl`);

describe('a run over a prefix', () => {
  test('processes each shard once, and records time and cost by market', async () => {
    const world = new World().shards(...SHARDS);
    expect(await world.run()).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'complete' } });
    expect(world.batch.work.map(({ shard }) => shard).sort()).toEqual([...SHARDS].sort());
    expect(world.markers().sort()).toEqual([...SHARDS].sort());
    const record = world.record();
    expect(record).toMatchObject({
      ...{ run: 'run-1', outcome: 'complete', shards: 3, done: 3, skipped: 0, failed: 0, stopped: null },
      ...{ machine: 'g6e.48xlarge', compute: 'aws-batch', waitSeconds: WAIT_SECONDS },
      startedAt: '2026-11-25T10:00:00.000Z',
    });
    const [spot] = record.prices as [{ market: string; usdPerHour: number }];
    expect(spot).toMatchObject({ market: 'spot', usdPerHour: expect.any(Number) as number });
    expect(record.usage).toHaveLength(1);
    expect(record.usage[0]).toMatchObject({ market: 'spot', seconds: 3 * HOUR });
    expect(record.usd).toBeCloseTo(3 * spot.usdPerHour, 3);
  });

  test('counts a share of the machine if a shard uses a share of it', async () => {
    const world = new World({ batch: { acceleratorsPerReplica: 2 } }).shards('a');
    await world.run();
    const { usd, prices, shardsPerMachine } = world.record();
    expect(shardsPerMachine).toBe(4);
    expect(usd).toBeCloseTo(prices[0].usdPerHour / 4, 3);
  });

  test('publishes the metrics of the alarms', async () => {
    const world = new World({ toleratedFailurePercent: 100 }, { scenario: when('b', 'crash') }).shards('a', 'b');
    await world.run();
    const sum = (name: string) =>
      world.metrics
        .filter(({ MetricName }) => MetricName === name)
        .map(({ Value }) => Value as number)
        .reduce((total, value) => total + value, 0);
    expect([sum('ShardsDone'), sum('ShardsFailed'), sum('WaitSeconds')]).toEqual([1, 1, 2 * WAIT_SECONDS]);
    expect(sum('Usd')).toBeCloseTo(world.record().usd as number, 3);
  });

  test('ignores objects that represent folders in the console', async () => {
    const world = new World().shards('', 'sub/', 'sub/a');
    expect(await world.run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.record()).toMatchObject({ shards: 1, done: 1, outcome: 'complete' });
  });

  test('over an empty prefix succeeds without a job, and records it', async () => {
    const world = new World();
    expect(await world.run()).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'empty' } });
    expect(world.record()).toMatchObject({ outcome: 'empty', shards: 0, usage: [], usd: 0 });
    expect(world.batch.work).toEqual([]);
  });

  test('records no cost if a market has no price', async () => {
    const world = new World({ batch: { machine: AwsMachine.G6E_12XLARGE } }).shards('a');
    await world.run();
    expect(world.record()).toMatchObject({ usd: null, usage: [{ market: 'spot', seconds: HOUR, usd: null }] });
    expect(world.metrics.map(({ MetricName }) => MetricName)).not.toContain('Usd');
  });

  test('over a whole bucket processes every object', async () => {
    const world = new World({ inputPrefix: '' }).shards('a');
    world.s3.put(world.bucketOf('Input'), 'other/b', 'prompt');
    await world.run();
    expect(world.markers()).toEqual(['other/b', 'requests/a']);
  });

  test('counts the shards of a job without a record as failed, and the next run finds them done', async () => {
    const rejects = (key: string) => key.endsWith('Shards-7.json');
    const world = new World(undefined, { rejects }).shards(...HUNDRED, 'folder/');
    expect(await world.run()).toMatchObject({ output: { outcome: 'tolerated' } });
    expect(world.record()).toMatchObject({ shards: 100, done: 99, failed: 1, unrecorded: 1 });
    await world.now({}).run();
    expect(world.record()).toMatchObject({ done: 0, skipped: 100, failed: 0, unrecorded: 0, outcome: 'complete' });
  });

  test('fails during an earlier run, and continues during a later one', async () => {
    const running = [{ Name: 'nightly', StartDate: '2026-11-25T09:00:00.000Z' }];
    const world = new World(undefined, { running }).shards('a');
    expect(await world.run()).toMatchObject({ status: 'FAILED', error: 'RunInProgress' });
    expect(world.batch.work).toEqual([]);
    world.now({ running: [{ Name: 'later', StartDate: '2026-11-25T10:00:00.001Z' }] });
    expect(await world.run()).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('starts only one of two runs with the same start time', async () => {
    const twin = (name: string) => ({ running: [{ Name: name, StartDate: '2026-11-25T10:00:00.000Z' }] });
    const world = new World(undefined, twin('run-0')).shards('a');
    expect(await world.run()).toMatchObject({ error: 'RunInProgress' });
    expect(await world.now(twin('run-9')).run()).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('a shard that fails', () => {
  test('is not retried, is recorded with its reason, and is tolerated below the threshold', async () => {
    const world = new World(undefined, { scenario: when('007.jsonl', 'crash') }).shards(...HUNDRED);
    expect(await world.run()).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'tolerated' } });
    expect(world.batch.work.filter(({ shard }) => shard === '007.jsonl')).toHaveLength(1);
    expect(world.record()).toMatchObject({ outcome: 'tolerated', shards: 100, done: 99, failed: 1 });
    const failed = recordsOf(world).filter((each) => each.failed > 0);
    expect(failed).toMatchObject([
      { failures: ['007.jsonl'], reasons: [expect.stringContaining('OutOfMemoryError') as string] },
    ]);
  });

  test('is a shard without a marker whose job succeeded', async () => {
    const world = new World(undefined, { scenario: when('007.jsonl', 'no-marker') }).shards(...HUNDRED);
    await world.run();
    expect(world.record()).toMatchObject({ failed: 1, done: 99 });
    expect(recordsOf(world).flatMap(({ reasons }) => reasons)).toEqual([
      'The job succeeded, but the shard has no marker.',
    ]);
  });

  test('above the threshold stops the run, which still writes its record', async () => {
    const world = new World({ toleratedFailurePercent: 3 }, { scenario: () => 'crash' }).shards(...HUNDRED);
    expect(await world.run()).toMatchObject({ status: 'FAILED', error: 'TooManyShardsFailed' });
    expect(world.batch.work).toHaveLength(4);
    expect(world.record()).toMatchObject({
      outcome: 'stopped',
      stopped: 'States.ExceedToleratedFailureThreshold',
      failed: 4,
    });
    expect(world.record().usage[0].seconds).toBe(4 * HOUR);
  });

  test('is the only shard that the next run processes', async () => {
    const world = new World(undefined, { scenario: when('007.jsonl', 'crash') }).shards(...HUNDRED);
    await world.run();
    expect(await world.now({}).run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.batch.work).toEqual([
      { shard: '007.jsonl', attempt: 1, queue: expect.any(String) as string, result: 'done' },
    ]);
    expect(world.record()).toMatchObject({ shards: 100, done: 1, skipped: 99, failed: 0 });
    expect(world.record(1)).toMatchObject({ failed: 1 });
  });
});

describe('a rejected job', () => {
  test('fails its shards with the error of AWS Batch, and has no cost', async () => {
    const world = new World({ toleratedFailurePercent: 100 }, { closed: true }).shards('a');
    expect(await world.run()).toMatchObject({ output: { outcome: 'tolerated' } });
    expect(world.record()).toMatchObject({ failed: 1, usd: 0, usage: [{ market: 'spot', seconds: 0 }] });
    expect(recordsOf(world).flatMap(({ reasons }) => reasons)).toEqual([
      'Batch.ClientException: the queue is disabled',
    ]);
  });

  test('fails its shards with the error of SageMaker', async () => {
    const world = new World({ transform: { modelName: 'gone' }, toleratedFailurePercent: 100 }).shards('a');
    await world.run();
    expect(world.record()).toMatchObject({ failed: 1, usage: [{ market: 'on-demand', seconds: 0, usd: 0 }] });
    expect(recordsOf(world).flatMap(({ reasons }) => reasons)).toEqual([
      'SageMaker.SageMakerException: Could not find model',
    ]);
  });
});

describe('a run after a stopped run', () => {
  test('processes the missing shards', async () => {
    const world = new World({ toleratedFailurePercent: 0 }, { scenario: when('004.jsonl', 'crash') }).shards(
      ...HUNDRED,
    );
    expect(await world.run()).toMatchObject({ status: 'FAILED' });
    expect(world.markers()).toHaveLength(4);
    expect(await world.now({}).run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.batch.work).toHaveLength(96);
    expect(world.markers().sort()).toEqual(HUNDRED);
  });

  test('starts no job if all shards are done', async () => {
    const world = new World().shards(...SHARDS);
    await world.run();
    expect(await world.now({}).run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.batch.work).toEqual([]);
    expect(world.record()).toMatchObject({ done: 0, skipped: 3, usd: 0, usage: [] });
  });

  test('processes only the shard whose input was replaced', async () => {
    const world = new World().shards(...SHARDS);
    await world.run();
    world.s3.put(world.bucketOf('Input'), 'requests/b.jsonl', 'other prompts');
    await world.now({}).run();
    expect(world.batch.work.map(({ shard }) => shard)).toEqual(['b.jsonl']);
    expect(world.s3.get(world.bucketOf('Results'), 'batch/output/b.jsonl')).toBe('answer to other prompts');
  });
});

describe('a reclaimed machine', () => {
  test('costs its time, and the shard continues from its checkpoint on the next machine', async () => {
    const world = new World(undefined, { scenario: (_, attempt) => (attempt < 3 ? 'lost' : 'done') }).shards('a');
    expect(await world.run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.batch.work.map(({ result }) => result)).toEqual(['lost', 'lost', 'done']);
    expect(world.record().usage).toMatchObject([{ market: 'spot', seconds: 2 * ATTEMPT_SECONDS.lost + HOUR }]);
    expect(world.s3.keys(world.bucketOf('Results'), 'batch/checkpoints/a.')).toHaveLength(1);
  });

  test('moves the shard to on-demand machines after all attempts, each market at its own price', async () => {
    const world = new World({ batch: { attempts: 2 } }, { scenario: bySpot('lost') }).shards('a');
    expect(await world.run()).toMatchObject({ output: { outcome: 'complete' } });
    const { usage, usd, prices } = world.record();
    expect(usage).toMatchObject([
      { market: 'spot', seconds: 2 * ATTEMPT_SECONDS.lost },
      { market: 'on-demand', seconds: HOUR },
    ]);
    const [spot, onDemand] = prices as [{ usdPerHour: number }, { usdPerHour: number }];
    expect(usd).toBeCloseTo(spot.usdPerHour + onDemand.usdPerHour, 3);
  });

  test('moves the shard also if there was no spot capacity', async () => {
    const world = new World(undefined, { scenario: bySpot('no-capacity') }).shards('a');
    expect(await world.run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.record().usage).toMatchObject([
      { market: 'spot', seconds: 0, usd: 0 },
      { market: 'on-demand', seconds: HOUR },
    ]);
  });

  test('is not the reason if a program fails, so the shard stays on spot', async () => {
    const world = new World({ toleratedFailurePercent: 100 }, { scenario: () => 'crash' }).shards('a');
    await world.run();
    expect(world.record().usage.map(({ market }: Json) => market)).toEqual(['spot']);
  });

  test('fails the shard without a fallback after all attempts', async () => {
    const world = new World({ batch: { capacity: Capacity.spot(), attempts: 3 } }, { scenario: () => 'lost' }).shards(
      'a',
    );
    expect(await world.run()).toMatchObject({ status: 'FAILED', error: 'TooManyShardsFailed' });
    expect(world.batch.work).toHaveLength(3);
    expect(recordsOf(world).flatMap(({ reasons }) => reasons)).toEqual([expect.stringContaining('Host EC2')]);
  });
});

describe('several shards in one job', () => {
  const several: WorldProps = { shardsPerTask: 40 };

  test('are array jobs, and a single job for the last shard', async () => {
    const world = new World(several).shards(...HUNDRED.slice(0, 81));
    expect(await world.run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.record()).toMatchObject({ shards: 81, done: 81, usage: [{ market: 'spot', seconds: 81 * HOUR }] });
    expect(recordsOf(world).map(({ shards }) => shards as number)).toEqual([40, 40, 1]);
  });

  test('stay done if other shards of the job fail', async () => {
    const world = new World(several, { scenario: when('007.jsonl', 'crash') }).shards(...HUNDRED);
    expect(await world.run()).toMatchObject({ output: { outcome: 'tolerated' } });
    expect(world.record()).toMatchObject({ done: 99, failed: 1 });
    await world.now({}).run();
    expect(world.batch.work.map(({ shard }) => shard)).toEqual(['007.jsonl']);
  });

  test('count separately against the threshold', async () => {
    const scenario: Scenario = (shard) => (/[05]\.jsonl$/.test(shard) ? 'crash' : 'done');
    const world = new World(several, { scenario }).shards(...HUNDRED);
    expect(await world.run()).toMatchObject({ status: 'FAILED', error: 'TooManyShardsFailed' });
    expect(world.record()).toMatchObject({ outcome: 'failed', done: 80, failed: 20, stopped: null });
  });

  test('move to on-demand machines separately', async () => {
    const scenario: Scenario = (shard, _, queue) => (shard === '003.jsonl' && isSpot(queue) ? 'lost' : 'done');
    const world = new World({ ...several, batch: { attempts: 1 } }, { scenario }).shards(...HUNDRED.slice(0, 10));
    expect(await world.run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.batch.work.filter(({ queue }) => !isSpot(queue)).map(({ shard }) => shard)).toEqual(['003.jsonl']);
    expect(world.record().usage).toMatchObject([
      { market: 'spot', seconds: 9 * HOUR + ATTEMPT_SECONDS.lost },
      { market: 'on-demand', seconds: HOUR },
    ]);
  });

  test('fit into the size limit of a state with names of any length', async () => {
    const props = { shardsPerTask: 200, toleratedFailurePercent: 100 };
    for (const length of [1, 60, 200, 900]) {
      const names = Array.from({ length: 200 }, (_, index) => `${String(index).padStart(3, '0')}${'x'.repeat(length)}`);
      const world = new World(props, { scenario: () => 'crash' }).shards(...names);
      await world.run();
      expect(world.record()).toMatchObject({ shards: 200, failed: 200 });
    }
  });
});

describe('a transform', () => {
  const transform: WorldProps = { transform: {}, shardsPerTask: 2 };

  test('processes the missing shards of a job with a manifest, and marks them', async () => {
    const world = new World(transform).shards(...SHARDS);
    expect(await world.run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.transform.shards).toEqual([['a.jsonl', 'b.jsonl'], ['sub/c.jsonl']]);
    expect(world.markers().sort()).toEqual([...SHARDS].sort());
    expect(world.record()).toMatchObject({
      ...{ compute: 'transform', machine: 'g5.12xlarge', done: 3, waitSeconds: 300 },
      usage: [{ market: 'on-demand', seconds: 2 * 7200, usd: expect.closeTo(4 * 7.09, 3) as number }],
    });
  });

  test('that fails marks no shard, records the reason, and runs again in the next run', async () => {
    const world = new World(
      { ...transform, toleratedFailurePercent: 100 },
      { fails: (shard) => shard === 'b.jsonl' },
    ).shards(...SHARDS);
    expect(await world.run()).toMatchObject({ output: { outcome: 'tolerated' } });
    expect(world.markers()).toEqual(['sub/c.jsonl']);
    expect(world.record()).toMatchObject({ done: 1, failed: 2 });
    expect(recordsOf(world).flatMap(({ reasons }) => reasons)).toContain('ClientError: b.jsonl');
    await world.now({}).run();
    expect(world.transform.shards).toEqual([['a.jsonl', 'b.jsonl']]);
    expect(world.record()).toMatchObject({ done: 2, skipped: 1, failed: 0 });
  });

  test('counts the time of all its machines', async () => {
    const world = new World({ transform: { instances: 2 }, shardsPerTask: 2 }).shards('a', 'b');
    await world.run();
    expect(world.record().usage).toMatchObject([{ seconds: 2 * 7200 }]);
  });
});

describe('with random failures', () => {
  const sizes = [1, 2, 5].map((shardsPerTask): WorldProps => ({
    shardsPerTask,
    toleratedFailurePercent: 50,
  }));
  const behavior: fc.Arbitrary<AttemptResult> = fc.constantFrom(
    'done',
    'done',
    'crash',
    'lost',
    'no-capacity',
    'no-marker',
  );

  test('no shard is lost or processed twice, and a run without failures completes all shards', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.stringMatching(/^[a-z ü/'"{}%$&+]{0,8}$/), { maxLength: 7 }),
        fc.infiniteStream(behavior),
        fc.constantFrom(...sizes),
        async (names, stream, props) => {
          const done = new Set<string>();
          const scenario: Scenario = (shard) => {
            expect(done).not.toContain(shard);
            const result = stream.next().value;
            if (result === 'done') done.add(shard);
            return result;
          };
          const real = names.filter((name) => name !== '' && !name.endsWith('/'));
          const world = new World(props, { scenario }).shards(...names);
          for (let run = 0; run < 3; run += 1) {
            await world.run();
            expect(new Set(world.markers())).toEqual(done);
          }
          const noRepeat: Scenario = (shard) => (done.has(shard) ? 'crash' : 'done');
          expect(await world.now({ scenario: noRepeat }).run()).toMatchObject({ status: 'SUCCEEDED' });
          expect(world.markers().sort()).toEqual(real.sort());
          expect(world.record()).toMatchObject({ shards: real.length, skipped: done.size, failed: 0 });
        },
      ),
      { numRuns: 15 },
    );
  }, 120_000);
});

function recordsOf(world: World): Json[] {
  const runs = world.s3
    .keys(world.bucketOf('Results'), 'batch/runs/')
    .filter((key) => /\/records\/(?!begin)/.test(key));
  return runs.map((key) => world.json(key));
}

function bySpot(result: AttemptResult): Scenario {
  return (_shard, _attempt, queue) => (isSpot(queue) ? result : 'done');
}

function isSpot(queue: string): boolean {
  return queue.includes('spot');
}
