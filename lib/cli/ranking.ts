import { type Cloud, CLOUDS } from '../core/catalog/machines';
import { type Option, type Options, optionsFor } from '../core/planning/options';
import { OVER_BUDGET } from '../core/planning/options-training';
import { ALTERNATIVE_COLUMNS, alternativeColumns, alternativeOf, alternativeRow } from '../core/report/alternatives';
import type { ServingLoad } from '../core/workload/serving-load';
import type { TrainingJob } from '../core/workload/training-job';
import { defined, pricesOf } from './options';
import { priceNote } from './price-note';
import { checkRegion } from './region-names';
import { textTable } from './table';
import type { Terminal } from './terminal';

type Values = Readonly<Record<string, unknown>>;

/** Ranks every machine that can run a workload. */
export function rank(workload: TrainingJob | ServingLoad, on: Values): Options {
  const { clouds, market, markets = listOf(market), region: only, regions = listOf(only), rankBy } = on;
  const prices = pricesOf(on);
  const among = Array.isArray(clouds) ? (clouds as readonly Cloud[]) : CLOUDS;
  for (const region of Array.isArray(regions) ? regions : []) checkRegion('regions', region, among, prices);
  return optionsFor(workload, defined({ clouds, markets, regions, prices, rankBy }));
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return value === undefined ? undefined : [value];
}

/** Formats the first `top` rows of a ranking as a table. All regions of a machine and a market share a row, with the lowest cost. */
export function rankingText(terminal: Terminal, { ranked, refused }: Options, top: number, why: boolean): string {
  const rows = byRegions(ranked);
  const shown = rows.slice(0, top);
  const table = textTable(
    terminal,
    alternativeColumns(ranked).map((name) => ({ name })),
    shown.map((row) => row.cells),
  );
  const stale = shown.filter((row) => row.stale).length;
  const notes = [
    wideNote(shown),
    priceNote(stale, shown.length),
    rows.length > shown.length
      ? `${rows.length - shown.length} more options: use --top ${rows.length} to show them.`
      : '',
    refused.length > 0 && !why ? `${refused.length} machines were rejected: use --refused to see why.` : '',
  ].filter((note) => note !== '');
  return [
    rows.length === 0 ? `${noneText(refused)}\n` : table,
    why ? refusedText(terminal, refused) : '',
    notes.map((note) => `${note}\n`).join(''),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const WHERE = ALTERNATIVE_COLUMNS.indexOf('Where');

interface OptionRow {
  readonly cells: readonly string[];
  readonly stale: boolean;
  readonly wideExperts: boolean;
}

function byRegions(ranked: readonly Option[]): readonly OptionRow[] {
  const groups = new Map<string, Option[]>();
  for (const option of ranked) {
    const key = `${option.cloud} ${option.machine} ${option.market} ${option.wideExperts}`;
    groups.set(key, [...(groups.get(key) ?? []), option]);
  }
  return [...groups.values()].map((options) => {
    const [first] = options as [Option];
    const from = first.priceRegion === undefined ? '' : ` (price of ${first.priceRegion})`;
    const cheapest = options.filter(({ usdPerHour }) => usdPerHour === first.usdPerHour).map(({ region }) => region);
    const rest = options.length - cheapest.length;
    const more = rest === 0 ? '' : `, ${rest} more at a higher price`;
    const where = `${first.cloud} ${cheapest.join(', ')}${from}${more}`;
    return {
      cells: alternativeRow(alternativeOf(first)).with(WHERE, where),
      stale: first.stale,
      wideExperts: first.wideExperts === true,
    };
  });
}

/** Says which rows need a deployment that no construct makes. */
function wideNote(rows: readonly OptionRow[]): string {
  const wide = rows.filter((row) => row.wideExperts).length;
  if (wide === 0) return '';
  return `${wide} of ${rows.length} rows, with accelerators for prompts, assume wide expert parallelism. No construct deploys it: use --machine and --wide-experts to see its plan.`;
}

/** Returns why a ranking is empty. */
function noneText(refused: Options['refused']): string {
  const ends = (part: string) => refused.some(({ reason }) => reason.includes(part));
  if (ends(OVER_BUDGET))
    return 'Machines can run this job, but none within its budget: use --refused to see the costs.';
  if (ends('deadline')) return 'Machines can run this job, but none before its deadline.';
  return 'No machine can run this workload.';
}

function refusedText(terminal: Terminal, refused: Options['refused']): string {
  const columns = [{ name: 'Rejected' }, { name: 'Reason' }];
  return textTable(
    terminal,
    columns,
    refused.map(({ cloud, machine, reason }) => [`${cloud}/${machine}`, reason]),
  );
}
