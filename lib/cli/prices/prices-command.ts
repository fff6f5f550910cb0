import { Command } from 'commander';
import { type Cloud, CLOUDS, type Machine, allMachines } from '../../core/catalog/machines';
import { type ListedPrice, PRICE_FILE_FORMAT, type PriceFile } from '../../core/catalog/price-file';
import { isSold } from '../../core/catalog/price-of';
import type { PriceMarket } from '../../core/catalog/prices';
import { regionNames } from '../../core/catalog/regions';
import { AiInfraError } from '../../core/errors';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { machineOf } from '../machine-plan';
import { listOf, today } from '../options';
import { checkRegion } from '../region-names';
import type { Terminal } from '../terminal';
import { awsPrices } from './aws-price-list';
import { azurePrices } from './azure-price-list';
import { googlePrices } from './google-price-list';
import { PriceClient } from './price-client';
import { checkWritable, priceFileText, writeWhole } from './price-file-writer';
import type { FetchedPrices, PriceRequest } from './price-request';

const MARKETS: readonly PriceMarket[] = ['on-demand', 'spot', 'committed'];

const EXAMPLES = `
Examples:
  ai-infra prices update --out prices.json
  ai-infra prices update --clouds aws --regions us-east-1 eu-west-1 --markets on-demand spot --out prices.json
  ai-infra prices update --clouds azure --machines Standard_ND96isr_H100_v5
  ai-infra plan --file workload.yaml --prices prices.json

AWS: without --regions, reads the regions of the catalog. The list of one region has hundreds of megabytes.
Google: set --google-api-key or GOOGLE_API_KEY. The project of the key needs the Cloud Billing API.
Alibaba Cloud: not read, because its price list needs an account.
`;

interface Flags {
  readonly out?: string;
  readonly clouds?: readonly Cloud[];
  readonly regions?: readonly string[];
  readonly markets?: readonly PriceMarket[];
  readonly machines?: readonly string[];
  readonly googleApiKey?: string;
}

/** `ai-infra prices`: the public price lists of the clouds. */
export function pricesCommand(terminal: Terminal, done: (code: ExitCode) => void): Command {
  const update = new Command('update')
    .description("Fetch today's prices of the machines in the catalog from the public price lists.")
    .option('--out <file>', 'write this file, as a whole or not at all (default: the output)')
    .option('--clouds <names...>', `read the lists of these clouds: ${CLOUDS.join(', ')}`, listOf(CLOUDS))
    .option('--regions <names...>', 'read these regions only', listOf())
    .option('--markets <names...>', `read these markets only: ${MARKETS.join(', ')}`, listOf(MARKETS))
    .option('--machines <names...>', 'read these machines only, for example aws/p5.48xlarge', listOf())
    .option('--google-api-key <key>', 'API key for the Cloud Billing catalog (default: GOOGLE_API_KEY)')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      done(await updated(terminal, flags));
    });
  return new Command('prices').addCommand(update);
}

async function updated(terminal: Terminal, { out, ...flags }: Flags): Promise<ExitCode> {
  if (out !== undefined) checkWritable(out);
  let file: PriceFile;
  try {
    file = await fetchedFile(terminal, flags);
  } catch (error) {
    if (!AiInfraError.isAiInfraError(error) || !error.code.startsWith('PriceList')) throw error;
    terminal.err(`error: ${error.message}\n`);
    return EXIT.FAILED;
  }
  for (const reason of file.missing) terminal.err(`missing: ${reason}\n`);
  if (file.prices.length === 0) {
    terminal.err('No price list has a price of these machines in these regions and markets.\n');
    return EXIT.FAILED;
  }
  const text = priceFileText(file);
  if (out === undefined) terminal.out(text);
  else {
    writeWhole(out, text);
    terminal.err(`wrote ${out}: ${file.prices.length} prices\n`);
  }
  return EXIT.OK;
}

const LISTS: Readonly<Partial<Record<Cloud, (request: PriceRequest) => Promise<FetchedPrices>>>> = {
  aws: awsPrices,
  google: googlePrices,
  azure: azurePrices,
};

async function fetchedFile(terminal: Terminal, flags: Omit<Flags, 'out'>): Promise<PriceFile> {
  const { regions, markets = MARKETS, clouds = CLOUDS } = flags;
  const key = flags.googleApiKey ?? process.env.GOOGLE_API_KEY;
  for (const region of regions ?? []) checkRegion('--regions', region, clouds);
  const machines = flags.machines?.map(machineOf) ?? allMachines();
  const client = new PriceClient({
    retryMs: millisecondsOf('AI_INFRA_PRICES_RETRY_MS', 1000),
    timeoutMs: millisecondsOf('AI_INFRA_PRICES_TIMEOUT_MS', 60_000),
  });
  const results: FetchedPrices[] = [];
  for (const cloud of clouds) {
    const own = machines.filter((machine) => machine.cloud === cloud);
    const there = regions?.filter((region) => regionNames(cloud).includes(region));
    if (own.length === 0 || there?.length === 0) continue;
    const reason = skipped(cloud, key, flags.clouds?.includes(cloud) ?? false);
    if (reason !== undefined) {
      results.push({ sources: {}, prices: [], missing: [`${cloud}: ${reason}`] });
      continue;
    }
    const request = {
      client,
      machines: own,
      regions: there,
      markets,
      today: today(),
      key,
      progress: (text: string) => terminal.err(`${text}\n`),
    };
    const found = await LISTS[cloud]!(request);
    results.push({ ...found, prices: found.prices.filter((price) => isOffered(price, own)) });
  }
  return {
    format: PRICE_FILE_FORMAT,
    fetched: new Date().toISOString(),
    currency: 'USD',
    sources: Object.assign({}, ...results.map(({ sources }) => sources)) as PriceFile['sources'],
    missing: results.flatMap(({ missing }) => missing),
    prices: results.flatMap(({ prices }) => prices).sort((a, b) => orderOf(a).localeCompare(orderOf(b))),
  };
}

/** Returns why the list of a cloud is not read. Throws an error if the user asked for that cloud. */
function skipped(cloud: Cloud, key: string | undefined, isRequested: boolean): string | undefined {
  let reason: string | undefined;
  if (cloud === 'google' && (key === undefined || key === ''))
    reason = 'set --google-api-key or GOOGLE_API_KEY to read its price list';
  else if (!LISTS[cloud]) reason = 'its price list needs an account, so set your own prices';
  if (reason !== undefined && isRequested) throw new UsageError(`--clouds ${cloud}: ${reason}`);
  return reason;
}

/** Lists have prices of machines that the cloud sells in other markets only, for example in Capacity Blocks. */
function isOffered({ machine, market }: ListedPrice, machines: readonly Machine[]): boolean {
  const found = machines.find(({ name }) => name === machine);
  return found !== undefined && isSold(found, market);
}

function orderOf({ cloud, machine, region, market, termYears = 0, note = '' }: ListedPrice): string {
  return [cloud, machine, region, market, termYears, note].join(' ');
}

function millisecondsOf(variable: string, usual: number): number {
  const value = Number(process.env[variable]);
  return value > 0 ? value : usual;
}
