import { SPOT_SHAPE } from '../../../lib/core/catalog/spot-shape';
import { dataTest, published } from '../../published-data';

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

  dataTest('has the collected groups', () => {
    const { groups } = published('spot_traces_summary.json') as { groups: Record<string, unknown>[] };
    expect(
      SPOT_SHAPE.groups.map(({ kind, nodes, meanLifeHours, ...group }) => ({
        ...group,
        group: `${kind}/${nodes}-node`,
        meanInstanceLifeHours: meanLifeHours,
        meanShareAllUp: group.shareAllUp,
        shareAllUp: undefined,
      })),
    ).toEqual(groups.map((group) => ({ ...group, shareAllUp: undefined })));
  });
});
