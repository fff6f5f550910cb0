import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import type { Problems } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';
import type { EndpointScaling } from './endpoint-scaling';

/** Adds what is wrong with the limits of a model, or of all. */
export function checkScaling(problems: Problems, scaling: EndpointScaling | undefined): void {
  if (!scaling) return;
  const of = problems.within('scaling');
  const { instances } = AZURE_ML_LIMITS;
  const most = `${instances}, the most instances that the service gives a model`;
  const fine = [
    whole(of, 'minimum', scaling.minimum, [1, instances], most),
    whole(of, 'maximum', scaling.maximum, [1, instances], most),
    whole(of, 'targetUtilizationPercent', scaling.targetUtilizationPercent, [10, 95], '95'),
    whole(of, 'scaleInCooldownMinutes', scaling.scaleInCooldownMinutes, [1, 1440], 'a day'),
    whole(of, 'scaleOutCooldownMinutes', scaling.scaleOutCooldownMinutes, [1, 1440], 'a day'),
  ].every(Boolean);
  const { minimum, maximum } = scaling;
  if (!fine || minimum === undefined || maximum === undefined || minimum <= maximum) return;
  of.add({
    code: 'ScalingLimits',
    prop: 'minimum',
    allowed: `at most maximum, ${maximum}`,
    got: minimum,
    fix: 'Raise maximum.',
  });
}

function whole(
  problems: Problems,
  prop: string,
  value: number | undefined,
  [least, most]: readonly [number, number],
  of: string,
): boolean {
  if (value === undefined) return true;
  if (!isKnown(problems, prop, value)) return false;
  if (Number.isInteger(value) && value >= least && value <= most) return true;
  const allowed = `a whole number from ${least} to ${of}`;
  problems.add({ code: 'ScalingLimits', prop, allowed, got: value, fix: 'Take one of that range, or leave it out.' });
  return false;
}
