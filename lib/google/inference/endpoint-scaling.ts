import { type Bounds, checkReplicaOrder } from '../../core/bounds';
import type { ProblemCollector } from '../../core/errors';
import type { ReplicaLimits } from '../../core/planning/endpoint-load';
import { checkBounds } from '../../terraform/tokens';

/** Scaling of a Vertex AI endpoint. Each replica runs on one machine, or on `machinesPerReplica`. */
export interface EndpointScaling {
  /** Minimum number of replicas, at least 1. @default - derived from `load`, or 1 without a load */
  readonly minReplicas?: number;
  /** Maximum number of replicas. @default - twice what `load` needs, or `minReplicas` without a load */
  readonly maxReplicas?: number;
  /** Average accelerator utilization above which replicas are added, in percent. @default 60 */
  readonly targetUtilizationPercent?: number;
}

/** Adds a problem if a limit is not a whole number in the range, or if minReplicas is greater than maxReplicas. */
export function checkLimits(problems: ProblemCollector, stated: Partial<ReplicaLimits>, { min, max }: Bounds): void {
  const valid = (['minReplicas', 'maxReplicas'] as const).filter((prop) => {
    const bounds = { min: prop === 'maxReplicas' ? Math.max(1, min) : min, max };
    return checkBounds(problems, 'ScalingLimits', prop, stated[prop], bounds);
  });
  const { minReplicas, maxReplicas } = stated;
  if (valid.length < 2 || minReplicas === undefined || maxReplicas === undefined) return;
  checkReplicaOrder(problems, { minReplicas, maxReplicas });
}
