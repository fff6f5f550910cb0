import type { Observation } from './cross-validation';
import { coverage, type FitReport, ofKind } from './report';
import { keptRange, type WholeRun, wholeRunCoverage } from './whole-runs';

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const shares = (places: readonly number[]) => places.map(percent).join(' | ');

/** How many rows left out the range of a plan holds. */
export function rangeTable<Row extends Observation>({ family }: FitReport<Row>): string[] {
  const lines = (['dense', 'moe'] as const).map((kind) => `| ${kind} | ${shares(coverage(ofKind(family, kind)))} |`);
  return [
    'The range of a plan goes from p25 to the median. Of rows left out by families, known as bare as a plan knows its job, families counting alike, the lower end of each from the others:',
    '',
    '| kind | slower than p25 | within | faster than the median |',
    '|---|---|---|---|',
    ...lines,
  ];
}

/** What whole runs kept of the rates that they are predicted to step at. */
export function wholeRunSection(runs: readonly WholeRun[]): string[] {
  const { p25, median } = keptRange(runs);
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
  const [below, within, above] = wholeRunCoverage(runs).map(percent);
  return [
    `Hours of whole runs include what a step rate does not know: restarts, evaluations, slower phases. The middle of these runs kept ${percent(median)} of the rate that they are predicted to step at, without layout; a quarter kept less than ${percent(p25)}. Plans take the former for their goodput, and widen the time at least to the latter. Predicted is the step rate times ${median.toFixed(2)}.`,
    '',
    `With both numbers taken from runs of other series alone, ${below!} of whole runs are slower than the range, ${within!} within, ${above!} faster. They are ${runs.length} runs of few publishers, none of a mixture of experts: a coarse number, and better than none. Steps of some of these models are in the fit; the whole runs are not.`,
    '',
    '| run | chip | predicted TFLOP/s | published | ln(published ÷ predicted) | kept of the step rate |',
    '|---|---|---|---|---|---|',
    ...lines,
    '',
  ];
}
