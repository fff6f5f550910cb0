import type { ListedPrice } from '../../core/catalog/price-file';
import { formatError } from './price-client';
import { addressOf, type FetchedPrices, field, listed, type PriceRequest } from './price-request';

/** The file behind https://aws.amazon.com/ec2/spot/pricing. AWS does not document its format. */
const URL_OF_FILE = 'https://website.spot.ec2.aws.a2z.com/spot.json';

/** Regions whose names in the file are older than the names of the API. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  'us-east': 'us-east-1',
  'us-west': 'us-west-1',
  'eu-ireland': 'eu-west-1',
  'apac-sin': 'ap-southeast-1',
  'apac-syd': 'ap-southeast-2',
  'apac-tokyo': 'ap-northeast-1',
};

/** Fetches the current spot prices of EC2: one price for each region, which AWS calculates over its zones. */
export async function awsSpotPrices(request: PriceRequest, regions: readonly string[]): Promise<FetchedPrices> {
  const url = addressOf('AI_INFRA_AWS_SPOT_PRICES_URL', URL_OF_FILE);
  request.progress('aws: reading the spot prices');
  const text = await request.client.text(url);
  const list = field(parsed(url, text), 'config', 'regions');
  if (!Array.isArray(list) || list.length === 0) throw formatError(url, 'a list of regions in config.regions', list);
  const machines = new Set(request.machines.map(({ name }) => name));
  const prices = list.flatMap((entry) => {
    const name = String(field(entry, 'region'));
    const region = OLD_NAMES[name] ?? name;
    return regions.includes(region) ? pricesIn(entry, region, machines, request) : [];
  });
  request.progress(`aws: ${prices.length} spot prices`);
  return { sources: { 'aws-spot': { text: 'AWS, EC2 spot pricing page', url } }, prices, missing: [] };
}

/** The file was a call of JavaScript before it was JSON. */
function parsed(url: string, text: string): unknown {
  try {
    return JSON.parse(
      text
        .trim()
        .replace(/^callback\(/, '')
        .replace(/\);?$/, ''),
    ) as unknown;
  } catch {
    throw formatError(url, 'JSON', text.slice(0, 40));
  }
}

function pricesIn(
  entry: unknown,
  region: string,
  machines: ReadonlySet<string>,
  { today }: PriceRequest,
): ListedPrice[] {
  const sizes = listIn(entry, 'instanceTypes').flatMap((type) => listIn(type, 'sizes'));
  return sizes.flatMap((size) => {
    const machine = String(field(size, 'size'));
    const linux = listIn(size, 'valueColumns').find((column) => field(column, 'name') === 'linux');
    // Machines without spot capacity have `N/A*` or 0.
    const usdPerHour = Number(field(linux, 'prices', 'USD'));
    if (!machines.has(machine) || !(usdPerHour > 0)) return [];
    return [listed('aws', { machine, region, market: 'spot', usdPerHour, date: today, source: 'aws-spot' })];
  });
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = field(value, key);
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}
