import { describe as inWords, topologySvg } from '../../../lib/core/report/topology';
import { wrap } from '../../../lib/core/report/svg';
import { SAMPLE } from './sample';

const { nodes, stores } = SAMPLE.topology!;
const chips = (svg: string) => svg.match(/fill="var\(--accent\)"/g)!.length;

describe('the topology', () => {
  test('draws each machine with its accelerators', () => {
    expect(chips(topologySvg({ nodes, stores }, 920, 'x'))).toBe(16 * 8);
  });

  test('says how many of many machines are drawn', () => {
    const svg = topologySvg({ nodes: { ...nodes, count: 1000 }, stores }, 350, 'x');
    expect(chips(svg)).toBe(6 * 8);
    expect(svg).toContain('1,000 × p5.48xlarge, 6 of them drawn');
  });

  test('draws a slice of an accelerator as one, and no fabric where there is none', () => {
    const svg = topologySvg(
      { nodes: { ...nodes, count: 1, accelerators: 0.5, fabric: undefined }, stores: [] },
      350,
      'x',
    );
    expect(chips(svg)).toBe(1);
    expect(svg).not.toContain('Gbit/s');
    expect(svg).toContain('0.5 × H100');
  });

  test.each([350, 920])('stays within %i units', (width) => {
    const svg = topologySvg({ nodes, stores }, width, 'x');
    const rects = [...svg.matchAll(/<rect x="([\d.]+)"[^>]* width="([\d.]+)"/g)].map(
      ([, x, w]) => Number(x) + Number(w),
    );
    expect(rects.length).toBeGreaterThan(10);
    expect(Math.max(...rects)).toBeLessThanOrEqual(width);
  });

  test('is told in words', () => {
    expect(inWords({ nodes, stores })).toMatch(
      /^16 × p5.48xlarge, each with 8 × H100, joined by RDMA fabric, 3,200 Gbit\/s per machine\. FSx/,
    );
  });
});

test('text is wrapped into no more lines than asked for', () => {
  expect(wrap('one two three four', 60, 2, 12)).toEqual(['one two', 'three four']);
  expect(wrap('one', 60, 2)).toEqual(['one']);
});
