import type { ListedPrice } from '../../core/catalog/price-file';
import { PRICES, type PriceMarket } from '../../core/catalog/prices';
import { awsCommitments } from './aws-savings-plans';
import { awsSpotPrices } from './aws-spot-prices';
import { formatError, type LineReader } from './price-client';
import { PriceTable } from './price-table';
import { addressOf, type FetchedPrices, field, listed, type PriceRequest } from './price-request';

const HOST = 'https://pricing.us-east-1.amazonaws.com';

/** Columns of the list of AmazonEC2 that are read. */
const COLUMNS = [
  'termtype',
  'unit',
  'priceperunit',
  'currency',
  'leasecontractlength',
  'purchaseoption',
  'offeringclass',
  'instancetype',
  'tenancy',
  'operatingsystem',
  'preinstalledsw',
  'capacitystatus',
] as const;
const OPTIONAL_COLUMNS = ['marketoption', 'regioncode', 'locationtype'] as const;

/**
 * Fetches the prices of EC2: the list of a region for on-demand capacity and reserved instances, its Savings Plans, and the spot prices.
 *
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html
 */
export async function awsPrices(request: PriceRequest): Promise<FetchedPrices> {
  const base = addressOf('AI_INFRA_AWS_PRICES_URL', HOST);
  const { markets } = request;
  const results: FetchedPrices[] = [];
  if (markets.includes('on-demand') || markets.includes('committed')) results.push(await fromBulkList(base, request));
  if (markets.includes('spot')) results.push(await awsSpotPrices(request, regionsOf(request)));
  return {
    sources: Object.assign({}, ...results.map(({ sources }) => sources)) as FetchedPrices['sources'],
    prices: results.flatMap(({ prices }) => prices),
    missing: results.flatMap(({ missing }) => missing),
  };
}

/** The list of one region has hundreds of megabytes, so the default is not every region. */
function regionsOf({ regions }: PriceRequest): readonly string[] {
  return regions ?? [...new Set(PRICES.filter(({ cloud }) => cloud === 'aws').map(({ region }) => region))].sort();
}

async function fromBulkList(base: string, request: PriceRequest): Promise<FetchedPrices> {
  const { client, markets, progress } = request;
  const index = `${base}/offers/v1.0/aws/index.json`;
  const offer = field(await client.json(index), 'offers', 'AmazonEC2');
  const regionIndex = pathOf(index, field(offer, 'currentRegionIndexUrl'));
  const versions = field(await client.json(base + regionIndex), 'regions');
  const sources: Record<string, FetchedPrices['sources'][string]> = {};
  const prices: ListedPrice[] = [];
  const missing: string[] = [];
  for (const region of regionsOf(request)) {
    const version = field(versions, region, 'currentVersionUrl');
    if (version === undefined) {
      missing.push(`aws ${region}: the price list has no such region`);
      continue;
    }
    const url = base + pathOf(regionIndex, version).replace(/\.json$/, '.csv');
    progress(`aws ${region}: reading the price list of EC2, which has hundreds of megabytes`);
    const source = `aws-ec2-${region}`;
    const found = await client.lines(url, () => new RegionReader(url, region, source, request));
    sources[source] = {
      text: `AWS Price List, AmazonEC2, ${region}`,
      url,
      ...(found.version !== undefined && { version: found.version }),
    };
    prices.push(...found.prices);
    progress(`aws ${region}: ${found.prices.length} prices`);
  }
  if (!markets.includes('committed')) return { sources, prices, missing };
  const plans = await awsCommitments(
    base,
    pathOf(index, field(offer, 'currentSavingsPlanIndexUrl')),
    request,
    regionsOf(request),
  );
  const blocks = 'aws: the list has no price of Capacity Blocks, which AWS sets for each offer';
  return {
    sources: { ...sources, ...plans.sources },
    prices: [...prices, ...plans.prices],
    missing: [...missing, ...plans.missing, ...(prices.some(({ note }) => note === CAPACITY_BLOCK) ? [] : [blocks])],
  };
}

/** Returns a path of an index. It must stay on the server of the index. */
export function pathOf(url: string, path: unknown): string {
  if (typeof path === 'string' && /^\/[^/]/.test(path)) return path;
  throw formatError(url, 'an index with paths of price lists', path);
}

