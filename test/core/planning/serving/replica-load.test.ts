import fc from 'fast-check';
import { loadedReplica, type ReplicaLoad, type ReplicaSpeed } from '../../../../lib/core/planning/serving/replica-load';

/** A replica with steps of 10 ms for each 10 sequences, and prompts of 50 ms. */
const SPEED: ReplicaSpeed = {
  tokensPerSecond: 800,
  stepSeconds: (sequences) => 0.01 + 0.001 * sequences,
  prefillSeconds: 0.05,
  promptSeconds: 0.05,
  maxSequences: 100,
};
const REQUEST = { inputTokens: 1000, outputTokens: 100 };
const at = (load: Partial<ReplicaLoad>, speed: Partial<ReplicaSpeed> = {}) =>
  loadedReplica({ ...SPEED, ...speed }, { ...REQUEST, ...load });

describe('a replica under load', () => {
  test('with a single request has the time of a prompt and of steps alone', () => {
    const { firstTokenSeconds, perTokenSeconds } = at({ requestsPerSecond: 1e-9 })!.latency(0.5);

    expect(perTokenSeconds).toBeCloseTo(0.011, 4);
    expect(firstTokenSeconds).toBeCloseTo(0.05 + 1.5 * 0.011, 4);
  });

  test('has as many requests in progress as arrive during a response', () => {
    const { sequences, utilization, latency } = at({ requestsPerSecond: 4 })!;

    expect(sequences).toBeCloseTo(4 * 100 * latency(0.5).perTokenSeconds, 3);
    expect(utilization).toBeCloseTo((4 * 100) / 800);
  });

  test('cannot keep up with more than its prompts and steps allow', () => {
    expect(at({ requestsPerSecond: 6 })).toBeDefined();
    expect(at({ requestsPerSecond: 8 })).toBeUndefined();
    expect(at({ requestsPerSecond: 21 })).toBeUndefined();
    expect(at({ concurrency: 101 })).toBeUndefined();
  });

  test('serves a constant number of requests at the rate that they complete', () => {
    const open = at({ requestsPerSecond: 4 })!;
    const closed = at({ concurrency: open.sequences })!;

    expect(closed.utilization).toBeCloseTo(open.utilization, 3);
    expect(closed.latency(0.5)).toEqual({
      firstTokenSeconds: expect.closeTo(open.latency(0.5).firstTokenSeconds, 3) as number,
      perTokenSeconds: expect.closeTo(open.latency(0.5).perTokenSeconds, 3) as number,
    });
  });

  test('delays a share of the prompts as in an M/M/1 queue', () => {
    const busy = 4 * 0.05;
    const step = (sequences: number) => 0.01 + 0.001 * sequences;
    const loaded = at({ requestsPerSecond: 4 })!;
    const withoutWait = (share: number) => (share + 1) * step(loaded.sequences) + 0.05;
    const wait = (share: number) => loaded.latency(share).firstTokenSeconds - withoutWait(share);

    expect(wait(1 - busy)).toBeCloseTo(0);
    expect(wait(0.99)).toBeCloseTo((0.05 / (1 - busy)) * Math.log(busy / 0.01));
  });

  test('delays requests without room for their KV cache as in an M/M/1 queue with one place', () => {
    const one = { maxSequences: 1, prefillSeconds: 1e-9, promptSeconds: 1e-9, stepSeconds: () => 0.01 };
    const loaded = at({ requestsPerSecond: 0.5 }, one)!;
    const wait = (share: number) => loaded.latency(share).firstTokenSeconds - (share + 1) * 0.01;

    expect(loaded.sequences).toBeCloseTo(0.5);
    expect(wait(0.5)).toBeCloseTo(0);
    expect(wait(0.95)).toBeCloseTo((1 / 0.5) * Math.log(0.5 / 0.05));
  });

  test('is slower at a higher percentile and with more requests, and is never undefined in between', () => {
    const share = fc.double({ min: 0.01, max: 0.999, noNaN: true });
    const rate = fc.double({ min: 0.001, max: 6, noNaN: true });
    fc.assert(
      fc.property(share, share, rate, rate, (a, b, c, d) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const [few, many] = [Math.min(c, d), Math.max(c, d)];
        const one = at({ requestsPerSecond: few })!.latency(low);
        for (const other of [
          at({ requestsPerSecond: few })!.latency(high),
          at({ requestsPerSecond: many })!.latency(low),
        ]) {
          expect(other.firstTokenSeconds).toBeGreaterThanOrEqual(one.firstTokenSeconds - 1e-6);
          expect(other.perTokenSeconds).toBeGreaterThanOrEqual(one.perTokenSeconds - 1e-6);
          expect(other.firstTokenSeconds).toBeLessThan(Infinity);
        }
      }),
    );
  });
});
