import type { Observation } from './cross-validation';
import { coverage, type FitReport, ofKind } from './report';
import { keptRange, type FullRun, fullRunCoverage } from './full-runs';

const percent = (share: number) => `${(100 * share).toFixed(0)}%`;
const shares = (places: readonly number[]) => places.map(percent).join(' | ');

/** Shares of the rows left out that are below, within, and above the range of a plan. */
export function rangeTable<Row extends Observation>({ family }: FitReport<Row>): string[] {
  const lines = (['dense', 'moe'] as const).map((kind) => `| ${kind} | ${shares(coverage(ofKind(family, kind)))} |`);
  return [
    'The range of a plan goes from p10 to p90. The table shows rows left out by families, with only the fields that a plan has. Families have equal weight, and the ends for each family come from the others.',
    '',
    '| kind | slower than p10 | within | faster than p90 |',
    '|---|---|---|---|',
    ...lines,
  ];
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
