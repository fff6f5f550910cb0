import { Token } from 'aws-cdk-lib';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { Problems } from '../../core/errors';
import { NUMBER } from '../../core/shapes';
import { isKnown } from '../props/tokens';
import type {
  Environment,
  TensorFlowServingOptions,
  TorchServeOptions,
  TritonOptions,
  VllmOptions,
} from './container-environment';

/** The settings of each server that are numbers. */
export const CONTAINER_SETTINGS = {
  vllm: { maxModelLength: NUMBER, maxSequences: NUMBER, memoryShare: NUMBER },
  triton: { sharedMemoryMiB: NUMBER, sharedMemoryGrowthMiB: NUMBER },
  tensorFlowServing: { maxBatchSize: NUMBER, batchTimeoutMicros: NUMBER },
  torchServe: { maxBatchSize: NUMBER, batchDelayMs: NUMBER, workers: NUMBER },
  own: { startupSeconds: NUMBER },
} as const;

type Settings = VllmOptions &
  TritonOptions &
  TensorFlowServingOptions &
  TorchServeOptions & { readonly startupSeconds?: number };

const WHOLE = [
  'maxModelLength',
  'maxSequences',
  'sharedMemoryMiB',
  'sharedMemoryGrowthMiB',
  'maxBatchSize',
  'batchTimeoutMicros',
  'batchDelayMs',
  'workers',
  'startupSeconds',
] as const satisfies readonly (keyof Settings)[];

/** Adds what is wrong with the settings of a server. */
export function checkContainerSettings(problems: Problems, settings: Settings): void {
  const of = problems.within('container');
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    of.add({ code: 'ServingContainerInvalid', prop, allowed, got, fix });
  for (const prop of WHOLE) {
    const value = settings[prop];
    if (!isKnown(of, prop, value) || (Number.isInteger(value) && value >= 1)) continue;
    wrong(prop, 'a whole number of 1 or more', value, 'Leave it out for the server’s own choice.');
  }
  const { memoryShare, maxBatchSize, batchTimeoutMicros } = settings;
  if (isKnown(of, 'memoryShare', memoryShare) && !(memoryShare > 0 && memoryShare <= 1)) {
    wrong('memoryShare', 'above 0 and at most 1', memoryShare, 'Write 90 % as 0.9.');
  }
  if (batchTimeoutMicros !== undefined && maxBatchSize === undefined) {
    wrong('batchTimeoutMicros', 'left out where requests are not batched', batchTimeoutMicros, 'Give maxBatchSize.');
  }
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Adds what SageMaker refuses of an environment. */
export function checkEnvironment(problems: Problems, environment: Environment): void {
  const { mostEntries, mostCharacters } = SAGEMAKER_HOSTING.environment;
  const entries = Object.entries(environment);
  const wrong = (prop: string, allowed: string, got: unknown) =>
    problems.add({
      code: 'ContainerEnvironment',
      prop,
      allowed,
      got,
      fix: 'Put long settings into a file of the artefact.',
    });
  if (entries.length > mostEntries) wrong('container.environment', `at most ${mostEntries} variables`, entries.length);
  for (const [name, value] of entries) {
    const prop = `container.environment.${name}`;
    if (!NAME.test(name)) wrong(prop, 'named by letters, digits and _, a letter first', name);
    if (Token.isUnresolved(value)) continue;
    if (name.length > mostCharacters || value.length > mostCharacters) {
      wrong(prop, `at most ${mostCharacters} characters, name and value each`, `${value.length} characters`);
    }
  }
}
