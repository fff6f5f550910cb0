import { checkReplicaOrder } from '../../core/bounds';
import type { Problems } from '../../core/errors';
import { isKnown } from '../props/tokens';
import { isWithin } from '../props/bounds';
import { type InferenceEndpointProps, kindOf } from './endpoint-options';
import { type EndpointScaling, limitsOf, type ScheduledLimits } from './endpoint-scaling';

/** Most copies or instances that anybody means: the quota of an account is far below. */
const MOST = 10_000;

/** Adds what is wrong with the limits of scaling. What a load adds to them is judged with its plan. */
export function checkScaling(problems: Problems, props: InferenceEndpointProps): void {
  const { scaling } = props;
  const kind = kindOf(props);
  // A serverless endpoint takes none of it: see `checkServerless`.
  if (!scaling || !kind.scales) return;
  const of = problems.within('scaling');
  const counts = (['minimum', 'maximum'] as const).filter((prop) => checkCount(of, prop, scaling[prop]));
  checkZero(of, 'minimum', scaling.minimum, props);
  const [minimum, maximum] = [scaling.minimum, scaling.maximum];
  if (counts.length === 2 && minimum !== undefined && maximum !== undefined)
    checkReplicaOrder(of, { minimum, maximum });
  checkTarget(of, scaling);
  for (const [index, one] of (scaling.schedule ?? []).entries()) {
    checkScheduled(of.within(`schedule[${index}]`), one, index, scaling, props);
  }
}

function checkCount(problems: Problems, prop: 'minimum' | 'maximum', value: number | undefined): boolean {
  const least = prop === 'minimum' ? 0 : 1;
  if (value === undefined) return true;
  if (!isKnown(problems, prop, value)) return false;
  if (isWithin(value, { least, most: MOST })) return true;
  problems.add({
    code: 'ScalingLimits',
    prop,
    allowed: `a whole number from ${least} to ${MOST}`,
    got: value,
    fix: 'Give whole copies or instances.',
  });
  return false;
}

/** Components and asynchronous endpoints alone may have no instance: developer guide, "Scale an endpoint to zero instances". */
function checkZero(problems: Problems, prop: string, value: number | undefined, props: InferenceEndpointProps): void {
  const kind = kindOf(props);
  if (value !== 0 || kind.scalesToZero) return;
  problems.add({
    code: 'ScaleToZero',
    prop,
    allowed: `1 or more for an endpoint of the kind ${kind.name}: it cannot be without instances`,
    got: value,
    fix: 'Use EndpointKind.components(), or EndpointKind.asynchronous(…) where requests may wait.',
  });
}

function checkTarget(problems: Problems, { target }: EndpointScaling): void {
  if (!isKnown(problems, 'target', target) || (target > 0 && Number.isFinite(target))) return;
  problems.add({ code: 'ScalingLimits', prop: 'target', allowed: 'more than 0', got: target, fix: 'Leave it out.' });
}

const NAME = /^[A-Za-z][A-Za-z0-9]{0,62}$/;

function checkScheduled(
  problems: Problems,
  one: ScheduledLimits,
  index: number,
  scaling: EndpointScaling,
  props: InferenceEndpointProps,
): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ScalingSchedule', prop, allowed, got, fix });
  const before = (scaling.schedule ?? []).slice(0, index);
  if (!NAME.test(one.name) || before.some(({ name }) => name === one.name)) {
    wrong('name', 'letters and digits, a letter first, each name once', one.name, 'Name it after its time.');
  }
  if (one.minimum === undefined && one.maximum === undefined) {
    wrong('minimum', 'given, or maximum: else nothing changes', undefined, 'Say what is to change.');
  }
  checkCount(problems, 'minimum', one.minimum);
  checkCount(problems, 'maximum', one.maximum);
  checkZero(problems, 'minimum', one.minimum, props);
  const usual = limitsOf(scaling);
  // What a load makes of the other limit is not known here: two that are stated are compared.
  const { minimum = scaling.minimum, maximum = scaling.maximum } = one;
  if (minimum !== undefined && maximum !== undefined) checkReplicaOrder(problems, { ...usual, minimum, maximum });
}
