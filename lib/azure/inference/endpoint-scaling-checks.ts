import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import { checkReplicaOrder } from '../../core/bounds';
import type { Problems } from '../../core/errors';
import { checkBounds } from '../../terraform/tokens';
import type { EndpointScaling } from './endpoint-scaling';

/** Adds what is wrong with the limits of a model, or of all. */
export function checkScaling(problems: Problems, scaling: EndpointScaling | undefined): void {
  if (!scaling) return;
  const of = problems.within('scaling');
  const { instances } = AZURE_ML_LIMITS;
  const copies = { least: 1, most: instances };
  const most = ', the most instances that the service gives a model';
  const minutes = { least: 1, most: 1440 };
  const fine = [
    checkBounds(of, 'ScalingLimits', 'minimum', scaling.minimum, copies, most),
    checkBounds(of, 'ScalingLimits', 'maximum', scaling.maximum, copies, most),
    checkBounds(of, 'ScalingLimits', 'targetUtilizationPercent', scaling.targetUtilizationPercent, {
      least: 10,
      most: 95,
    }),
    checkBounds(of, 'ScalingLimits', 'scaleInCooldownMinutes', scaling.scaleInCooldownMinutes, minutes, ', a day'),
    checkBounds(of, 'ScalingLimits', 'scaleOutCooldownMinutes', scaling.scaleOutCooldownMinutes, minutes, ', a day'),
  ].every(Boolean);
  const { minimum, maximum } = scaling;
  if (fine && minimum !== undefined && maximum !== undefined) checkReplicaOrder(of, { minimum, maximum });
}
