import { GOOGLE_MACHINES, type GoogleMachineRow } from '../../core/catalog/google-machines';
import type { Machine } from '../../core/catalog/machines';
import type { ListedPrice } from '../../core/catalog/price-file';
import type { PriceMarket } from '../../core/catalog/prices';
import { formatError } from './price-client';
import { addressOf, type FetchedPrices, field, listed, type PriceRequest } from './price-request';

const HOST = 'https://cloudbilling.googleapis.com';
/** ID of Compute Engine in the catalog. Source: https://cloud.google.com/skus */
const PATH = '/v1/services/6F81-5844-456A/skus';
const SOURCE = 'google-billing';

/**
 * The SKUs of a series of machines. Sources, read 2026-11-28: familyMatchers, machineNameFamilyPrefixOverrides, and gpuSKUPrefixes in
 * cloudpilot-ai/karpenter-provider-gcp. Names of commitments: excerpts of other tools for A2, A3 and G2. Those of A3Plus, A3Ultra and G4 are
 * inferred from them and unverified. If a name is wrong, its price is left out.
 */
const SERIES: readonly (readonly [machines: RegExp, series: string])[] = [
  [/^a2-/, 'A2'],
  [/^a3-(high|edge)gpu-/, 'A3'],
  [/^a3-megagpu-/, 'A3Plus'],
  [/^a3-ultragpu-/, 'A3Ultra'],
  [/^g2-/, 'G2'],
  [/^g4-/, 'G4'],
];

/** Names of GPUs in the catalog, by their label in GKE. */
const GPUS: Readonly<Record<string, readonly string[]>> = {
  'nvidia-tesla-a100': ['Nvidia Tesla A100 GPU'],
  'nvidia-a100-80gb': ['Nvidia Tesla A100 80GB GPU'],
  'nvidia-h100-80gb': ['Nvidia H100 80GB GPU'],
  'nvidia-h100-mega-80gb': ['Nvidia H100 80GB Mega GPU', 'Nvidia H100 80GB Plus GPU'],
  'nvidia-h200-141gb': ['H200 141GB GPU'],
  'nvidia-l4': ['Nvidia L4 GPU'],
  'nvidia-rtx-pro-6000': ['RTX 6000 96GB'],
};

/** A purchase option, and the form of its SKUs. */
interface Sale {
  readonly market: PriceMarket;
  readonly usageType: string;
  readonly termYears?: number;
  readonly core: (series: string) => RegExp;
  readonly ram: (series: string) => RegExp;
  readonly gpu: (name: string) => RegExp;
}

const committed = (years: number): Sale => ({
  market: 'committed',
  usageType: `Commit${years}Yr`,
  termYears: years,
  core: (series) => exactly('Commitment v1: ', `${series} Cpu`, ` in .+ for ${years} Years?`),
  ram: (series) => exactly('Commitment v1: ', `${series} Ram`, ` in .+ for ${years} Years?`),
  gpu: (name) => exactly('Commitment v1: ', name, ` (running )?in .+ for ${years} Years?`),
});

const SALES: readonly Sale[] = [
  {
    market: 'on-demand',
    usageType: 'OnDemand',
    core: (series) => exactly('', `${series} Instance Core`, ' running in .+'),
    ram: (series) => exactly('', `${series} Instance Ram`, ' running in .+'),
    gpu: (name) => exactly('', name, ' running in .+'),
  },
  {
    market: 'spot',
    usageType: 'Preemptible',
    core: (series) => exactly('Spot Preemptible ', `${series} Instance Core`, ' running in .+'),
    ram: (series) => exactly('Spot Preemptible ', `${series} Instance Ram`, ' running in .+'),
    gpu: (name) => exactly('', name, ' attached to Spot Preemptible VMs running in .+'),
  },
  committed(1),
  committed(3),
];

function exactly(before: string, name: string, after: string): RegExp {
  return new RegExp(`^${before}${name}${after}$`);
}

/**
 * Fetches the prices of machines with GPUs from the Cloud Billing catalog. It has no machines, only vCPUs, memory, and GPUs. A machine gets a
 * price if its region has exactly one price of each.
 *
 * @see https://cloud.google.com/billing/docs/reference/rest/v1/services.skus/list
 */
export async function googlePrices(request: PriceRequest): Promise<FetchedPrices> {
  const skus = await skusOf(request);
  const prices: ListedPrice[] = [];
  const missing: string[] = [];
  for (const machine of request.machines) {
    const found = pricesOf(machine, skus, request);
    if (typeof found === 'string') missing.push(`google ${machine.name}: ${found}`);
    else prices.push(...found);
  }
  request.progress(`google: ${prices.length} prices`);
  return { sources: { [SOURCE]: { text: 'Google Cloud Billing Catalog', url: HOST + PATH } }, prices, missing };
}

/** A price of a vCPU, a GiB, or a GPU for an hour. */
interface Sku {
  readonly description: string;
  readonly usageType: string;
  readonly regions: readonly string[];
  readonly unit: string;
  /** @default - the price has several tiers, so it depends on the usage */
  readonly usd?: number;
}

