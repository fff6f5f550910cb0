import { SERVICE_LEVELS } from '../catalog/service-levels';
import type { Problem, ProblemCollector } from '../errors';
import { isModel, isPositive } from './guards';
import { PRECISIONS } from './precision';
import type { ServingLoadProps } from './serving-load';

/** Adds a problem for each invalid value of a serving load. */
export function checkServing(problems: ProblemCollector, props: ServingLoadProps): void {
  if (typeof props !== 'object' || props === null) {
    problems.add(invalid('load', 'an object with model, inputTokens and outputTokens', props));
    return;
  }
  const { model, percentile, serviceLevel } = props;
  if (!isModel(model)) problems.add(invalid('model', 'a ModelSpec', model));
  for (const prop of ['inputTokens', 'outputTokens'] as const) {
    if (!isPositive(props[prop]) || props[prop] < 1) problems.add(invalid(prop, 'at least 1', props[prop]));
  }
  for (const prop of ['ttftMs', 'tpotMs', 'requestsPerSecond', 'concurrency'] as const) {
    if (props[prop] !== undefined && !isPositive(props[prop])) problems.add(invalid(prop, 'more than 0', props[prop]));
  }
  if (percentile !== undefined && !(isPositive(percentile) && percentile < 100)) {
    problems.add(invalid('percentile', 'above 0 and below 100', percentile));
  }
  if (serviceLevel !== undefined && !Object.keys(SERVICE_LEVELS).includes(serviceLevel)) {
    problems.add(invalid('serviceLevel', `one of ${Object.keys(SERVICE_LEVELS).join(', ')}`, serviceLevel));
  }
  checkRate(problems, props);
  checkPrecisions(problems, props);
  checkContext(problems, props);
}

function checkRate(problems: ProblemCollector, { requestsPerSecond, concurrency }: ServingLoadProps): void {
  if ((requestsPerSecond === undefined) === (concurrency === undefined)) {
    problems.add(invalid('requestsPerSecond', 'set if concurrency is not, and only then', requestsPerSecond));
  }
}

function checkPrecisions(problems: ProblemCollector, props: ServingLoadProps): void {
  for (const prop of ['weightPrecision', 'kvPrecision'] as const) {
    const value = props[prop];
    if (value !== undefined && !PRECISIONS.includes(value)) {
      problems.add(invalid(prop, `one of ${PRECISIONS.join(', ')}`, value));
    }
  }
}

function checkContext(problems: ProblemCollector, { model, inputTokens, outputTokens }: ServingLoadProps): void {
  if (!isModel(model) || model.contextLength === undefined) return;
  if (!isPositive(inputTokens) || !isPositive(outputTokens)) return;
  if (inputTokens + outputTokens <= model.contextLength) return;
  problems.add(
    invalid(
      'inputTokens',
      `small enough that input and output fit in the ${model.contextLength} tokens of ${model.name}`,
      inputTokens,
    ),
  );
}

function invalid(prop: string, allowed: string, got: unknown): Problem {
  return {
    code: 'ServingLoadInvalid',
    prop,
    allowed,
    got,
    fix: 'Describe the average request, and the rate or the concurrency.',
  };
}
