import { ALL_REDUCE } from '../../lib/core/catalog/all-reduce';
import { expectedAllReduce } from '../../lib/kubernetes';
import { h100, trainium } from './pools';

describe('the bandwidth to expect', () => {
  test('is a published threshold where there is one, for any number of nodes', () => {
    expect(expectedAllReduce(h100())).toMatchObject({ GBps: 300, basis: 'published' });
    expect(expectedAllReduce(h100(), 2)).toEqual(expectedAllReduce(h100()));
  });

  test('is a share of a published run with as many nodes', () => {
    expect(expectedAllReduce(h100({ machine: 'p4de.24xlarge' }), 2)).toMatchObject({ GBps: 58.7, basis: 'published' });
  });

  test('is a share of the line rate for another number of nodes than was measured, and says so', () => {
    const fabric = { resource: 'vpc.amazonaws.com/efa', interfacesPerNode: 4, bandwidthGbps: 400 };
    expect(expectedAllReduce(h100({ machine: 'p4de.24xlarge', fabric }), 8)).toEqual({
      GBps: 37.5,
      basis: 'derived',
      source: '75 % of the line rate of 400 Gbps a node',
    });
  });

  test('is a share of the line rate for a machine without a figure, and for a name that every object has', () => {
    expect(expectedAllReduce(trainium())).toMatchObject({ GBps: 75, basis: 'derived' });
    expect(expectedAllReduce(h100({ machine: 'toString' }))).toMatchObject({ basis: 'derived' });
    expect(expectedAllReduce(h100({ machine: undefined }))).toMatchObject({ GBps: 300, basis: 'derived' });
  });

  test('is nothing without a fabric', () => {
    expect(expectedAllReduce(h100({ fabric: undefined }))).toBeUndefined();
  });
});

describe('the table of published figures', () => {
  test.each(Object.entries(ALL_REDUCE))('%s names its source, and its nodes where it was measured', (_, row) => {
    expect(row.GBps).toBeGreaterThan(0);
    expect(row.source).toMatch(/^[\w-]+\/[\w-]+ [0-9a-f]{7}, /);
    expect('nodes' in row).toBe(row.kind === 'measurement');
  });
});
