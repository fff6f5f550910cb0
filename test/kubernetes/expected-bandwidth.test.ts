import { ALL_REDUCE } from '../../lib/core/catalog/all-reduce';
import { expectedAllReduce } from '../../lib/kubernetes';
import { h100, trainium } from './pools';

describe('expectedAllReduce', () => {
  test('returns the published threshold of a machine for any number of nodes', () => {
    expect(expectedAllReduce(h100())).toMatchObject({ GBps: 300, basis: 'published' });
    expect(expectedAllReduce(h100(), 2)).toEqual(expectedAllReduce(h100()));
  });

  test('returns a share of a published run with the same number of nodes', () => {
    expect(expectedAllReduce(h100({ machine: 'p4de.24xlarge' }), 2)).toMatchObject({ GBps: 58.7, basis: 'published' });
  });

  test('returns a share of the line rate for other numbers of nodes, with its source', () => {
    const fabric = { resource: 'vpc.amazonaws.com/efa', interfacesPerNode: 4, bandwidthGbps: 400 };
    expect(expectedAllReduce(h100({ machine: 'p4de.24xlarge', fabric }), 8)).toEqual({
      GBps: 37.5,
      basis: 'derived',
      source: '75% of the line rate of 400 Gbps per node',
    });
  });

  test('returns a share of the line rate for a machine without a published value, and for a name that every object has', () => {
    expect(expectedAllReduce(trainium())).toMatchObject({ GBps: 75, basis: 'derived' });
    expect(expectedAllReduce(h100({ machine: 'toString' }))).toMatchObject({ basis: 'derived' });
    expect(expectedAllReduce(h100({ machine: undefined }))).toMatchObject({ GBps: 300, basis: 'derived' });
  });

  test('returns undefined without a fabric', () => {
    expect(expectedAllReduce(h100({ fabric: undefined }))).toBeUndefined();
  });
});

describe('ALL_REDUCE', () => {
  test.each(Object.entries(ALL_REDUCE))('%s has a source, and the number of nodes of its measurement', (_, row) => {
    expect(row.GBps).toBeGreaterThan(0);
    expect(row.source).toMatch(/^[\w-]+\/[\w-]+ [0-9a-f]{7}, /);
    expect('nodes' in row).toBe(row.kind === 'measurement');
  });
});
