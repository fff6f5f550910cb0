import { type Duration, type Size, Token } from 'aws-cdk-lib';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { ProblemCollector } from '../../core/errors';
import { NUMBER } from '../../core/prop-schema';
import { DURATION, SIZE } from '../props/prop-types';
import { isKnown } from '../props/tokens';
import {
  bytesOf,
  type Environment,
  inUnits,
  type TensorFlowServingOptions,
  type TorchServeOptions,
  type TritonOptions,
  type VllmOptions,
} from './container-environment';

/** Prop types of the settings of each server. */
export const CONTAINER_SETTINGS = {
  vllm: { maxModelLength: NUMBER, maxSequences: NUMBER, memoryShare: NUMBER },
  triton: { sharedMemory: SIZE, sharedMemoryGrowth: SIZE },
  tensorFlowServing: { maxBatchSize: NUMBER, batchTimeout: DURATION },
  torchServe: { maxBatchSize: NUMBER, batchDelay: DURATION, workers: NUMBER },
  own: { startupTime: DURATION },
} as const;

type Settings = VllmOptions &
  TritonOptions &
  TensorFlowServingOptions &
  TorchServeOptions & { readonly startupTime?: Duration };

const COUNTS = ['maxModelLength', 'maxSequences', 'maxBatchSize', 'workers'] as const;

/** Adds what is wrong with the settings of a server. */
export function checkContainerSettings(problems: ProblemCollector, settings: Settings): void {
  const of = problems.within('container');
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    of.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
  for (const prop of COUNTS) {
    const value = settings[prop];
    if (!isKnown(of, prop, value) || (Number.isInteger(value) && value >= 1)) continue;
    wrong(prop, 'a whole number of at least 1', value, 'Leave it out to use the default of the server.');
  }
  for (const [prop, value, unit] of quantitiesOf(settings)) {
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
    const got = Number.isNaN(value) ? 'a token' : `${value} ${unit}`;
    wrong(prop, `a whole number of ${unit}, at least 1`, got, 'Leave it out to use the default of the server.');
  }
  const { memoryShare, maxBatchSize, batchTimeout } = settings;
  if (isKnown(of, 'memoryShare', memoryShare) && !(memoryShare > 0 && memoryShare <= 1)) {
    wrong('memoryShare', 'above 0 and at most 1', memoryShare, 'Write 90% as 0.9.');
  }
  if (batchTimeout !== undefined && maxBatchSize === undefined) {
    wrong('batchTimeout', 'left out if requests are not batched', batchTimeout.toString(), 'Set `maxBatchSize`.');
  }
}

/** Sizes and durations in the units that each server accepts. */
function quantitiesOf(settings: Settings): [prop: string, value: number | undefined, unit: string][] {
  const mebibytes = (size: Size | undefined) => size && bytesOf(size)! / 2 ** 20;
  return [
    ['sharedMemory', mebibytes(settings.sharedMemory), 'mebibytes'],
    ['sharedMemoryGrowth', mebibytes(settings.sharedMemoryGrowth), 'mebibytes'],
    ['batchTimeout', inUnits(settings.batchTimeout, 0.001), 'microseconds'],
    ['batchDelay', inUnits(settings.batchDelay, 1), 'milliseconds'],
    ['startupTime', inUnits(settings.startupTime, 1_000), 'seconds'],
  ];
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Adds what SageMaker rejects in an environment. */
export function checkEnvironment(problems: ProblemCollector, environment: Environment): void {
  const { maxEntries, maxCharacters } = SAGEMAKER_HOSTING.environment;
  const entries = Object.entries(environment);
  const wrong = (prop: string, allowed: string, got: unknown) =>
    problems.add({
      code: 'ContainerEnvironment',
      prop,
      allowed,
      got,
      fix: 'Move long settings into a file of the artifact.',
    });
  if (entries.length > maxEntries) wrong('container.environment', `at most ${maxEntries} variables`, entries.length);
  for (const [name, value] of entries) {
    const prop = `container.environment.${name}`;
    if (!NAME.test(name)) wrong(prop, 'a name of letters, digits and _, starting with a letter or _', name);
    if (Token.isUnresolved(value)) continue;
    if (name.length > maxCharacters || value.length > maxCharacters) {
      wrong(prop, `at most ${maxCharacters} characters, name and value each`, `${value.length} characters`);
    }
  }
}
