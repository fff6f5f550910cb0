import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import { checkBounds } from '../props/bounds';
import { PREFIX_AWARE_OPTIONS } from '../prop-schemas';

/** Options for prefix-aware routing. */
export interface PrefixAwareOptions {
  /** Number of bytes at the start of a request that select the instance, from 1024 to 65536. Exceed the part that all prompts share. @default 4096 */
  readonly prefixLength?: number;
  /** Concurrent requests of one instance or copy above which other ones are used, from 1 to 1024. @default 16 */
  readonly concurrencyThreshold?: number;
}

const DEFAULTS = { prefixLength: 4_096, concurrencyThreshold: 16 };

/**
 * Strategy that selects the instance or copy for a request.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantRoutingConfig.html
 */
export class EndpointRouting {
  /** Selects the replica with the least outstanding requests. Suits generation, where answers differ in length. */
  static leastOutstanding(): EndpointRouting {
    return new EndpointRouting('LEAST_OUTSTANDING_REQUESTS');
  }

  /** Selects a random instance or copy. */
  static random(): EndpointRouting {
    return new EndpointRouting('RANDOM');
  }

  /** Selects the replica that served the same prefix before and has its keys and values in the cache. */
  static prefixAware(options: PrefixAwareOptions = {}): EndpointRouting {
    assertProps(options, PREFIX_AWARE_OPTIONS, { name: 'options' });
    return new EndpointRouting('PREFIX_AWARE', { ...DEFAULTS, ...definedOf(options) });
  }

  private constructor(
    /** @internal */
    public readonly strategy: 'LEAST_OUTSTANDING_REQUESTS' | 'RANDOM' | 'PREFIX_AWARE',
    private readonly prefix?: Required<PrefixAwareOptions>,
  ) {}

  /** @internal The routing configuration of SageMaker. */
  get config(): CfnEndpointConfig.RoutingConfigProperty {
    return { routingStrategy: this.strategy, prefixAwareRoutingConfig: this.prefix };
  }

  /** @internal Adds what SageMaker rejects. */
  check(problems: ProblemCollector): void {
    if (!this.prefix) return;
    const of = problems.within('routing');
    const { prefixLength, prefixConcurrency } = SAGEMAKER_HOSTING;
    checkBounds(of, 'RoutingPolicy', 'prefixLength', this.prefix.prefixLength, prefixLength);
    checkBounds(of, 'RoutingPolicy', 'concurrencyThreshold', this.prefix.concurrencyThreshold, prefixConcurrency);
  }
}

brand(EndpointRouting, 'aws.EndpointRouting');

/** Options without explicit `undefined` values, which would override the defaults. */
function definedOf(options: PrefixAwareOptions): PrefixAwareOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
