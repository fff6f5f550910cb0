import { anyLayoutFits } from '../../../../lib/core/planning/layout/layout-search';
import { placementOf } from '../../../../lib/core/planning/layout/plan-parallelism';
import { trainingTerms } from '../../../../lib/core/planning/time/plan-time';
import {
  hardwareOfRun,
  jobOf,
  jobWithLayout,
  type PublishedLayout,
  publishedRuns,
  statesLayout,
} from './published-layouts';

/** Runs whose stated layout cannot be replayed, with the reason. */
const INCONSISTENT: Readonly<Record<string, string>> = {
  'nemo-longseq-LLAMA3-8B-B200-1024k': 'tensor 4 × context 16 × data 4 is 256 accelerators, but the row states 1,024',
  'nemo-longseq-LLAMA3-8B-B200-512k': 'tensor 4 × context 8 × data 4 is 128 accelerators, but the row states 512',
};

/** Runs that fit only with less than the usual 18 bytes of states per parameter, with the reason. */
const UNKNOWN_STATES: Readonly<Record<string, string>> = {
  'tpurec-trillium-Llama3.1-70B-MaxText-v6e-32':
    'the row does not state the precision of weights and optimizer states. 32 chips have 14.6 bytes per parameter in total',
};

const runs = publishedRuns();
const rows = runs.filter(statesLayout);

/** Names the runs that do not fit, with the parts of their memory in GB. */
function misfits(jobFor: (row: PublishedLayout) => ReturnType<typeof jobOf>, of: readonly PublishedLayout[]): string[] {
  return of.flatMap((row) => {
    const hardware = hardwareOfRun(row);
    const { memory, impossible = '', layout } = placementOf(trainingTerms(jobFor(row)), hardware, row.count);
    if (memory.fits && impossible === '') return [];
    const parts = [memory.states, memory.embeddings, memory.activations, memory.logits, hardware.memoryBytes];
    return [`${row.id}: ${parts.map((bytes) => Math.round(bytes / 1e9)).join(' ')} ${layout.recompute} ${impossible}`];
  });
}

describe('published runs', () => {
  test('state a layout in most suites', () => {
    expect(rows.length).toBeGreaterThan(690);
    expect(new Set(rows.map(({ suite }) => suite)).size).toBeGreaterThanOrEqual(13);
    expect(runs.map(({ id }) => id)).toEqual(
      expect.arrayContaining([...Object.keys(INCONSISTENT), ...Object.keys(UNKNOWN_STATES)]),
    );
  });

  test('fit in memory with the layout that they state', () => {
    const stated = rows.filter(({ id }) => INCONSISTENT[id] === undefined);

    expect(misfits(jobWithLayout, stated)).toEqual([]);
  });

  test('fit in memory with a layout of the planner', () => {
    const known = runs.filter(({ id }) => UNKNOWN_STATES[id] === undefined);

    expect(known.length).toBeGreaterThan(960);
    expect(misfits(jobOf, known)).toEqual([]);
  });

  test('are found to fit by the quick check of the search too', () => {
    const fit = (row: PublishedLayout) => anyLayoutFits(trainingTerms(jobOf(row)), hardwareOfRun(row), row.count);

    expect(rows.filter((row) => !fit(row)).map(({ id }) => id)).toEqual([]);
  });
});
