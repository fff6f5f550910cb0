import { allMachines } from 'ai-infra-constructs';
import { machinesFor } from '../../lib/cli/catalog-command';
import { cli, expectUsage, fileOf } from './support';

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

  test('shows the prices of a region, and says once how old they are', () => {
    const { out } = cli('catalog', '--cloud', 'aws', '--chip', 'H100', '--region', 'us-east-1');
    expect(out).toMatch(/On demand\/h +Spot\/h\n/);
    expect(out).toMatch(/p5\.48xlarge .* \$55\.04 /);
    expect(out.match(/over 90 days old or undated/g)).toHaveLength(1);
    expect(out).not.toContain('*');
  });

  test('marks prices of another region', () => {
    const { code, out } = cli('catalog', '--cloud', 'aws', '--chip', 'H100', '--region', 'eu-west-1');
    expect(code).toBe(0);
    expect(out).toMatch(/p5\.48xlarge .* ~\$55\.04 /);
    expect(out).toContain('~ has no price in eu-west-1: the price is that of the nearest region with one.\n');
  });

  test('has no price columns without a region', () => {
    expect(cli('catalog', '--chip', 'H100').out).not.toContain('Spot/h');
  });

  test('exits with code 1 if no machine matches', () => {
    const args = ['catalog', '--cloud', 'aws', '--chip', 'H100', '--min-accelerators', '16'];
    expect(cli(...args)).toEqual({ code: 1, out: '', err: 'No machine in the catalog matches.\n' });
    expect(cli(...args, '--json')).toEqual({ code: 1, out: '[]\n', err: '' });
  });

  test('suggests regions with similar names', () => {
    expectUsage(
      cli('catalog', '--region', 'us-eats-1'),
      /--region: .* have no region 'us-eats-1'; did you mean us-east-1/,
    );
    expectUsage(
      cli('catalog', '--cloud', 'azure', '--region', 'us-east-1'),
      /--region: azure has no region 'us-east-1'/,
    );
  });

  test('reads a price file', () => {
    const row = { cloud: 'aws', machine: 'p5.48xlarge', region: 'eu-west-1', market: 'on-demand' };
    const prices = [{ ...row, usdPerHour: 61.5, date: '2026-11-20', source: 'ec2' }];
    const file = fileOf('prices.json', JSON.stringify({ format: 'ai-infra-prices/1', prices }));
    const { out } = cli('catalog', '--cloud', 'aws', '--chip', 'H100', '--region', 'eu-west-1', '--prices', file);
    expect(out).toMatch(/p5\.48xlarge .* \$61\.50 /);
  });

  test('suggests chips with similar names', () => {
    expectUsage(cli('catalog', '--chip', 'H101'), /the catalog has no chip 'H101'; did you mean H100/);
  });
});
