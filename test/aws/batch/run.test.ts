import fc from 'fast-check';
import { AwsMachine, Capacity } from 'ai-infra-constructs/aws';
import type { Json } from '../../asl/expressions';
import { ATTEMPT_SECONDS, type Destiny, type Fate, WAIT_SECONDS } from './fake-batch';
import { World, type WorldProps } from './world';

const SHARDS = ['a.jsonl', 'b.jsonl', 'sub/c.jsonl'];
const HOUR = ATTEMPT_SECONDS.done;

/** What happens to one shard; the others are done. */
const when =
  (shard: string, fate: Fate): Destiny =>
  (name) =>
    name === shard ? fate : 'done';

/** A hundred shards, so that one that fails is one percent. */
const HUNDRED = Array.from({ length: 100 }, (_, index) => `${String(index).padStart(3, '0')}.jsonl`);

describe('a run over a prefix', () => {
  test('does every shard once, and records time and cost by market', async () => {
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

  test('counts a share of the machine where a shard takes a share of it', async () => {
    const world = new World({ batch: { gpusPerShard: 2 } }).shards('a');
    await world.run();
    const { usd, prices, shardsPerMachine } = world.record();
    expect(shardsPerMachine).toBe(4);
    expect(usd).toBeCloseTo(prices[0].usdPerHour / 4, 3);
  });

  test('publishes what alarms read', async () => {
    const world = new World({ toleratedFailurePercent: 100 }, { destiny: when('b', 'crash') }).shards('a', 'b');
    await world.run();
    const sum = (name: string) =>
      world.metrics
        .filter(({ MetricName }) => MetricName === name)
        .map(({ Value }) => Value as number)
        .reduce((total, value) => total + value, 0);
    expect([sum('ShardsDone'), sum('ShardsFailed'), sum('WaitSeconds')]).toEqual([1, 1, 2 * WAIT_SECONDS]);
    expect(sum('Usd')).toBeCloseTo(world.record().usd as number, 3);
  });

  test('takes what stands for a folder in the console for no shard', async () => {
    const world = new World().shards('', 'sub/', 'sub/a');
    expect(await world.run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.record()).toMatchObject({ shards: 1, done: 1, outcome: 'complete' });
  });

  test('over an empty prefix ends well, starts no job, and says so', async () => {
    const world = new World();
    expect(await world.run()).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'empty' } });
    expect(world.record()).toMatchObject({ outcome: 'empty', shards: 0, usage: [], usd: 0 });
    expect(world.batch.work).toEqual([]);
  });

  test('records no cost where a market has no price, never a smaller one', async () => {
    const world = new World({ batch: { machine: AwsMachine.G6E_12XLARGE } }).shards('a');
    await world.run();
    expect(world.record()).toMatchObject({ usd: null, usage: [{ market: 'spot', seconds: HOUR, usd: null }] });
    expect(world.metrics.map(({ MetricName }) => MetricName)).not.toContain('Usd');
  });

  test('over a whole bucket takes every object of it', async () => {
    const world = new World({ inputPrefix: '' }).shards('a');
    world.s3.put(world.bucketOf('Input'), 'other/b', 'prompt');
    await world.run();
    expect(world.markers()).toEqual(['other/b', 'requests/a']);
  });

  test('that cannot record a job counts its shards as failed, and finds them done the next time', async () => {
    const refuses = (key: string) => key.endsWith('Shards-7.json');
    const world = new World(undefined, { refuses }).shards(...HUNDRED, 'folder/');
    expect(await world.run()).toMatchObject({ output: { outcome: 'tolerated' } });
    expect(world.record()).toMatchObject({ shards: 100, done: 99, failed: 1, unrecorded: 1 });
    await world.now({}).run();
    expect(world.record()).toMatchObject({ done: 0, skipped: 100, failed: 0, unrecorded: 0, outcome: 'complete' });
  });

  test('does not begin while an earlier run is at work, and goes before a later one', async () => {
    const running = [{ Name: 'nightly', StartDate: '2026-11-25T09:00:00.000Z' }];
    const world = new World(undefined, { running }).shards('a');
    expect(await world.run()).toMatchObject({ status: 'FAILED', error: 'RunInProgress' });
    expect(world.batch.work).toEqual([]);
    world.now({ running: [{ Name: 'later', StartDate: '2026-11-25T10:00:00.001Z' }] });
    expect(await world.run()).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('of two that began together lets one go, whichever looks first', async () => {
    const twin = (name: string) => ({ running: [{ Name: name, StartDate: '2026-11-25T10:00:00.000Z' }] });
    const world = new World(undefined, twin('run-0')).shards('a');
    expect(await world.run()).toMatchObject({ error: 'RunInProgress' });
    expect(await world.now(twin('run-9')).run()).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('a shard that fails', () => {
  test('is tried once, recorded with its reason, and tolerated below the threshold', async () => {
    const world = new World(undefined, { destiny: when('007.jsonl', 'crash') }).shards(...HUNDRED);
    expect(await world.run()).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'tolerated' } });
    expect(world.batch.work.filter(({ shard }) => shard === '007.jsonl')).toHaveLength(1);
    expect(world.record()).toMatchObject({ outcome: 'tolerated', shards: 100, done: 99, failed: 1 });
    const failed = recordsOf(world).filter((each) => each.failed > 0);
    expect(failed).toMatchObject([
      { failures: ['007.jsonl'], reasons: [expect.stringContaining('OutOfMemoryError') as string] },
    ]);
  });

  test('is one whose job ended well and wrote no marker', async () => {
    const world = new World(undefined, { destiny: when('007.jsonl', 'no-marker') }).shards(...HUNDRED);
    await world.run();
    expect(world.record()).toMatchObject({ failed: 1, done: 99 });
    expect(recordsOf(world).flatMap(({ reasons }) => reasons)).toEqual(['The job ended well, and wrote no marker.']);
  });

  test('above the threshold stops the run, which records what it did all the same', async () => {
    const world = new World({ toleratedFailurePercent: 3 }, { destiny: () => 'crash' }).shards(...HUNDRED);
    expect(await world.run()).toMatchObject({ status: 'FAILED', error: 'TooManyShardsFailed' });
    expect(world.batch.work).toHaveLength(4);
    expect(world.record()).toMatchObject({
      outcome: 'stopped',
      stopped: 'States.ExceedToleratedFailureThreshold',
      failed: 4,
    });
    expect(world.record().usage[0].seconds).toBe(4 * HOUR);
  });

  test('is done by the next run, and nothing else is', async () => {
    const world = new World(undefined, { destiny: when('007.jsonl', 'crash') }).shards(...HUNDRED);
    await world.run();
    expect(await world.now({}).run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.batch.work).toEqual([
      { shard: '007.jsonl', attempt: 1, queue: expect.any(String) as string, fate: 'done' },
    ]);
    expect(world.record()).toMatchObject({ shards: 100, done: 1, skipped: 99, failed: 0 });
    expect(world.record(1)).toMatchObject({ failed: 1 });
  });
});

describe('a job that is never taken', () => {
  test('fails its shards with what AWS Batch said, and costs nothing', async () => {
    const world = new World({ toleratedFailurePercent: 100 }, { closed: true }).shards('a');
    expect(await world.run()).toMatchObject({ output: { outcome: 'tolerated' } });
    expect(world.record()).toMatchObject({ failed: 1, usd: 0, usage: [{ market: 'spot', seconds: 0 }] });
    expect(recordsOf(world).flatMap(({ reasons }) => reasons)).toEqual([
      'Batch.ClientException: the queue is disabled',
    ]);
  });

  test('nor by SageMaker', async () => {
    const world = new World({ transform: { modelName: 'gone' }, toleratedFailurePercent: 100 }).shards('a');
    await world.run();
    expect(world.record()).toMatchObject({ failed: 1, usage: [{ market: 'on-demand', seconds: 0, usd: 0 }] });
    expect(recordsOf(world).flatMap(({ reasons }) => reasons)).toEqual([
      'SageMaker.SageMakerException: Could not find model',
    ]);
  });
});

describe('a run that was stopped half way', () => {
  test('is mended by the next one, which does what is missing', async () => {
    const world = new World({ toleratedFailurePercent: 0 }, { destiny: when('004.jsonl', 'crash') }).shards(...HUNDRED);
    expect(await world.run()).toMatchObject({ status: 'FAILED' });
    expect(world.markers()).toHaveLength(4);
    expect(await world.now({}).run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.batch.work).toHaveLength(96);
    expect(world.markers().sort()).toEqual(HUNDRED);
  });

  test('leaves done what is done: a third run starts no job', async () => {
    const world = new World().shards(...SHARDS);
    await world.run();
    expect(await world.now({}).run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.batch.work).toEqual([]);
    expect(world.record()).toMatchObject({ done: 0, skipped: 3, usd: 0, usage: [] });
  });

  test('does a shard anew whose input was replaced, and only that', async () => {
    const world = new World().shards(...SHARDS);
    await world.run();
    world.s3.put(world.bucketOf('Input'), 'requests/b.jsonl', 'other prompts');
    await world.now({}).run();
    expect(world.batch.work.map(({ shard }) => shard)).toEqual(['b.jsonl']);
    expect(world.s3.get(world.bucketOf('Results'), 'batch/output/b.jsonl')).toBe('answer to other prompts');
  });
});

describe('a machine that is taken away', () => {
  test('costs its time, and the shard goes on from its checkpoint on the next', async () => {
    const world = new World(undefined, { destiny: (_, attempt) => (attempt < 3 ? 'lost' : 'done') }).shards('a');
    expect(await world.run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.batch.work.map(({ fate }) => fate)).toEqual(['lost', 'lost', 'done']);
    expect(world.record().usage).toMatchObject([{ market: 'spot', seconds: 2 * ATTEMPT_SECONDS.lost + HOUR }]);
    expect(world.s3.keys(world.bucketOf('Results'), 'batch/checkpoints/a.')).toHaveLength(1);
  });

  test('for good sends the shard to on-demand machines, each at its own price', async () => {
    const world = new World({ batch: { attempts: 2 } }, { destiny: bySpot('lost') }).shards('a');
    expect(await world.run()).toMatchObject({ output: { outcome: 'complete' } });
    const { usage, usd, prices } = world.record();
    expect(usage).toMatchObject([
      { market: 'spot', seconds: 2 * ATTEMPT_SECONDS.lost },
      { market: 'on-demand', seconds: HOUR },
    ]);
    const [spot, onDemand] = prices as [{ usdPerHour: number }, { usdPerHour: number }];
    expect(usd).toBeCloseTo(spot.usdPerHour + onDemand.usdPerHour, 3);
  });

  test('or was never there sends it, too', async () => {
    const world = new World(undefined, { destiny: bySpot('no-capacity') }).shards('a');
    expect(await world.run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.record().usage).toMatchObject([
      { market: 'spot', seconds: 0, usd: 0 },
      { market: 'on-demand', seconds: HOUR },
    ]);
  });

  test('is no reason to pay on-demand prices for a program that fails', async () => {
    const world = new World({ toleratedFailurePercent: 100 }, { destiny: () => 'crash' }).shards('a');
    await world.run();
    expect(world.record().usage.map(({ market }: Json) => market)).toEqual(['spot']);
  });

  test('fails the shard where there is no fallback and all attempts are spent', async () => {
    const world = new World({ batch: { capacity: Capacity.spot(), attempts: 3 } }, { destiny: () => 'lost' }).shards(
      'a',
    );
    expect(await world.run()).toMatchObject({ status: 'FAILED', error: 'TooManyShardsFailed' });
    expect(world.batch.work).toHaveLength(3);
    expect(recordsOf(world).flatMap(({ reasons }) => reasons)).toEqual([expect.stringContaining('Host EC2')]);
  });
});

describe('several shards a job', () => {
  const several: WorldProps = { shardsPerJob: 40 };

  test('are one array job of those that are missing, and one plain job of the last', async () => {
    const world = new World(several).shards(...HUNDRED.slice(0, 81));
    expect(await world.run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.record()).toMatchObject({ shards: 81, done: 81, usage: [{ market: 'spot', seconds: 81 * HOUR }] });
    expect(recordsOf(world).map(({ shards }) => shards as number)).toEqual([40, 40, 1]);
  });

  test('keep those that are done where others of the job fail', async () => {
    const world = new World(several, { destiny: when('007.jsonl', 'crash') }).shards(...HUNDRED);
    expect(await world.run()).toMatchObject({ output: { outcome: 'tolerated' } });
    expect(world.record()).toMatchObject({ done: 99, failed: 1 });
    await world.now({}).run();
    expect(world.batch.work.map(({ shard }) => shard)).toEqual(['007.jsonl']);
  });

  test('count one by one against the threshold, however many jobs they are in', async () => {
    const destiny: Destiny = (shard) => (/[05]\.jsonl$/.test(shard) ? 'crash' : 'done');
    const world = new World(several, { destiny }).shards(...HUNDRED);
    expect(await world.run()).toMatchObject({ status: 'FAILED', error: 'TooManyShardsFailed' });
    expect(world.record()).toMatchObject({ outcome: 'failed', done: 80, failed: 20, stopped: null });
  });

  test('go to on-demand machines one by one', async () => {
    const destiny: Destiny = (shard, _, queue) => (shard === '003.jsonl' && isSpot(queue) ? 'lost' : 'done');
    const world = new World({ ...several, batch: { attempts: 1 } }, { destiny }).shards(...HUNDRED.slice(0, 10));
    expect(await world.run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.batch.work.filter(({ queue }) => !isSpot(queue)).map(({ shard }) => shard)).toEqual(['003.jsonl']);
    expect(world.record().usage).toMatchObject([
      { market: 'spot', seconds: 9 * HOUR + ATTEMPT_SECONDS.lost },
      { market: 'on-demand', seconds: HOUR },
    ]);
  });

  test('fit into what a state takes, whatever the length of their names', async () => {
    const props = { shardsPerJob: 200, toleratedFailurePercent: 100 };
    for (const length of [1, 60, 200, 900]) {
      const names = Array.from({ length: 200 }, (_, index) => `${String(index).padStart(3, '0')}${'x'.repeat(length)}`);
      const world = new World(props, { destiny: () => 'crash' }).shards(...names);
      await world.run();
      expect(world.record()).toMatchObject({ shards: 200, failed: 200 });
    }
  });
});

describe('a transform', () => {
  const transform: WorldProps = { transform: {}, shardsPerJob: 2 };

  test('does the missing shards of a job by a manifest, and marks them', async () => {
    const world = new World(transform).shards(...SHARDS);
    expect(await world.run()).toMatchObject({ output: { outcome: 'complete' } });
    expect(world.transform.shards).toEqual([['a.jsonl', 'b.jsonl'], ['sub/c.jsonl']]);
    expect(world.markers().sort()).toEqual([...SHARDS].sort());
    expect(world.record()).toMatchObject({
      ...{ compute: 'transform', machine: 'g5.12xlarge', done: 3, waitSeconds: 300 },
      usage: [{ market: 'on-demand', seconds: 2 * 7200, usd: expect.closeTo(4 * 7.09, 3) as number }],
    });
  });

  test('that fails marks nothing, says why, and is done anew by the next run', async () => {
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

  test('is paid for by machine', async () => {
    const world = new World({ transform: { instances: 2 }, shardsPerJob: 2 }).shards('a', 'b');
    await world.run();
    expect(world.record().usage).toMatchObject([{ seconds: 2 * 7200 }]);
  });
});

describe('whatever happens', () => {
  const sizes = [1, 2, 5].map((shardsPerJob): WorldProps => ({ shardsPerJob, toleratedFailurePercent: 50 }));
  const fates: fc.Arbitrary<Fate> = fc.constantFrom('done', 'done', 'crash', 'lost', 'no-capacity', 'no-marker');

  test('nothing is lost, nothing is done twice, and runs that go on without trouble end with all of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.stringMatching(/^[a-z ü/'"{}%$&+]{0,8}$/), { maxLength: 7 }),
        fc.infiniteStream(fates),
        fc.constantFrom(...sizes),
        async (names, stream, props) => {
          const doneBefore = new Set<string>();
          const destiny: Destiny = (shard) => {
            expect(doneBefore).not.toContain(shard);
            const fate = stream.next().value;
            if (fate === 'done') doneBefore.add(shard);
            return fate;
          };
          const real = names.filter((name) => name !== '' && !name.endsWith('/'));
          const world = new World(props, { destiny }).shards(...names);
          for (let run = 0; run < 3; run += 1) {
            await world.run();
            expect(new Set(world.markers())).toEqual(doneBefore);
          }
          const usual: Destiny = (shard) => (doneBefore.has(shard) ? 'crash' : 'done');
          expect(await world.now({ destiny: usual }).run()).toMatchObject({ status: 'SUCCEEDED' });
          expect(world.markers().sort()).toEqual(real.sort());
          expect(world.record()).toMatchObject({ shards: real.length, skipped: doneBefore.size, failed: 0 });
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

function bySpot(fate: Fate): Destiny {
  return (_shard, _attempt, queue) => (isSpot(queue) ? fate : 'done');
}

function isSpot(queue: string): boolean {
  return queue.includes('spot');
}
