import type { ServingLoad } from '../workload/serving-load';
import type { ServingPlan } from './plan-serving-result';

/** Seconds from a request to the last token of its response. */
export interface ResponseSeconds {
  /** Lower bound that no software beats. */
  readonly floor: number;
  /** Expected time on a lightly loaded replica. */
  readonly likely: number;
}

/** Returns how long a response takes, or `undefined` if the plan has no latency. */
export function responseSeconds({ latency, load }: ServingPlan): ResponseSeconds | undefined {
  if (!latency) return undefined;
  const seconds = ({ ttftMs, tpotMs }: { readonly ttftMs: number; readonly tpotMs: number }) =>
    (ttftMs + load.outputTokens * tpotMs) / 1000;
  return { floor: seconds(latency.floor), likely: seconds(latency.calibrated) };
}

/** Returns the milliseconds that a response can take within the latency targets, or `undefined` without both targets. */
export function maxResponseMs({ ttftMs, tpotMs, outputTokens }: ServingLoad): number | undefined {
  if (ttftMs === undefined || tpotMs === undefined) return undefined;
  return Math.ceil(ttftMs + outputTokens * tpotMs);
}
