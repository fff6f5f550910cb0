import { type Option, type Options, optionsFor, type OptionsProps } from '../core/planning/options';
import { alternativeOf } from '../core/report/alternatives';
import { ALTERNATIVE_COLUMNS, alternativeRow } from '../core/report/rows';
import type { ServingLoad } from '../core/workload/serving-load';
import type { TrainingJob } from '../core/workload/training-job';
import { today } from './options';
import { textTable } from './table';
import type { Terminal } from './terminal';

type Values = Readonly<Record<string, unknown>>;

/** Every machine that can do the work, ranked. */
export function rank(workload: TrainingJob | ServingLoad, on: Values): Options {
  const {
    clouds,
    market,
    markets = listOf(market),
    region,
    regions = listOf(region),
    prices,
    asOf = today(),
    rankBy,
  } = on;
  const props = { clouds, markets, regions, priceOverrides: prices, asOf, rankBy };
  const given = Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
  return optionsFor(workload, given as unknown as OptionsProps);
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return value === undefined ? undefined : [value];
}

/** A ranking as a table of text, of the first `top`. What differs in its region only is one row. */
export function rankingText(terminal: Terminal, { ranked, refused }: Options, top: number, why: boolean): string {
  const rows = byRegions(ranked);
  const shown = rows.slice(0, top);
  const table = textTable(
    terminal,
    OPTION_COLUMNS,
    shown.map((row) => row.cells),
  );
  const stale = shown.filter((row) => row.stale).length;
  const notes = [
    stale > 0 ? `${stale} of ${shown.length} prices are over 90 days old or undated.` : '',
    rows.length > shown.length ? `${rows.length - shown.length} more options: --top ${rows.length} shows them.` : '',
    refused.length > 0 && !why ? `${refused.length} machines are no option: --refused tells why.` : '',
  ].filter((note) => note !== '');
  return [
    rows.length === 0 ? 'No machine can do this.\n' : table,
    why ? refusedText(terminal, refused) : '',
    notes.map((note) => `${note}\n`).join(''),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

const OPTION_COLUMNS = ALTERNATIVE_COLUMNS.map((name) => ({ name }));
const WHERE = ALTERNATIVE_COLUMNS.indexOf('Where');

interface OptionRow {
  readonly cells: readonly string[];
  readonly stale: boolean;
}

function byRegions(ranked: readonly Option[]): readonly OptionRow[] {
  const groups = new Map<string, Option[]>();
  for (const option of ranked) {
    const key = JSON.stringify({ ...option, region: undefined });
    groups.set(key, [...(groups.get(key) ?? []), option]);
  }
  return [...groups.values()].map((options) => {
    const [first] = options as [Option];
    const where = `${first.cloud} ${options.map(({ region }) => region).join(', ')}`;
    return { cells: alternativeRow(alternativeOf(first)).with(WHERE, where), stale: first.stale };
  });
}

function refusedText(terminal: Terminal, refused: Options['refused']): string {
  const columns = [{ name: 'Refused' }, { name: 'Why' }];
  return textTable(
    terminal,
    columns,
    refused.map(({ cloud, machine, reason }) => [`${cloud}/${machine}`, reason]),
  );
}
