import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import { checkReplicaOrder } from '../../core/bounds';
import type { ProblemCollector } from '../../core/errors';
import { checkBounds } from '../../terraform/tokens';
import type { EndpointScaling } from './endpoint-scaling';

/** Adds each problem of the scaling of a model, or of all models. */
export function checkScaling(problems: ProblemCollector, scaling: EndpointScaling | undefined): void {
  if (!scaling) return;
  const of = problems.within('scaling');
  const { instances } = AZURE_ML_LIMITS;
  const replicas = { min: 1, max: instances };
  const limit = ', the maximum of the service for one model';
  const minutes = { min: 1, max: 1440 };
  const fine = [
    checkBounds(of, 'ScalingLimits', 'minReplicas', scaling.minReplicas, replicas, limit),
    checkBounds(of, 'ScalingLimits', 'maxReplicas', scaling.maxReplicas, replicas, limit),
    checkBounds(of, 'ScalingLimits', 'targetUtilizationPercent', scaling.targetUtilizationPercent, {
      min: 10,
      max: 95,
    }),
    checkBounds(of, 'ScalingLimits', 'scaleInCooldownMinutes', scaling.scaleInCooldownMinutes, minutes, ', one day'),
    checkBounds(of, 'ScalingLimits', 'scaleOutCooldownMinutes', scaling.scaleOutCooldownMinutes, minutes, ', one day'),
  ].every(Boolean);
  const { minReplicas, maxReplicas } = scaling;
  if (fine && minReplicas !== undefined && maxReplicas !== undefined)
    checkReplicaOrder(of, { minReplicas, maxReplicas });
}
