import type { ServingLoad } from '../workload/serving-load';

/** The latest that a whole answer may take, in milliseconds: the first token, and each further one; nothing where no latency is promised. */
export function promisedMs({ ttftMs, tpotMs, outputTokens }: ServingLoad): number | undefined {
  if (ttftMs === undefined || tpotMs === undefined) return undefined;
  return Math.ceil(ttftMs + outputTokens * tpotMs);
}
