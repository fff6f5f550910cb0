import { SizeRoundingBehavior } from 'aws-cdk-lib';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { ProblemCollector } from '../../core/errors';
import { checkBounds } from '../props/bounds';
import type { AsynchronousOptions, ServerlessOptions } from './endpoint-kind';
import type { InferenceEndpointProps } from './endpoint-options';

/** Adds what is wrong with an asynchronous endpoint. */
export function checkAsynchronous(
  problems: ProblemCollector,
  { concurrencyPerInstance }: AsynchronousOptions,
  { routing }: Pick<InferenceEndpointProps, 'routing'>,
): void {
  const of = problems.within('kind');
  if (routing !== undefined) {
    problems.add({
      code: 'EndpointOption',
      prop: 'routing',
      allowed: 'left out for an asynchronous endpoint, whose instances fetch requests from a queue',
      got: routing.strategy,
      fix: 'Leave it out, or use another kind.',
    });
  }
  checkBounds(
    of,
    'EndpointOption',
    'concurrencyPerInstance',
    concurrencyPerInstance,
    SAGEMAKER_HOSTING.asyncConcurrency,
  );
}

/** Props that a serverless endpoint does not support: developer guide, "Serverless Inference", feature exclusions. */
const UNSUPPORTED = [
  'vpc',
  'isolated',
  'inferenceAmi',
  'dataCapture',
  'encryptionKey',
  'routing',
  'update',
  'scaling',
  'load',
] as const;

/** Adds what is wrong with a serverless endpoint. */
export function checkServerless(
  problems: ProblemCollector,
  options: ServerlessOptions,
  props: InferenceEndpointProps,
): void {
  const of = problems.within('kind');
  const { serverlessMemoryMiB, serverlessConcurrency } = SAGEMAKER_HOSTING;
  const { memory, maxConcurrency, provisionedConcurrency } = options;
  const sizes: readonly number[] = serverlessMemoryMiB;
  const memoryMiB = memory.isUnresolved() ? undefined : memory.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  if (memoryMiB === undefined || !sizes.includes(memoryMiB)) {
    of.add({
      code: 'ServerlessSize',
      prop: 'memory',
      allowed: `one of ${sizes.join(', ')} MiB`,
      got: memoryMiB === undefined ? 'a token' : `${memoryMiB} MiB`,
      fix: 'Use one of these sizes, for example Size.mebibytes(4096).',
    });
  }
  checkBounds(of, 'ServerlessSize', 'maxConcurrency', maxConcurrency, serverlessConcurrency);
  const max = Math.min(serverlessConcurrency.max, maxConcurrency);
  checkBounds(of, 'ServerlessSize', 'provisionedConcurrency', provisionedConcurrency, { min: 1, max });
  for (const prop of UNSUPPORTED) {
    if (props[prop] === undefined || props[prop] === false) continue;
    problems.add({
      code: 'EndpointOption',
      prop,
      allowed: 'left out for a serverless endpoint, which does not support it',
      got: 'a value',
      fix: 'Leave it out, or use another kind.',
    });
  }
}
