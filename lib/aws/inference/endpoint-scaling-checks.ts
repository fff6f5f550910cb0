import { checkReplicaOrder } from '../../core/bounds';
import type { ProblemCollector } from '../../core/errors';
import { isKnown } from '../props/tokens';
import { isWithin } from '../props/bounds';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import type { EndpointScaling, ScheduledLimits } from './endpoint-scaling';

/** Maximum number of copies or instances. Quotas of an account are far below. */
const MAX = 10_000;

/** Adds what is wrong with the range of scaling. The plan of a load validates the rest. */
export function checkScaling(problems: ProblemCollector, props: InferenceEndpointProps): void {
  const { scaling } = props;
  const kind = kindOf(props);
  // `checkServerless` rejects scaling for serverless endpoints.
  if (!scaling || !kind.scales) return;
  const of = problems.within('scaling');
  const counts = (['minReplicas', 'maxReplicas'] as const).filter((prop) => checkCount(of, prop, scaling[prop]));
  checkZero(of, 'minReplicas', scaling.minReplicas, props);
  const [minReplicas, maxReplicas] = [scaling.minReplicas, scaling.maxReplicas];
  if (counts.length === 2 && minReplicas !== undefined && maxReplicas !== undefined)
    checkReplicaOrder(of, { minReplicas, maxReplicas });
  checkTarget(of, scaling);
  for (const [index, one] of (scaling.schedule ?? []).entries()) {
    checkScheduled(of.within(`schedule[${index}]`), one, index, scaling, props);
  }
}

function checkCount(
  problems: ProblemCollector,
  prop: 'minReplicas' | 'maxReplicas',
  value: number | undefined,
): boolean {
  const min = prop === 'minReplicas' ? 0 : 1;
  if (value === undefined) return true;
  if (!isKnown(problems, prop, value)) return false;
  if (isWithin(value, { min, max: MAX })) return true;
  problems.add({
    code: 'ScalingLimits',
    prop,
    allowed: `a whole number from ${min} to ${MAX}`,
    got: value,
    fix: 'Use a whole number of copies or instances.',
  });
  return false;
}

/** Only components and asynchronous endpoints scale to zero: developer guide, "Scale an endpoint to zero instances". */
function checkZero(
  problems: ProblemCollector,
  prop: string,
  value: number | undefined,
  props: InferenceEndpointProps,
): void {
  const kind = kindOf(props);
  if (value !== 0 || kind.scalesToZero) return;
  problems.add({
    code: 'ScaleToZero',
    prop,
    allowed: `1 or more for an endpoint of kind ${kind.name}, which cannot scale to zero`,
    got: value,
    fix: 'Use EndpointKind.components(), or EndpointKind.asynchronous(…) if requests can wait.',
  });
}

function checkTarget(problems: ProblemCollector, { targetConcurrency }: EndpointScaling): void {
  if (!isKnown(problems, 'targetConcurrency', targetConcurrency)) return;
  if (targetConcurrency > 0 && Number.isFinite(targetConcurrency)) return;
  problems.add({
    code: 'ScalingLimits',
    prop: 'targetConcurrency',
    allowed: 'a number above 0',
    got: targetConcurrency,
    fix: 'Leave it out to use the target of the load.',
  });
}

const NAME = /^[A-Za-z][A-Za-z0-9]{0,62}$/;

function checkScheduled(
  problems: ProblemCollector,
  one: ScheduledLimits,
  index: number,
  scaling: EndpointScaling,
  props: InferenceEndpointProps,
): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ScalingSchedule', prop, allowed, got, fix });
  const before = (scaling.schedule ?? []).slice(0, index);
  if (!NAME.test(one.name) || before.some(({ name }) => name === one.name)) {
    wrong('name', 'a unique name of letters and digits, starting with a letter', one.name, 'Use a name like Evening.');
  }
  if (one.minReplicas === undefined && one.maxReplicas === undefined) {
    wrong('minReplicas', 'set if `maxReplicas` is not set', undefined, 'Set `minReplicas`, `maxReplicas` or both.');
  }
  checkCount(problems, 'minReplicas', one.minReplicas);
  checkCount(problems, 'maxReplicas', one.maxReplicas);
  checkZero(problems, 'minReplicas', one.minReplicas, props);
  // Compares only limits from the props: limits that follow from a load are not known here.
  const { minReplicas = scaling.minReplicas, maxReplicas = scaling.maxReplicas } = one;
  if (minReplicas !== undefined && maxReplicas !== undefined) checkReplicaOrder(problems, { minReplicas, maxReplicas });
}
