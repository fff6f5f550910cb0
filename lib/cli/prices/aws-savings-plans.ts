import type { ListedPrice } from '../../core/catalog/price-file';
import { pathOf } from './aws-price-list';
import { formatError, type LineReader } from './price-client';
import { PriceTable } from './price-table';
import { type FetchedPrices, field, listed, type PriceRequest } from './price-request';

const COLUMNS = [
  'discountedrate',
  'currency',
  'unit',
  'discountedservicecode',
  'discountedusagetype',
  'discountedoperation',
  'purchaseoption',
  'leasecontractlength',
  'leasecontractlengthunit',
  'productfamily',
] as const;

/** Names of the plans, by their product family. */
const PLANS: Readonly<Record<string, string>> = {
  ComputeSavingsPlans: 'Compute Savings Plan, no upfront',
  EC2InstanceSavingsPlans: 'EC2 Instance Savings Plan, no upfront',
};

/**
 * Fetches the prices of EC2 under Savings Plans without a payment up front.
 *
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-savings-plans.html
 */
export async function awsCommitments(
  base: string,
  index: string,
  request: PriceRequest,
  regions: readonly string[],
): Promise<FetchedPrices> {
  const versions = field(await request.client.json(base + index), 'regions');
  if (!Array.isArray(versions)) throw formatError(base + index, 'an index with a list of regions', versions);
  const sources: Record<string, FetchedPrices['sources'][string]> = {};
  const prices: ListedPrice[] = [];
  const missing: string[] = [];
  for (const region of regions) {
    const path = field(
      versions.find((one) => field(one, 'regionCode') === region),
      'versionUrl',
    );
    if (path === undefined) {
      missing.push(`aws ${region}: the list of Savings Plans has no such region`);
      continue;
    }
    const url = base + pathOf(index, path).replace(/\.json$/, '.csv');
    request.progress(`aws ${region}: reading the list of Savings Plans`);
    const source = `aws-savings-plans-${region}`;
    const found = await request.client.lines(url, () => new PlanReader(url, region, source, request));
    sources[source] = { text: `AWS Price List, AWSComputeSavingsPlan, ${region}`, url };
    prices.push(...found);
    request.progress(`aws ${region}: ${found.length} prices of Savings Plans`);
  }
  return { sources, prices, missing };
}

/** Collects the rates of Linux on shared hardware from the list of a region. */
class PlanReader implements LineReader<readonly ListedPrice[]> {
  private readonly table: PriceTable;
  private readonly machines: ReadonlySet<string>;
  private readonly found = new Map<string, ListedPrice>();

  constructor(
    url: string,
    private readonly region: string,
    private readonly source: string,
    private readonly request: PriceRequest,
  ) {
    this.table = new PriceTable(url, COLUMNS, ['discountedregioncode']);
    this.machines = new Set(request.machines.map(({ name }) => name));
  }

  line(text: string): void {
    if (this.table.hasHeader && !(text.includes('No Upfront') && text.includes('BoxUsage:'))) return;
    const row = this.table.row(text);
    if (!row) return;
    // Usage types of us-east-1 have no prefix. `HostBoxUsage` and `UnusedBox` are other hosts.
    const machine = /^(?:[A-Z0-9]+-)?BoxUsage:(.+)$/.exec(row.discountedusagetype!)?.[1];
    const note = PLANS[row.productfamily!];
    if (machine === undefined || note === undefined || !this.machines.has(machine) || !this.isRate(row)) return;
    const termYears = Number(row.leasecontractlength);
    const { source, region } = this;
    const price = listed('aws', {
      machine,
      region,
      market: 'committed',
      termYears,
      usdPerHour: Number(row.discountedrate),
      date: this.request.today,
      source,
      note,
    });
    this.found.set([machine, termYears, note].join(' '), price);
  }

  end(): readonly ListedPrice[] {
    this.table.checkHeader();
    return [...this.found.values()];
  }

  /** Whether a row is a rate of Linux, without a payment up front. `RunInstances` without a suffix is Linux. */
  private isRate(row: Readonly<Record<string, string>>): boolean {
    const {
      currency,
      unit,
      discountedservicecode,
      discountedoperation,
      purchaseoption,
      discountedregioncode = '',
    } = row;
    const isLinux = discountedservicecode === 'AmazonEC2' && discountedoperation === 'RunInstances';
    const isTerm = row.leasecontractlengthunit === 'year' && ['1', '3'].includes(row.leasecontractlength!);
    const isHourly = currency === 'USD' && unit === 'Hrs' && Number(row.discountedrate) > 0;
    return (
      isLinux &&
      isTerm &&
      isHourly &&
      purchaseoption === 'No Upfront' &&
      ['', this.region].includes(discountedregioncode)
    );
  }
}
