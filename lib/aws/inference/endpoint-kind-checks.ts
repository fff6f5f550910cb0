import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { Problems } from '../../core/errors';
import { isKnown } from '../props/tokens';
import { checkBounds } from '../props/bounds';
import type { AsynchronousOptions, ServerlessOptions } from './endpoint-kind';
import type { InferenceEndpointProps } from './endpoint-options';

/** Adds what is wrong with an asynchronous endpoint. */
export function checkAsynchronous(
  problems: Problems,
  { output, concurrencyPerInstance }: AsynchronousOptions,
  { routing }: Pick<InferenceEndpointProps, 'routing'>,
): void {
  const of = problems.within('kind');
  if (routing !== undefined) {
    problems.add({
      code: 'EndpointOption',
      prop: 'routing',
      allowed: 'left out for an asynchronous endpoint, whose instances fetch what waits',
      got: routing.strategy,
      fix: 'Leave it out.',
    });
  }
  if (output === undefined) {
    of.add({
      code: 'OutputBucketMissing',
      prop: 'output',
      allowed: 'a bucket: an asynchronous endpoint answers into one',
      got: output,
      fix: 'Give output a DataBucket.',
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

/** What a serverless endpoint does not have: developer guide, "Serverless Inference", feature exclusions. */
const REFUSED = [
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
export function checkServerless(problems: Problems, options: ServerlessOptions, props: InferenceEndpointProps): void {
  const of = problems.within('kind');
  const { serverlessMemoryMiB, serverlessConcurrency } = SAGEMAKER_HOSTING;
  const { memoryMiB, maxConcurrency, provisionedConcurrency } = options;
  const sizes: readonly number[] = serverlessMemoryMiB;
  if (isKnown(of, 'memoryMiB', memoryMiB) && !sizes.includes(memoryMiB)) {
    const allowed = `one of ${sizes.join(', ')}`;
    of.add({ code: 'ServerlessSize', prop: 'memoryMiB', allowed, got: memoryMiB, fix: 'Take one of these.' });
  }
  checkBounds(of, 'ServerlessSize', 'maxConcurrency', maxConcurrency, serverlessConcurrency);
  const most = Math.min(serverlessConcurrency.most, maxConcurrency);
  checkBounds(of, 'ServerlessSize', 'provisionedConcurrency', provisionedConcurrency, { least: 1, most });
  for (const prop of REFUSED) {
    if (props[prop] === undefined || props[prop] === false) continue;
    problems.add({
      code: 'EndpointOption',
      prop,
      allowed: 'left out for a serverless endpoint, which has no such thing',
      got: 'a value',
      fix: 'Leave it out, or take another kind.',
    });
  }
}