async function skusOf({ client, key, progress }: PriceRequest): Promise<readonly Sku[]> {
  const base = addressOf('AI_INFRA_GOOGLE_PRICES_URL', HOST);
  const skus: Sku[] = [];
  let page = '';
  do {
    const url = `${base}${PATH}?currencyCode=USD&pageSize=5000${page === '' ? '' : `&pageToken=${encodeURIComponent(page)}`}`;
    const answer = await client.json(url, { 'x-goog-api-key': key ?? '' });
    const list = field(answer, 'skus');
    if (!Array.isArray(list)) throw formatError(url, 'a page with a list of skus', list);
    skus.push(...list.flatMap(skuOf));
    const next = field(answer, 'nextPageToken') ?? '';
    if (typeof next !== 'string' || (next !== '' && next === page))
      throw formatError(url, 'another nextPageToken', next);
    page = next;
    progress(`google: read a page of ${list.length} SKUs`);
  } while (page !== '');
  if (!skus.some(({ unit, usd }) => unit === 'h' && usd !== undefined)) {
    throw formatError(base + PATH, 'SKUs of Compute with a price per hour', 'none');
  }
  return skus;
}

function skuOf(sku: unknown): readonly Sku[] {
  const expression = field(sku, 'pricingInfo', 0, 'pricingExpression');
  const regions = field(sku, 'serviceRegions');
  if (field(sku, 'category', 'resourceFamily') !== 'Compute' || !Array.isArray(regions)) return [];
  const tiers = field(expression, 'tieredRates');
  const usd = Array.isArray(tiers) && tiers.length === 1 ? moneyOf(field(tiers, 0, 'unitPrice')) : undefined;
  const description = String(field(sku, 'description'));
  const usageType = String(field(sku, 'category', 'usageType'));
  return [
    {
      description,
      usageType,
      regions: regions as string[],
      unit: String(field(expression, 'usageUnit')),
      ...(usd !== undefined && { usd }),
    },
  ];
}

/** Returns an amount in USD. `units` is a string, because it has 64 bits. */
function moneyOf(price: unknown): number | undefined {
  const usd = Number(field(price, 'units') ?? 0) + Number(field(price, 'nanos') ?? 0) / 1e9;
  return field(price, 'currencyCode') === 'USD' && usd > 0 ? usd : undefined;
}

const ROWS: Readonly<Record<string, GoogleMachineRow>> = GOOGLE_MACHINES;

function pricesOf(
  { name, accelerators }: Machine,
  skus: readonly Sku[],
  request: PriceRequest,
): readonly ListedPrice[] | string {
  const { kind, acceleratorLabel, vcpus, memoryGB } = ROWS[name]!;
  if (kind === 'tpu') return 'the SKUs of TPUs do not name their machines';
  const series = SERIES.find(([pattern]) => pattern.test(name))?.[1];
  const gpus = GPUS[acceleratorLabel];
  if (series === undefined || !gpus) return 'the SKUs of its series are not known for certain';
  if (vcpus === undefined || memoryGB === undefined || !Number.isInteger(accelerators))
    return 'it has a part of a GPU, or an unknown size';
  const prices = SALES.filter(({ market }) => request.markets.includes(market)).flatMap((sale) => {
    const of = (pattern: RegExp) => (sku: Sku) => sku.usageType === sale.usageType && pattern.test(sku.description);
    const cores = perRegion(skus.filter(of(sale.core(series))), 'h');
    const memory = perRegion(skus.filter(of(sale.ram(series))), 'GiBy.h');
    const chips = perRegion(
      skus.filter((sku) => gpus.some((gpu) => of(sale.gpu(gpu))(sku))),
      'h',
    );
    return [...chips].flatMap(([region, gpu]) => {
      const [core, ram] = [cores.get(region), memory.get(region)];
      if (!gpu || !core || !ram || (request.regions && !request.regions.includes(region))) return [];
      const usdPerHour = vcpus * core + memoryGB * ram + accelerators * gpu;
      const { market, termYears } = sale;
      const note = 'Sum of vCPUs, memory, and GPUs, without local SSD';
      return [
        listed('google', {
          machine: name,
          region,
          market,
          termYears,
          usdPerHour,
          date: request.today,
          source: SOURCE,
          note,
        }),
      ];
    });
  });
  return prices.length > 0 ? prices : 'no region has exactly one price of its vCPUs, its memory, and its GPUs';
}

/** Returns the price in each region, or `undefined` where two SKUs have different prices. */
function perRegion(skus: readonly Sku[], unit: string): ReadonlyMap<string, number | undefined> {
  const found = new Map<string, number | undefined>();
  for (const sku of skus) {
    for (const region of sku.regions) {
      const isSame = !found.has(region) || found.get(region) === sku.usd;
      found.set(region, isSame && sku.unit === unit ? sku.usd : undefined);
    }
  }
  return found;
}
