import { checkNumbers } from './inputs';

/** A job on nodes that the cloud takes back. */
export interface SpotInput {
  readonly nodes: number;
  /** Mean hours that one node lives. @default 5, of the longest-lived traces; others had 2 */
  readonly nodeLifeHours?: number;
  /** Seconds that a checkpoint stops training. @default 30 */
  readonly checkpointSeconds?: number;
  /** Seconds from a loss to the next step, a new node included. @default 420 */
  readonly restartSeconds?: number;
}

/**
 * Share of the time on spot nodes that is work kept, at the best checkpoint interval; nought where nodes go faster than
 * work gets done. The shape comes from traces of V100 and K80 nodes of 2022 and 2023: give `nodeLifeHours` of your own.
 * @see https://github.com/skypilot-org/spot-traces
 */
export function spotGoodput(input: SpotInput): number {
  checkNumbers(input, {
    nodes: 'count',
    nodeLifeHours: '?positive',
    checkpointSeconds: '?positive',
    restartSeconds: '?notNegative',
  });
  const { nodes, nodeLifeHours = 5, checkpointSeconds = 30, restartSeconds = 420 } = input;
  const mtbf = (nodeLifeHours * 3600) / nodes;
  const interval = Math.sqrt(2 * checkpointSeconds * mtbf);
  return Math.max(0, 1 - checkpointSeconds / interval - interval / (2 * mtbf) - restartSeconds / mtbf);
}

/** What an hour of kept work costs on spot nodes; absent where none is kept. */
export function effectiveSpotPrice(spotUsdPerHour: number, goodput: number): number | undefined {
  checkNumbers({ spotUsdPerHour, goodput }, { spotUsdPerHour: 'notNegative', goodput: 'notNegative' });
  return goodput > 0 ? spotUsdPerHour / goodput : undefined;
}
