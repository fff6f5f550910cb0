/** Latency targets of a served model. */
export interface ServiceLevelRow {
  /** Maximum time to first token, in milliseconds. */
  readonly ttftMs: number;
  /** Maximum time per output token, in milliseconds. */
  readonly tpotMs: number;
  /** Percentage of requests that must meet the targets. */
  readonly percentile: number;
}

/**
 * Latency targets by name.
 *
 * Source: MLPerf Inference, mlperf.conf (99th percentile of the server and interactive scenarios); read 2026-11.
 */
export const SERVICE_LEVELS = {
  'mlperf-8b': { ttftMs: 2000, tpotMs: 100, percentile: 99 },
  'mlperf-8b-interactive': { ttftMs: 500, tpotMs: 30, percentile: 99 },
  'mlperf-70b': { ttftMs: 2000, tpotMs: 200, percentile: 99 },
  'mlperf-70b-interactive': { ttftMs: 450, tpotMs: 40, percentile: 99 },
  'mlperf-405b': { ttftMs: 6000, tpotMs: 175, percentile: 99 },
  'mlperf-405b-interactive': { ttftMs: 4500, tpotMs: 80, percentile: 99 },
  'mlperf-deepseek-r1': { ttftMs: 2000, tpotMs: 80, percentile: 99 },
} as const satisfies Record<string, ServiceLevelRow>;

/** The name of a service level in the table, for example `mlperf-70b-interactive`. */
export type ServiceLevelName = keyof typeof SERVICE_LEVELS;
