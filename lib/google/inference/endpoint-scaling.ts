import { type Bounds, checkReplicaOrder } from '../../core/bounds';
import type { Problems } from '../../core/errors';
import type { ReplicaLimits } from '../../core/planning/endpoint-load';
import { type Kind, NUMBER, objectOf } from '../../core/shapes';
import { checkBounds } from '../../terraform/tokens';

/** Between which limits an endpoint of Vertex AI scales, and by what: each replica is one machine, or so many as it spans. */
export interface EndpointScaling {
  /** Fewest, one at least. @default - what the load takes; 1 without one */
  readonly minimum?: number;
  /** Most. @default - twice what the load takes; as many as the fewest without one, so that nothing scales */
  readonly maximum?: number;
  /** Share of their time that the accelerators are busy, in percent, above which replicas are added. @default 60 */
  readonly acceleratorUsePercent?: number;
}

/** A scaling by the kinds of its props. */
export const ENDPOINT_SCALING: Kind = objectOf<EndpointScaling>(
  { minimum: NUMBER, maximum: NUMBER, acceleratorUsePercent: NUMBER },
  'a scaling { minimum, maximum }',
);

/** Adds a problem where the fewest or the most are no whole numbers in bounds, or the wrong way round. */
export function checkLimits(problems: Problems, stated: Partial<ReplicaLimits>, { least, most }: Bounds): void {
  const sound = (['minimum', 'maximum'] as const).filter((prop) => {
    const bounds = { least: prop === 'maximum' ? Math.max(1, least) : least, most };
    return checkBounds(problems, 'ScalingLimits', prop, stated[prop], bounds);
  });
  const { minimum, maximum } = stated;
  if (sound.length < 2 || minimum === undefined || maximum === undefined) return;
  checkReplicaOrder(problems, { minimum, maximum });
}
