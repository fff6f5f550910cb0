import fc from 'fast-check';
import { AiInfraError } from 'ai-infra-constructs';
import { effectiveSpotPrice, spotGoodput } from '../../../lib/core/planning/storage/plan-checkpoint';

describe('goodput of spot nodes', () => {
  test.each([
    { nodeLifeHours: 5, nodes: 1, goodput: 0.92 },
    { nodeLifeHours: 5, nodes: 4, goodput: 0.79 },
    { nodeLifeHours: 5, nodes: 16, goodput: 0.4 },
    { nodeLifeHours: 2, nodes: 1, goodput: 0.85 },
    { nodeLifeHours: 2, nodes: 4, goodput: 0.58 },
    { nodeLifeHours: 2, nodes: 16, goodput: 0 },
  ])('is $goodput for nodes: $nodes, with a mean life of $nodeLifeHours h', ({ goodput, ...input }) => {
    expect(spotGoodput(input)).toBeCloseTo(goodput, 2);
  });

  test('assumes a mean life of 5 h by default', () => {
    expect(spotGoodput({ nodes: 4 })).toBe(spotGoodput({ nodes: 4, nodeLifeHours: 5 }));
  });

  test('is a share, and does not grow with the nodes', () => {
    const inputs = fc.record({
      nodes: fc.integer({ min: 1, max: 1e6 }),
      nodeLifeHours: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    });
    fc.assert(
      fc.property(inputs, (input) => {
        const share = spotGoodput(input);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThan(1);
        expect(spotGoodput({ ...input, nodes: input.nodes + 1 })).toBeLessThanOrEqual(share);
      }),
    );
  });
});

test('16 nodes at a 66% discount cost 15% less per hour of useful work', () => {
  expect(effectiveSpotPrice(0.34, 0.4)).toBeCloseTo(0.85);
  expect(effectiveSpotPrice(0.34, 0)).toBeUndefined();
});

test('reports each number out of range', () => {
  expect(() => spotGoodput({ nodes: 0, nodeLifeHours: -1 })).toThrow(AiInfraError);
  expect(() => effectiveSpotPrice(-1, 1)).toThrow(/spotUsdPerHour/);
});
