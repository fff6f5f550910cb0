import type { ReportTopology } from 'ai-infra-constructs/planning';
import { wrap } from '../../../lib/core/report/svg';
import { describe as inWords, topologySvg } from '../../../lib/core/report/topology';
import { WORKLOAD } from './sample';

const { nodes, stores, clients } = WORKLOAD.topology!;
const WIDE = 982;
const NARROW = 340;

const draw = (width: number, change: Partial<ReportTopology['nodes']> = {}, more: Partial<ReportTopology> = {}) =>
  topologySvg({ nodes: { ...nodes, ...change }, stores, ...more }, width, 'x');

/** How many squares each path of squares has. */
const squares = (svg: string) =>
  [...svg.matchAll(/<path d="([^"]*)" fill="var\(--accent\)"/g)].map(([, path]) => path!.match(/M/g)!.length);
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

describe('the topology', () => {
  test.each([1, 2, 16])('draws each of %i machines with its accelerators', (count) => {
    expect(squares(draw(WIDE, { count }))).toEqual(Array(count).fill(8));
  });

  test.each([
    [WIDE, 1000, 1000],
    [NARROW, 1000, 1000],
    [NARROW, 16, 16],
    [WIDE, 12_345, 124],
  ])('at a width of %i, draws one of %i machines next to %i tiles', (width, count, tiles) => {
    expect(squares(draw(width, { count }))).toEqual([8, tiles]);
  });

  test('explains what a tile is', () => {
    expect(draw(WIDE, { count: 1000 })).toContain('one tile is one machine');
    expect(draw(WIDE, { count: 12_345 })).toContain('one tile is 100 machines');
  });

  test('draws part of an accelerator as one accelerator, and leaves out a missing fabric', () => {
    const svg = draw(NARROW, { count: 1, accelerators: 0.5, fabric: undefined }, { stores: [] });
    expect(sum(squares(svg))).toBe(1);
    expect(svg).not.toContain('Gbit/s');
    expect(svg).toContain('0.5 × H100');
  });

  test.each([1, 4, 5, 8, 16, 64])('draws all of %i accelerators', (accelerators) => {
    expect(squares(draw(WIDE, { count: 1, accelerators }))).toEqual([accelerators]);
  });

  test.each([1, 2, 16, 1000].flatMap((count) => [NARROW, WIDE].map((width) => [count, width] as const)))(
    'of %i machines stays within a width of %i, with all text inside',
    (count, width) => {
      const svg = draw(width, { count }, { clients });
      const height = Number(/viewBox="0 0 \d+ ([\d.]+)"/.exec(svg)![1]);
      const boxes = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)];
      expect(boxes.length).toBeGreaterThan(2);
      for (const [, x, y, w, h] of boxes) {
        expect(Number(x) + Number(w)).toBeLessThanOrEqual(width);
        expect(Number(y) + Number(h)).toBeLessThanOrEqual(height);
      }
      for (const [, y] of svg.matchAll(/<text x="[\d.]+" y="([\d.]+)"/g)) expect(Number(y)).toBeLessThan(height);
      for (const [, path] of svg.matchAll(/<path d="([^"]*)" fill="var\(--accent\)"/g)) {
        const rights = [...path!.matchAll(/M([\d.]+) [\d.]+h([\d.]+)/g)].map(([, x, w]) => Number(x) + Number(w));
        expect(Math.max(...rights)).toBeLessThanOrEqual(width);
      }
    },
  );

  test('points each arrow in the direction of the data', () => {
    const heads = (direction: 'read' | 'write') =>
      /<path d="M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)L/
        .exec(draw(WIDE, {}, { stores: [{ name: 'Store', detail: '', flows: [{ direction, text: 'data' }] }] }))!
        .slice(1)
        .map(Number);
    const [tipUp, baseUp] = heads('read');
    const [tipDown, baseDown] = heads('write');
    expect(tipUp!).toBeLessThan(baseUp!);
    expect(tipDown!).toBeGreaterThan(baseDown!);
  });

  test('is described in words', () => {
    expect(inWords({ nodes, stores, clients })).toBe(
      '16 × p5.48xlarge, each with 8 × H100, connected by RDMA fabric, 3,200 Gbit/s per machine. ' +
        'Clients (nobody yet): the machines read requests. ' +
        'FSx for Lustre, persistent 250 (19,200 GiB, 4,800 MB/s): the machines read training data, 12 MB/s; ' +
        'the machines write a checkpoint of 988 GB every 38 min. Object storage (2,400 GiB).',
    );
  });
});

test('wrap returns at most the requested number of lines', () => {
  expect(wrap('one two three four', 60, 2, 12)).toEqual(['one two', 'three four']);
  expect(wrap('one', 60, 2, 12)).toEqual(['one']);
});
