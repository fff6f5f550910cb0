import { Command, Option } from 'commander';
import { allMachines, CLOUDS, type Cloud, type Machine } from '../core/catalog/machines';
import type { Prices } from '../core/catalog/price-override';
import { type Price, priceOf } from '../core/catalog/price-of';
import { hourly, number } from '../core/format';
import { chipIdOf, unknownChip } from './chip-names';
import { EXIT, type ExitCode, UsageError } from './exit';
import { countOf, pricesOf } from './options';
import { priceNote } from './price-note';
import { checkRegion } from './region-names';
import { type TextColumn, textTable } from './table';
import type { Terminal } from './terminal';

/** The machines to list. */
export interface CatalogFilter {
  readonly cloud?: Cloud;
  readonly chip?: string;
  readonly minAccelerators?: number;
  readonly rdma?: boolean;
  readonly region?: string;
  readonly prices?: Prices;
}

interface Flags extends Omit<CatalogFilter, 'prices'> {
  readonly prices?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  ai-infra catalog --cloud aws --chip H100
  ai-infra catalog --rdma --min-accelerators 8 --region us-east-1
  ai-infra catalog --json | jq '.[].name'
`;

/** `ai-infra catalog`: the machines of every cloud. */
export function catalogCommand(terminal: Terminal, done: (code: ExitCode) => void): Command {
  return new Command('catalog')
    .addOption(new Option('--cloud <name>', 'list machines of this cloud only').choices(CLOUDS))
    .option('--chip <name>', 'list machines with this chip only, for example H100')
    .option('--min-accelerators <count>', 'list machines with at least this many accelerators', countOf)
    .option('--rdma', 'list machines with an RDMA fabric only')
    .option('--region <name>', 'list machines of clouds with this region only, and show the prices')
    .option('--prices <file>', 'use the prices of this file, see ai-infra prices update')
    .option('--json', 'write JSON')
    .addHelpText('after', EXAMPLES)
    .action(({ json, prices: priceFile, ...flags }: Flags) => {
      const filter = { ...flags, prices: pricesOf({ priceFile }) };
      const machines = machinesFor(filter);
      if (json) terminal.out(`${JSON.stringify(machines, null, 2)}\n`);
      else if (machines.length === 0) terminal.err('No machine in the catalog matches.\n');
      else terminal.out(catalogText(terminal, machines, filter));
      done(machines.length > 0 ? EXIT.OK : EXIT.FAILED);
    });
}

/** Returns the machines that match a filter. */
export function machinesFor({
  cloud,
  chip,
  minAccelerators = 0,
  rdma = false,
  region,
  prices,
}: CatalogFilter): readonly Machine[] {
  checkRegion('--region', region, cloud === undefined ? CLOUDS : [cloud], prices);
  const chipId = chip === undefined ? undefined : chipNamed(chip);
  return allMachines().filter(
    (machine) =>
      (cloud === undefined || machine.cloud === cloud) &&
      (chipId === undefined || machine.chip === chipId) &&
      machine.accelerators >= minAccelerators &&
      (machine.rdma || !rdma) &&
      (region === undefined || pricesIn(machine, region, prices).length > 0),
  );
}

function chipNamed(typed: string): string {
  const found = chipIdOf([typed]);
  if (found === undefined) throw new UsageError(`--chip: ${unknownChip(typed)}`);
  return found;
}

const COLUMNS: readonly TextColumn[] = [
  { name: 'Cloud' },
  { name: 'Machine' },
  { name: 'Chip' },
  { name: 'Count', number: true },
  { name: 'GiB each', number: true },
  { name: 'vCPU', number: true },
  { name: 'GiB', number: true },
  { name: 'Gbit/s', number: true },
  { name: 'RDMA' },
  { name: 'Domain', number: true },
  { name: 'On demand/h', number: true },
  { name: 'Spot/h', number: true },
];

/** Formats machines as a table. Below it, one line each says what the marks and the age of the prices mean. */
function catalogText(terminal: Terminal, machines: readonly Machine[], { region, prices }: CatalogFilter): string {
  const priced = machines.map((machine) => pricesIn(machine, region, prices));
  const table = textTable(
    terminal,
    COLUMNS,
    machines.map((machine, index) => rowOf(machine, priced[index]!)),
  );
  const all = priced.flat();
  const notes = [
    all.some(({ fromRegion }) => fromRegion !== undefined)
      ? `~ has no price in ${region}: the price is that of the nearest region with one.`
      : '',
    priceNote(all.filter(({ stale }) => stale).length, all.length),
  ].filter((note) => note !== '');
  return [table, notes.map((note) => `${note}\n`).join('')].filter((part) => part !== '').join('\n');
}

function rowOf(machine: Machine, prices: readonly Price[]): readonly string[] {
  const { cloud, name, chip, accelerators, acceleratorMemoryGiB, vcpus, memoryGiB, fabricGbps, rdma, scaleUpDomain } =
    machine;
  return [
    cloud,
    name,
    chip,
    shown(accelerators),
    shown(acceleratorMemoryGiB),
    shown(vcpus),
    shown(memoryGiB),
    shown(fabricGbps),
    rdma ? 'yes' : 'no',
    shown(scaleUpDomain),
    ...SHOWN_MARKETS.map((market) => priceText(prices.find((price) => price.market === market))),
  ];
}

function shown(value: number | undefined): string {
  return value === undefined ? '?' : number(value);
}

const SHOWN_MARKETS = ['on-demand', 'spot'] as const;

/** Returns the prices of a machine in a region, or none without a region. */
function pricesIn({ cloud, name }: Machine, region: string | undefined, prices: Prices | undefined): readonly Price[] {
  if (region === undefined) return [];
  return SHOWN_MARKETS.flatMap((market) => priceOf({ cloud, machine: name, region, market, prices }).price ?? []);
}

function priceText(price: Price | undefined): string {
  return price ? `${price.fromRegion === undefined ? '' : '~'}${hourly(price.usdPerHour)}` : '';
}
