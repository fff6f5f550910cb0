/** What a user of a served model waits for at most, at a percentile of requests. */
export interface ServiceLevelRow {
  /** To the first token. */
  readonly ttftMs: number;
  /** Between tokens. */
  readonly tpotMs: number;
  readonly percentile: number;
}

// Source: MLPerf Inference, mlperf.conf (99th percentile of the server and interactive scenarios); read 2026-11.
export const SERVICE_LEVELS = {
  'mlperf-8b': { ttftMs: 2000, tpotMs: 100, percentile: 99 },
  'mlperf-8b-interactive': { ttftMs: 500, tpotMs: 30, percentile: 99 },
  'mlperf-70b': { ttftMs: 2000, tpotMs: 200, percentile: 99 },
  'mlperf-70b-interactive': { ttftMs: 450, tpotMs: 40, percentile: 99 },
  'mlperf-405b': { ttftMs: 6000, tpotMs: 175, percentile: 99 },
  'mlperf-405b-interactive': { ttftMs: 4500, tpotMs: 80, percentile: 99 },
  'mlperf-deepseek-r1': { ttftMs: 2000, tpotMs: 80, percentile: 99 },
} as const satisfies Record<string, ServiceLevelRow>;

/** The name of a service level of the table, e.g. `mlperf-70b-interactive`. */
export type ServiceLevelName = keyof typeof SERVICE_LEVELS;
