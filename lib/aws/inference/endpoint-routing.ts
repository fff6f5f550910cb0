import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { SAGEMAKER_HOSTING } from '../../core/catalog/sagemaker-hosting';
import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, NUMBER, type Shape } from '../../core/shapes';
import { checkBounds } from '../props/bounds';

/** Options for routing by the beginning of a prompt. */
export interface PrefixAwareOptions {
  /** Bytes of the beginning of a request that decide, 1024 to 65536: enough to reach past what all prompts share. @default 4096 */
  readonly prefixLength?: number;
  /** Requests of one instance or copy from which on others take over, 1 to 1024. @default 16 */
  readonly concurrencyThreshold?: number;
}

const DEFAULTS = { prefixLength: 4_096, concurrencyThreshold: 16 };

/**
 * Which instance or copy answers a request.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantRoutingConfig.html
 */
export class EndpointRouting {
  /** The one with the fewest requests in flight: what generation of unequal length needs. */
  static leastOutstanding(): EndpointRouting {
    return new EndpointRouting('LEAST_OUTSTANDING_REQUESTS');
  }

  /** Any. */
  static random(): EndpointRouting {
    return new EndpointRouting('RANDOM');
  }

  /** The one that saw the same beginning before, and has its keys and values cached. */
  static prefixAware(options: PrefixAwareOptions = {}): EndpointRouting {
    demand(options, PREFIX, { name: 'options' });
    return new EndpointRouting('PREFIX_AWARE', { ...DEFAULTS, ...definedOf(options) });
  }

  private constructor(
    public readonly strategy: 'LEAST_OUTSTANDING_REQUESTS' | 'RANDOM' | 'PREFIX_AWARE',
    private readonly prefix?: Required<PrefixAwareOptions>,
  ) {}

  /** @internal */
  get config(): CfnEndpointConfig.RoutingConfigProperty {
    return { routingStrategy: this.strategy, prefixAwareRoutingConfig: this.prefix };
  }

  /** @internal Adds what SageMaker refuses. */
  check(problems: Problems): void {
    if (!this.prefix) return;
    const of = problems.within('routing');
    const { prefixLength, prefixConcurrency } = SAGEMAKER_HOSTING;
    checkBounds(of, 'RoutingPolicy', 'prefixLength', this.prefix.prefixLength, prefixLength);
    checkBounds(of, 'RoutingPolicy', 'concurrencyThreshold', this.prefix.concurrencyThreshold, prefixConcurrency);
  }
}

/** A routing, of whichever copy of the package. */
export const ENDPOINT_ROUTING: Kind = branded(
  EndpointRouting,
  'EndpointRouting',
  'an EndpointRouting',
  'Use EndpointRouting.leastOutstanding() or its like.',
);

const PREFIX: Shape<PrefixAwareOptions> = { prefixLength: NUMBER, concurrencyThreshold: NUMBER };

/** What was given: an `undefined` written out leaves the default as it is. */
function definedOf(options: PrefixAwareOptions): PrefixAwareOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
