import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import {
  bestCheckpointInterval,
  checkpointBytes,
  checkpointPlan,
  MAX_WRITING,
  meanSecondsBetweenFailures,
  writeBandwidthFor,
} from '../../../../lib/core/planning/storage/checkpoint';
import { dataFile } from '../../../../scripts/data';
import { expectFinite } from '../shapes';

const plan = (parameters: number, accelerators: number, writeBytesPerSecond: number, blockedSeconds?: number) =>
  checkpointPlan({
    checkpointBytes: checkpointBytes(parameters),
    writeBytesPerSecond,
    secondsBetweenFailures: meanSecondsBetweenFailures(accelerators),
    ...(blockedSeconds === undefined ? {} : { blockedSeconds }),
  });

test.each([
  ['8B', 8.03e9, 105],
  ['70B', 70e9, 912],
  ['405B', 405e9, 5290],
])('a checkpoint of %s has the size of MLPerf Storage, within 3 %%', (_, parameters, gib) => {
  expect(Math.abs(checkpointBytes(parameters) / 2 ** 30 / gib - 1)).toBeLessThan(0.03);
});

describe('the checkpoint interval (Young 1974, Daly 2006)', () => {
  test.each([
    { name: '70B on 512 at 10 GB/s', of: plan(70e9, 512, 10e9), write: 98, minutes: 138, loss: 0.025 },
    { name: '70B on 512 at 100 GB/s', of: plan(70e9, 512, 100e9), write: 9.8, minutes: 44, loss: 0.009 },
    { name: '405B on 16,384 at 100 GB/s', of: plan(405e9, 16_384, 100e9), write: 57, minutes: 18.6, loss: 0.156 },
    { name: '405B on 16,384 at 1 TB/s', of: plan(405e9, 16_384, 1e12), write: 5.7, minutes: 5.9, loss: 0.087 },
  ])('$name', ({ of, write, minutes, loss }) => {
    expect(of.writeSeconds / write).toBeCloseTo(1, 1);
    expect(of.intervalSeconds / 60 / minutes).toBeCloseTo(1, 1);
    expect(of.loss).toBeCloseTo(loss, 3);
  });

  test('loses less if training pauses for only 5 s', () => {
    expect(plan(405e9, 16_384, 100e9, 5).loss).toBeCloseTo(0.085, 3);
  });

  test('is not shorter than the write', () => {
    const slow = plan(405e9, 16_384, 1e9, 1);

    expect(slow.intervalSeconds).toBe(slow.writeSeconds);
  });

  test('has a verdict by the share of the time for writing', () => {
    expect(plan(70e9, 512, 10e9).verdict).toBe('ok');
    expect(plan(405e9, 16_384, 100e9).verdict).toBe('slow');
    expect(plan(405e9, 16_384, 10e9).verdict).toBe('too-slow');
    expect(plan(405e9, 16_384, 10e9).writing).toBeGreaterThan(MAX_WRITING);
  });
});

test('storage with the required throughput limits writing to the requested share', () => {
  const secondsBetweenFailures = meanSecondsBetweenFailures(4096);
  const writeBytesPerSecond = writeBandwidthFor(1e12, secondsBetweenFailures);

  expect(checkpointPlan({ checkpointBytes: 1e12, writeBytesPerSecond, secondsBetweenFailures }).writing).toBeCloseTo(
    0.02,
  );
});

test('more bandwidth does not increase the write time or the loss, and all numbers are finite', () => {
  const positive = (max: number) => fc.double({ min: 1e-6, max, noNaN: true });
  const inputs = fc.record({
    checkpointBytes: positive(1e15),
    writeBytesPerSecond: positive(1e12),
    secondsBetweenFailures: positive(1e9),
  });
  fc.assert(
    fc.property(inputs, fc.double({ min: 1, max: 100, noNaN: true }), (input, times) => {
      const one = checkpointPlan(input);
      const more = checkpointPlan({ ...input, writeBytesPerSecond: input.writeBytesPerSecond * times });
      expectFinite(one);
      expect(more.writeSeconds).toBeLessThanOrEqual(one.writeSeconds);
      expect(more.loss).toBeLessThanOrEqual(one.loss * (1 + 1e-9));
    }),
  );
});

test('failures are those of the runs that published them', () => {
  const { rows } = dataFile<{ accelerators: number; hoursBetweenFailures: number }>('training-failures.json');

  for (const { accelerators, hoursBetweenFailures } of rows)
    expect(Math.abs(meanSecondsBetweenFailures(accelerators) / 3600 / hoursBetweenFailures - 1)).toBeLessThan(0.03);
});

test('reports each number out of range', () => {
  expect(() => bestCheckpointInterval(0, -1)).toThrow(AiInfraError);
  expect(() => bestCheckpointInterval(0, -1)).toThrow(/writeSeconds[^]*secondsBetweenFailures/);
  expect(() => meanSecondsBetweenFailures(0.5)).toThrow(/accelerators must be a whole number/);
});
