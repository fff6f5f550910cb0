import { type HeldOut, type Observation, quantile } from './cross-validation';
import { fullRunCoverage, type FullRun, keptRange } from './full-runs';
import type { FitReport } from './report';
import { GRADES, type Judged, judged, KINDS, kindOf } from './spreads';

const percent = (share: number) => `${(100 * share).toFixed(0)}%`;

/** Coverage and width of the ranges, for rows whose suite was left out. */
export function rangeTable<Row extends Observation>(all: FitReport<Row>): string[] {
  const rows = judged(all.suite);
  const grades = GRADES.flatMap((grade) =>
    KINDS.map(
      (kind) => [`\`${grade}\`, ${kind}`, ofGrade(rows, grade).filter(({ row }) => kindOf(row) === kind)] as const,
    ),
  );
  const suites = [...new Set(rows.map(({ row }) => row.suite))].sort();
  return [
    'A range goes from p10 to p90, and should hold 80% of the published rows. The table shows rows whose suite was left out. Their spread comes from the rows of other suites, also left out. It is as wide below the median as above, because the common error of a new suite can have any sign. A cell with few suites takes a part of its width from its grade and its kind. The grade of a row depends on the fit without its suite. It is `measured` with runs of the model in the class, `modelled` with other runs of the class, and `nearest` without.',
    '',
    '| grade, kind | rows | slower than p10 | within | faster than p90 | p90 ÷ p10 |',
    '|---|---|---|---|---|---|',
    ...grades.filter(([, of]) => of.length > 0).map(([name, of]) => rangeRow(name, of)),
    rangeRow('all', rows),
    '',
    coverageGoal([...grades, ['all', rows]]),
    '',
    '| suite | rows | slower than p10 | within | faster than p90 | p90 ÷ p10 |',
    '|---|---|---|---|---|---|',
    ...suites.map((suite) =>
      rangeRow(
        suite,
        rows.filter(({ row }) => row.suite === suite),
      ),
    ),
  ];
}

const GOAL = { min: 0.75, max: 0.85 } as const;

/** Names the groups whose ranges hold too few or too many rows. */
function coverageGoal<Row>(groups: readonly (readonly [name: string, rows: readonly Judged<Row>[]])[]): string {
  const missed = groups
    .filter(([, rows]) => rows.length > 0)
    .map(([name, rows]) => [name, shareOf(rows, 'within')] as const)
    .filter(([, share]) => share < GOAL.min || share > GOAL.max)
    .map(([name, share]) => `${name} (${percent(share)})`);
  const result = missed.length === 0 ? 'Met by all.' : `**Missed** by: ${missed.join('; ')}.`;
  return `Goal: ${percent(GOAL.min)} to ${percent(GOAL.max)} within. ${result}`;
}

function shareOf<Row>(rows: readonly Judged<Row>[], place: Judged<Row>['place']): number {
  return rows.filter((one) => one.place === place).length / rows.length;
}

function ofGrade<Row, Held extends HeldOut<Row>>(held: readonly Held[], grade: HeldOut<Row>['grade']): Held[] {
  return held.filter((one) => one.grade === grade);
}

function rangeRow<Row>(name: string, rows: readonly Judged<Row>[]): string {
  const share = (place: Judged<Row>['place']) => percent(shareOf(rows, place));
  const widths = rows.map(({ spread }) => Math.exp(spread.p90 - spread.p10));
  const cells = [name, rows.length, share('below'), share('within'), share('above'), quantile(widths, 0.5).toFixed(2)];
  return `| ${cells.join(' | ')} |`;
}

/** Bias of each chip: its rows left out with the whole chip, and with their suite. */
export function chipTable<Row extends Observation>({ chip, suite }: FitReport<Row>): string[] {
  const chips = [...new Set(chip.map(({ row }) => row.chip))].sort();
  const lines = chips.map((name) => {
    const [byChip, bySuite] = [chip, suite].map((held) => held.filter(({ row }) => row.chip === name));
    return `| ${[name, byChip!.length, bias(byChip!), bias(bySuite!)].join(' | ')} |`;
  });
  return [
    '| chip: mean ln(published ÷ predicted) | rows | chip left out | suite left out |',
    '|---|---|---|---|',
    ...lines,
  ];
}

function bias<Row>(held: readonly HeldOut<Row>[]): string {
  return (held.reduce((sum, { full }) => sum + full, 0) / held.length).toFixed(2);
}

/** The part of the predicted step rate that whole runs kept. */
export function wholeRunSection(runs: readonly FullRun[]): string[] {
  const { p10, median, p90 } = keptRange(runs);
  const lines = runs.map(({ model, chip, stepping, published, kept }) => {
    const cells = [
      model,
      chip,
      (stepping * median).toFixed(0),
      published,
      Math.log(published / stepping / median).toFixed(2),
    ];
    return `| ${[...cells, kept.toFixed(2)].join(' | ')} |`;
  });
  const [below, within, above] = fullRunCoverage(runs).map(percent);
  return [
    `The hours of whole runs include what a step rate leaves out: restarts, evaluations, slower phases. The median run kept ${percent(median)} of its predicted step rate, without layout. Of the runs, 80% kept between ${percent(p10)} and ${percent(p90)}. Plans use the median as their goodput, and the spread in the range of the time. The prediction in the table is the step rate times ${median.toFixed(2)}.`,
    '',
    `With these numbers from runs of other series alone, ${below!} of whole runs are slower than the range, ${within!} within, ${above!} faster. They are ${runs.length} runs of few publishers, without a mixture of experts. The number is coarse, but better than no number. The fit contains steps of some of these models, but not the whole runs.`,
    '',
    '| run | chip | predicted TFLOP/s | published | ln(published ÷ predicted) | kept of the step rate |',
    '|---|---|---|---|---|---|',
    ...lines,
    '',
  ];
}
