import { Command, Option } from 'commander';
import { allMachines, CLOUDS, type Cloud, type Machine } from '../core/catalog/machines';
import { Prices } from '../core/catalog/price-override';
import { pricedRegions, priceOf } from '../core/catalog/price-of';
import type { PriceMarket } from '../core/catalog/prices';
import { hourly, number } from '../core/format';
import { chipIdOf, unknownChip } from './chip-names';
import { UsageError } from './exit';
import { countOf, today } from './options';
import { type TextColumn, textTable } from './table';
import type { Terminal } from './terminal';

/** The machines to list. */
export interface CatalogFilter {
  readonly cloud?: Cloud;
  readonly chip?: string;
  readonly minAccelerators?: number;
  readonly rdma?: boolean;
  readonly region?: string;
}

const EXAMPLES = `
Examples:
  ai-infra catalog --cloud aws --chip H100
  ai-infra catalog --rdma --min-accelerators 8 --region us-east-1
  ai-infra catalog --json | jq '.[].name'
`;

/** `ai-infra catalog`: the machines of every cloud. */
export function catalogCommand(terminal: Terminal): Command {
  return new Command('catalog')
    .addOption(new Option('--cloud <name>', 'list machines of this cloud only').choices(CLOUDS))
    .option('--chip <name>', 'list machines with this chip only, for example H100')
    .option('--min-accelerators <count>', 'list machines with at least this many accelerators', countOf)
    .option('--rdma', 'list machines with an RDMA fabric only')
    .option('--region <name>', 'list machines with a price in this region only, and show the prices')
    .option('--json', 'write JSON')
    .addHelpText('after', EXAMPLES)
    .action(({ json, ...filter }: CatalogFilter & { readonly json?: boolean }) => {
      const machines = machinesFor(filter);
      if (json) terminal.out(`${JSON.stringify(machines, null, 2)}\n`);
      else if (machines.length === 0) terminal.err('No machine in the catalog matches.\n');
      else
        terminal.out(
          textTable(
            terminal,
            COLUMNS,
            machines.map((machine) => rowOf(machine, filter.region)),
          ),
        );
    });
}

/** Returns the machines that match a filter. */
export function machinesFor({
  cloud,
  chip,
  minAccelerators = 0,
  rdma = false,
  region,
}: CatalogFilter): readonly Machine[] {
  const chipId = chip === undefined ? undefined : chipNamed(chip);
  return allMachines().filter(
    (machine) =>
      (cloud === undefined || machine.cloud === cloud) &&
      (chipId === undefined || machine.chip === chipId) &&
      machine.accelerators >= minAccelerators &&
      (machine.rdma || !rdma) &&
      (region === undefined || pricedRegions(machine.cloud, machine.name).includes(region)),
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

function rowOf(machine: Machine, region: string | undefined): readonly string[] {
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
    priceIn(machine, region, 'on-demand'),
    priceIn(machine, region, 'spot'),
  ];
}

function shown(value: number | undefined): string {
  return value === undefined ? '?' : number(value);
}

function priceIn({ cloud, name }: Machine, region: string | undefined, market: PriceMarket): string {
  if (region === undefined) return '';
  const { price } = priceOf({ cloud, machine: name, region, market, prices: Prices.asOf(today()) });
  return price ? `${hourly(price.usdPerHour)}${price.stale ? '*' : ''}` : '';
}
