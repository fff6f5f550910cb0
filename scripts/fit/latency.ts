import type { Roofline } from '../../lib/core/planning/serving/serving-roofline';
import type { PublishedServing } from './data';

/** A published latency of a batch that starts together, in seconds. */
export interface PublishedLatency {
  readonly what: 'ttft' | 'tpot' | 'response';
  readonly published: number;
  /** All prompts are computed before the first token of the batch. */
  readonly predicted: (roofline: Roofline, outputTokens: number) => number;
}

/** Returns the latencies that a row publishes. In other scenarios, they depend on when requests arrive. */
export function latenciesOf(run: PublishedServing): readonly PublishedLatency[] {
  if (run.scenario !== 'closed-batch') return [];
  const first = ({ batch, prefillSeconds, stepSeconds }: Roofline) => batch * prefillSeconds + stepSeconds;
  const { ttftP50Ms, tpotP50Ms, latencySec } = run;
  return [
    ...(ttftP50Ms === undefined ? [] : [{ what: 'ttft' as const, published: ttftP50Ms / 1000, predicted: first }]),
    ...(tpotP50Ms === undefined
      ? []
      : [
          { what: 'tpot' as const, published: tpotP50Ms / 1000, predicted: ({ stepSeconds }: Roofline) => stepSeconds },
        ]),
    ...(latencySec === undefined
      ? []
      : [
          {
            what: 'response' as const,
            published: latencySec,
            predicted: (roofline: Roofline, tokens: number) =>
              roofline.batch * roofline.prefillSeconds + tokens * roofline.stepSeconds,
          },
        ]),
  ];
}
