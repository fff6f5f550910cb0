import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import { branded, demand, FLAG, type Kind, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import { DATA_STORE, TOPIC } from '../props/shapes';
import type { DataStore } from '../storage/data-store';

/** Options for inference components. */
export interface ComponentsOptions {
  /** Whether instances keep image and model, so that the next copy starts sooner. @default true */
  readonly cached?: boolean;
}

/** Options for an asynchronous endpoint. */
export interface AsynchronousOptions {
  /** Where answers go, and what failed. */
  readonly output: DataStore;
  /** What the keys of answers begin with. @default 'answers/' */
  readonly outputPrefix?: string;
  /** What the keys of failures begin with. @default 'failures/' */
  readonly failurePrefix?: string;
  /** Where requests are put. @default - the bucket of the answers */
  readonly input?: DataStore;
  /** Requests that an instance works on at once, 1 to 1000. @default - SageMaker chooses */
  readonly concurrencyPerInstance?: number;
  /** Who is told of each answer and each failure. @default - a new encrypted topic */
  readonly topic?: ITopic;
}

/** Options for a serverless endpoint. */
export interface ServerlessOptions {
  /** 1024 to 6144 in steps of 1024. */
  readonly memoryMiB: number;
  /** Requests at once, 1 to 200. */
  readonly maxConcurrency: number;
  /** Requests at once that are never kept waiting for a start. It costs by the hour. @default - none */
  readonly provisionedConcurrency?: number;
}

/** How a kind is named. */
export type EndpointKindName = 'components' | 'variants' | 'asynchronous' | 'serverless';

/** What the kinds differ in. */
interface Traits {
  readonly mostModels: number;
  /** What it scales: nothing where SageMaker scales by itself. */
  readonly scales?: 'copies' | 'instances';
  readonly toZero: boolean;
}

/** Our choice, below the resources of one stack: no limit of SageMaker's was read. */
const MOST_COMPONENTS = 100;

const TRAITS = {
  components: { mostModels: MOST_COMPONENTS, scales: 'copies', toZero: true },
  variants: { mostModels: SAGEMAKER_HOSTING.variants.most, scales: 'instances', toZero: false },
  asynchronous: { mostModels: 1, scales: 'instances', toZero: true },
  serverless: { mostModels: 1, toZero: false },
} as const satisfies Record<EndpointKindName, Traits>;

/**
 * How an endpoint answers, and what it runs on.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deploy-model.html
 */
export class EndpointKind {
  /**
   * At once, from copies of one or several models that share a fleet of instances. Each model scales by itself, also to zero.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints.html
   */
  static components(options: ComponentsOptions = {}): EndpointKind {
    demand(options, COMPONENTS, { name: 'options' });
    return new EndpointKind('components', { components: options });
  }

  /** At once, each model on instances of its own, which share the requests by weight. */
  static variants(): EndpointKind {
    return new EndpointKind('variants', {});
  }

  /**
   * Later: a request is an object in a bucket of up to 1 GB, and so is its answer. What waits is kept, so it scales to zero.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
   */
  static asynchronous(options: AsynchronousOptions): EndpointKind {
    // Whether there is a bucket at all is judged with the endpoint, which tells all that is wrong at once.
    demand(options, ASYNCHRONOUS, { name: 'options' });
    return new EndpointKind('asynchronous', { asynchronous: options });
  }

  /**
   * At once, on processors that SageMaker shares out, paid by the request: no accelerators, no VPC, requests of up to 4 MB.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
   */
  static serverless(options: ServerlessOptions): EndpointKind {
    demand(options, SERVERLESS, { name: 'options' });
    return new EndpointKind('serverless', { serverless: options });
  }

  private constructor(
    public readonly name: EndpointKindName,
    private readonly options: {
      readonly components?: ComponentsOptions;
      readonly asynchronous?: AsynchronousOptions;
      readonly serverless?: ServerlessOptions;
    },
  ) {}

  /** Most models that one endpoint of the kind takes. */
  get mostModels(): number {
    return TRAITS[this.name].mostModels;
  }

  /** What scaling counts. @default - SageMaker scales by itself */
  get scales(): 'copies' | 'instances' | undefined {
    const traits: Traits = TRAITS[this.name];
    return traits.scales;
  }

  /** Whether it may have no instance at all. */
  get scalesToZero(): boolean {
    return TRAITS[this.name].toZero;
  }

  /** @internal */
  get components(): ComponentsOptions | undefined {
    return this.options.components;
  }

  /** @internal */
  get asynchronous(): AsynchronousOptions | undefined {
    return this.options.asynchronous;
  }

  /** @internal */
  get serverless(): ServerlessOptions | undefined {
    return this.options.serverless;
  }
}

/** A kind, of whichever copy of the package. */
export const ENDPOINT_KIND: Kind = branded(
  EndpointKind,
  'EndpointKind',
  'an EndpointKind',
  'Use EndpointKind.components() or its like.',
);

const COMPONENTS: Shape<ComponentsOptions> = { cached: FLAG };

const ASYNCHRONOUS: Shape<AsynchronousOptions> = {
  output: DATA_STORE,
  outputPrefix: TEXT,
  failurePrefix: TEXT,
  input: DATA_STORE,
  concurrencyPerInstance: NUMBER,
  topic: TOPIC,
};

const SERVERLESS: Shape<ServerlessOptions> = {
  memoryMiB: required(NUMBER),
  maxConcurrency: required(NUMBER),
  provisionedConcurrency: NUMBER,
};
