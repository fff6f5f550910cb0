import { CLOUDS } from 'ai-infra-constructs';
import { PRICES } from '../../../lib/core/catalog/prices';
import { nearestRegion, regionNames, similarRegions } from '../../../lib/core/catalog/regions';

describe('the table of regions', () => {
  test('has every region of the price table, except the multi-region of Google', () => {
    const unknown = PRICES.filter(({ cloud, region }) => !regionNames(cloud).includes(region));
    expect([...new Set(unknown.map(({ cloud, region }) => `${cloud} ${region}`))]).toEqual(['google us']);
  });

  test('has the places of every cloud', () => {
    for (const cloud of CLOUDS) expect(regionNames(cloud).length).toBeGreaterThan(20);
  });
});

describe('the nearest region', () => {
  test.each([
    ['aws', 'eu-west-1', ['us-east-1', 'eu-central-1', 'eu-west-2'], 'eu-west-2'],
    ['aws', 'ap-southeast-2', ['us-west-2', 'ap-southeast-1', 'eu-west-1'], 'ap-southeast-1'],
    ['aws', 'ap-southeast-6', ['us-west-2', 'eu-west-1'], 'us-west-2'],
    ['azure', 'swedencentral', ['westeurope', 'eastus'], 'westeurope'],
    ['google', 'us-west4', ['us-central1', 'us-west2'], 'us-west2'],
    ['aws', 'us-east-1', ['us-east-1', 'us-east-2'], 'us-east-1'],
  ] as const)('of %s to %s among %j is %s', (cloud, region, candidates, expected) => {
    expect(nearestRegion(cloud, region, candidates)).toBe(expected);
  });

  test('is unknown without a candidate, a known candidate, or a known region', () => {
    expect(nearestRegion('aws', 'eu-west-1', [])).toBeUndefined();
    expect(nearestRegion('aws', 'eu-west-1', ['moon-1'])).toBeUndefined();
    expect(nearestRegion('aws', 'moon-1', ['us-east-1'])).toBeUndefined();
    expect(nearestRegion('aws', 'toString', ['us-east-1'])).toBeUndefined();
  });
});

test('similar regions come from the given clouds only', () => {
  expect(similarRegions('eu-wst-1', ['aws'])).toContain('eu-west-1');
  expect(similarRegions('eastus3', ['azure'], 1)).toEqual(['eastus']);
  expect(similarRegions('completely different text', ['aws'])).toEqual([]);
});
