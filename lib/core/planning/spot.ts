import { checkNumbers } from './inputs';

/** A job on nodes that the cloud can reclaim. */
export interface SpotInput {
  readonly nodes: number;
  /** Mean hours from start to loss of a node. The default is from the traces with the longest life; others had 2. @default 5 */
  readonly nodeLifeHours?: number;
  /** Seconds that training pauses for a checkpoint. @default 30 */
  readonly checkpointSeconds?: number;
  /** Seconds from a loss to the next step, including a new node. @default 420 */
  readonly restartSeconds?: number;
}

/**
 * Returns the share of the time on spot nodes that is useful work, at the best checkpoint interval. 0 if nodes are lost faster than the
 * job progresses. The default is from traces of V100 and K80 nodes of 2022 and 2023: set `nodeLifeHours` for your nodes.
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

/** Returns the price of an hour of useful work on spot nodes, or `undefined` without useful work. */
export function effectiveSpotPrice(spotUsdPerHour: number, goodput: number): number | undefined {
  checkNumbers({ spotUsdPerHour, goodput }, { spotUsdPerHour: 'notNegative', goodput: 'notNegative' });
  return goodput > 0 ? spotUsdPerHour / goodput : undefined;
}
