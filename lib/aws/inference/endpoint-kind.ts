import { type Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import { assertProps, brand } from '../../core/prop-schema';
import type { IDataBucket } from '../storage/data-bucket';
import { ASYNCHRONOUS_OPTIONS, COMPONENTS_OPTIONS, SERVERLESS_OPTIONS } from '../prop-schemas';
import type { ProblemCollector } from '../../core/errors';
import { checkBounds } from '../props/tokens';
import type { InferenceEndpointProps } from './endpoint-options';

/** Options for inference components. */
export interface ComponentsOptions {
  /** Whether instances cache the image and the model, so that the next copy starts sooner. @default true */
  readonly cached?: boolean;
}

/** Options for an asynchronous endpoint. */
export interface AsynchronousOptions {
  /** Bucket for answers and failures. */
  readonly output: IDataBucket;
  /** Prefix of the keys of answers. @default 'answers/' */
  readonly outputPrefix?: string;
  /** Prefix of the keys of failures. @default 'failures/' */
  readonly failurePrefix?: string;
  /** Bucket for requests. @default - `output` */
  readonly input?: IDataBucket;
  /** Number of requests that an instance handles at once, from 1 to 1000. @default - set by SageMaker */
  readonly concurrencyPerInstance?: number;
  /** SNS topic that receives a message for each answer and each failure. @default - a new encrypted topic */
  readonly topic?: ITopic;
}

/** Options for a serverless endpoint. */
export interface ServerlessOptions {
  /** Memory of the endpoint, from 1024 to 6144 MiB in steps of 1024 MiB. */
  readonly memory: Size;
  /** Maximum number of concurrent requests, from 1 to 200. */
  readonly maxConcurrency: number;
  /** Number of concurrent requests without a cold start, at most `maxConcurrency`. Billed by the hour. @default - no provisioned concurrency */
  readonly provisionedConcurrency?: number;
}

/** Name of a kind. */
export type EndpointKindName = 'components' | 'variants' | 'asynchronous' | 'serverless';

/** Differences between the kinds. */
interface Traits {
  readonly maxModels: number;
  /** Unit of scaling. @default - SageMaker scales the endpoint itself */
  readonly scales?: 'copies' | 'instances';
  readonly toZero: boolean;
}

/** Our choice, so that one stack can hold the resources. No limit of SageMaker is documented. */
const MAX_COMPONENTS = 100;

const TRAITS = {
  components: { maxModels: MAX_COMPONENTS, scales: 'copies', toZero: true },
  variants: { maxModels: SAGEMAKER_HOSTING.variants.max, scales: 'instances', toZero: false },
  asynchronous: { maxModels: 1, scales: 'instances', toZero: true },
  serverless: { maxModels: 1, toZero: false },
} as const satisfies Record<EndpointKindName, Traits>;

/**
 * Kind of an endpoint: how it answers, and what it runs on.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-model.html
 */
export class EndpointKind {
  /**
   * Real-time answers from inference components: copies of one or several models that share a fleet of instances. Each model scales
   * separately, also to zero.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints.html
   */
  static components(options: ComponentsOptions = {}): EndpointKind {
    assertProps(options, COMPONENTS_OPTIONS, { name: 'options' });
    return new EndpointKind('components', { components: options });
  }

  /** Real-time answers from production variants: each model has its own instances, and requests are split by weight. */
  static variants(): EndpointKind {
    return new EndpointKind('variants', {});
  }

  /**
   * Asynchronous answers: a request is an object of up to 1 GB in a bucket, and so is its answer. SageMaker queues waiting requests, so the
   * endpoint can scale to zero.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
   */
  static asynchronous(options: AsynchronousOptions): EndpointKind {
    // The endpoint checks for a missing bucket, so that it can report all problems in one error.
    assertProps(options, ASYNCHRONOUS_OPTIONS, { name: 'options' });
    return new EndpointKind('asynchronous', { asynchronous: options });
  }

  /**
   * Real-time answers from CPUs that SageMaker manages, billed by the request. There are no accelerators and no VPC, and requests have up
   * to 4 MB.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
   */
  static serverless(options: ServerlessOptions): EndpointKind {
    assertProps(options, SERVERLESS_OPTIONS, { name: 'options' });
    return new EndpointKind('serverless', { serverless: options });
  }

  private constructor(
    /** @internal */
    public readonly name: EndpointKindName,
    private readonly options: {
      readonly components?: ComponentsOptions;
      readonly asynchronous?: AsynchronousOptions;
      readonly serverless?: ServerlessOptions;
    },
  ) {}

  /** Maximum number of models on one endpoint of this kind. */
  get maxModels(): number {
    return TRAITS[this.name].maxModels;
  }

  /** Whether the endpoint can have no instances at all. */
  get scalesToZero(): boolean {
    return TRAITS[this.name].toZero;
  }

  /** Whether answers go to a bucket. */
  get isAsynchronous(): boolean {
    return this.name === 'asynchronous';
  }

  /** @internal Unit of scaling, undefined if SageMaker scales the endpoint itself. */
  get scales(): 'copies' | 'instances' | undefined {
    const traits: Traits = TRAITS[this.name];
    return traits.scales;
  }

  /** @internal */
  get componentsOptions(): ComponentsOptions | undefined {
    return this.options.components;
  }

  /** @internal */
  get asynchronousOptions(): AsynchronousOptions | undefined {
    return this.options.asynchronous;
  }

  /** @internal */
  get serverlessOptions(): ServerlessOptions | undefined {
    return this.options.serverless;
  }
}

brand(EndpointKind, 'aws.EndpointKind');

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
