import type { Fitted, Fitter } from './cross-validation';
import { meanAbsolute, quantile } from './cross-validation';
import { latenciesOf, type PublishedLatency } from './latency';
import { missOf, rooflineOf, type ServingObservation } from './serving';

/** The error of a latency: ln(published ÷ predicted), corrected like the throughput of the row. */
export interface LatencyMiss {
  readonly row: ServingObservation;
  readonly what: PublishedLatency['what'];
  readonly miss: number;
}

/** Returns the errors of the published latencies of rows that are not part of a fit. */
export function latencyMisses(
  { numbers, residual }: Fitted<ServingObservation>,
  rows: readonly ServingObservation[],
): LatencyMiss[] {
  return rows.flatMap((row) => {
    const roofline = rooflineOf(numbers!, row);
    const correction = missOf(numbers!, row) - residual(row).bare;
    return latenciesOf(row.run).map(({ what, published, predicted }) => ({
      row,
      what,
      miss: Math.log(published / predicted(roofline, row.run.osl)) + correction,
    }));
  });
}

const NAMES: Readonly<Record<PublishedLatency['what'], string>> = {
  ttft: 'time to first token of a batch',
  tpot: 'time per output token',
  response: 'time per response',
};

/** The errors of published latencies, with each suite left out of the fit. */
export function latencySection(rows: readonly ServingObservation[], fitter: Fitter<ServingObservation>): string[] {
  const suites = [...new Set(rows.filter(({ run }) => latenciesOf(run).length > 0).map(({ suite }) => suite))].sort();
  const misses = suites.flatMap((name) =>
    latencyMisses(
      fitter(rows.filter(({ suite }) => suite !== name)),
      rows.filter(({ suite }) => suite === name),
    ),
  );
  const lines = Object.entries(NAMES).flatMap(([what, name]) =>
    suites.flatMap((suite) => {
      const errors = misses.filter((one) => one.what === what && one.row.suite === suite).map(({ miss }) => miss);
      if (errors.length === 0) return [];
      const median = quantile(errors.map(Math.abs), 0.5);
      return `| ${[name, suite, errors.length, median.toFixed(3), meanAbsolute(errors).toFixed(3)].join(' | ')} |`;
    }),
  );
  return [
    'Published latencies are of batches that start together. Each suite is predicted from the other suites.',
    '',
    '| latency | suite | rows | median error | mean error |',
    '|---|---|---|---|---|',
    ...lines,
  ];
}