const CAPACITY_BLOCK = 'Capacity Block';

interface RegionPrices {
  /** Version of the list. @default - not stated */
  readonly version?: string;
  readonly prices: readonly ListedPrice[];
}

/** Collects the prices of Linux on shared hardware from the list of a region. */
class RegionReader implements LineReader<RegionPrices> {
  private readonly table: PriceTable;
  private readonly machines: ReadonlySet<string>;
  private readonly found = new Map<string, ListedPrice>();
  private version: string | undefined;
  private onDemandRows = 0;
  private reported = 0;

  constructor(
    private readonly url: string,
    private readonly region: string,
    private readonly source: string,
    private readonly request: PriceRequest,
  ) {
    this.table = new PriceTable(url, COLUMNS, OPTIONAL_COLUMNS);
    this.machines = new Set(request.machines.map(({ name }) => name));
  }

  line(text: string, bytes: number): void {
    if (bytes - this.reported > PROGRESS_BYTES) {
      this.reported = bytes;
      this.request.progress(`aws ${this.region}: ${Math.round(bytes / 1e6)} MB`);
    }
    if (this.version === undefined && text.startsWith('"Version"')) this.version = text.split('"')[3];
    // Most of the list is for other operating systems and hosts.
    if (this.table.hasHeader && !(text.includes('Linux') && text.includes('Shared'))) return;
    const row = this.table.row(text);
    if (!row || !this.isPriced(row)) return;
    if (row.termtype === 'OnDemand') this.onDemandRows += 1;
    if (!this.machines.has(row.instancetype!)) return;
    const sale = saleOf(row);
    if (!sale || !this.request.markets.includes(sale.market)) return;
    const usdPerHour = Number(row.priceperunit);
    const key = [row.instancetype, sale.market, sale.termYears, sale.note].join(' ');
    if (this.found.has(key)) return;
    const { source, region } = this;
    this.found.set(
      key,
      listed('aws', { machine: row.instancetype!, region, ...sale, usdPerHour, date: this.request.today, source }),
    );
  }

  end(): RegionPrices {
    this.table.checkHeader();
    // Every region sells some machine for Linux, even if it sells none with an accelerator.
    if (this.onDemandRows === 0) throw formatError(this.url, 'a list with on-demand prices of Linux', 'none');
    return { prices: [...this.found.values()], ...(this.version !== undefined && { version: this.version }) };
  }

  private isPriced(row: Readonly<Record<string, string>>): boolean {
    const { unit, currency, tenancy, operatingsystem, preinstalledsw, capacitystatus, locationtype, regioncode } = row;
    const isPlain = tenancy === 'Shared' && operatingsystem === 'Linux' && ['', 'NA'].includes(preinstalledsw!);
    const isHere = ['', this.region].includes(regioncode ?? '') && ['', 'AWS Region'].includes(locationtype ?? '');
    const isRate = unit === 'Hrs' && currency === 'USD' && Number(row.priceperunit) > 0;
    return isPlain && isHere && isRate && capacitystatus === 'Used';
  }
}

const PROGRESS_BYTES = 50e6;

interface Sale {
  readonly market: PriceMarket;
  readonly termYears?: number;
  readonly note?: string;
}

/** Returns how a row sells a machine, or nothing for offers that cannot be compared by the hour. */
function saleOf(row: Readonly<Record<string, string>>): Sale | undefined {
  const { termtype, marketoption = '', leasecontractlength = '', purchaseoption, offeringclass } = row;
  if (termtype === 'OnDemand') {
    if (marketoption === 'CapacityBlock') return { market: 'committed', note: CAPACITY_BLOCK };
    return ['', 'OnDemand'].includes(marketoption) ? { market: 'on-demand' } : undefined;
  }
  // Offers with a part up front have a price per hour that is not their cost.
  if (termtype !== 'Reserved' || purchaseoption !== 'No Upfront' || offeringclass !== 'standard') return undefined;
  const years = /^([13]) ?yr$/.exec(leasecontractlength)?.[1];
  return years === undefined
    ? undefined
    : { market: 'committed', termYears: Number(years), note: 'Standard Reserved Instance, no upfront' };
}
