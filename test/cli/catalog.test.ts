import { allMachines } from 'ai-infra-constructs';
import { machinesFor } from '../../lib/cli/catalog-command';
import { cli, expectUsage } from './support';

const names = (...args: readonly string[]) =>
  (JSON.parse(cli('catalog', '--json', ...args).out) as { name: string }[]).map(({ name }) => name);

describe('ai-infra catalog', () => {
  test('lists every machine', () => expect(names()).toHaveLength(allMachines().length));

  test('filters by cloud, chip in any case, minimum count, and RDMA', () => {
    expect(names('--cloud', 'aws', '--chip', 'h100')).toEqual(['p5.4xlarge', 'p5.48xlarge']);
    expect(names('--cloud', 'aws', '--chip', 'H100', '--min-accelerators', '2')).toEqual(['p5.48xlarge']);
    expect(machinesFor({ rdma: true }).every(({ rdma }) => rdma)).toBe(true);
    expect(machinesFor({ rdma: true }).length).toBeLessThan(allMachines().length);
  });

  test('shows the prices of a region and marks stale prices', () => {
    const { out } = cli('catalog', '--cloud', 'aws', '--chip', 'H100', '--region', 'us-east-1');
    expect(out).toMatch(/On demand\/h +Spot\/h\n/);
    expect(out).toMatch(/p5\.48xlarge .* \$55\.04\*? /);
  });

  test('has no price columns without a region', () => {
    expect(cli('catalog', '--chip', 'H100').out).not.toContain('Spot/h');
  });

  test('reports that no machine matches', () => {
    const outcome = cli('catalog', '--region', 'moon-1');
    expect(outcome).toEqual({ code: 0, out: '', err: 'No machine in the catalog matches.\n' });
  });

  test('suggests chips with similar names', () => {
    expectUsage(cli('catalog', '--chip', 'H101'), /the catalog has no chip 'H101'; did you mean H100/);
  });
});
