import type { ServingPlan } from './plan-serving-result';

/** Seconds that a whole answer takes. */
export interface AnswerSeconds {
  /** No software is faster. */
  readonly floor: number;
  /** On a lightly loaded replica. */
  readonly likely: number;
}

/** How long a whole answer takes, from request to last token; nothing where the planner has no latency. */
export function answerSeconds({ latency, load }: ServingPlan): AnswerSeconds | undefined {
  if (!latency) return undefined;
  const seconds = ({ ttftMs, tpotMs }: { readonly ttftMs: number; readonly tpotMs: number }) =>
    (ttftMs + load.outputTokens * tpotMs) / 1000;
  return { floor: seconds(latency.floor), likely: seconds(latency.calibrated) };
}
