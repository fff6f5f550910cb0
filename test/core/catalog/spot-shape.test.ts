import { SPOT_SHAPE } from '../../../lib/core/catalog/spot-shape';
import { dataFile } from '../../../scripts/data';

interface SpotTrace {
  readonly trace: string;
  readonly instanceHours: number;
  readonly losses: number;
  readonly shareAllUp: number;
}

describe('spot traces', () => {
  test('have a caveat that they are not a rate', () => {
    expect(SPOT_SHAPE.caveat).toMatch(/a shape, not a rate/);
  });

  test.each(SPOT_SHAPE.groups)(
    'have a mean life equal to hours divided by losses, for $kind and nodes: $nodes',
    (group) => {
      expect(group.instanceHours / group.losses).toBeCloseTo(group.meanLifeHours, 1);
      expect(group.shareAllUp).toBeGreaterThan(0);
      expect(group.shareAllUp).toBeLessThan(1);
    },
  );

  test.each(SPOT_SHAPE.groups)('have the sums of the published traces, for $kind and nodes: $nodes', (group) => {
    const traces = dataFile<SpotTrace>('spot-traces.json').rows.filter(({ trace }) =>
      trace.startsWith(`${group.kind}/${group.nodes}-node/`),
    );
    const sum = (key: 'instanceHours' | 'losses' | 'shareAllUp') => traces.reduce((all, one) => all + one[key], 0);

    expect(traces).toHaveLength(group.traces);
    expect(Math.round(sum('instanceHours'))).toBe(group.instanceHours);
    expect(sum('losses')).toBe(group.losses);
    expect(sum('instanceHours') / sum('losses')).toBeCloseTo(group.meanLifeHours, 2);
    expect(sum('shareAllUp') / traces.length).toBeCloseTo(group.shareAllUp, 2);
  });
});
