import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, NUMBER, required, type Shape } from '../../core/shapes';
import { isKnown } from '../../terraform/tokens';

/** Options for capacity that is paid by the token. */
export interface TokenCapacityOptions {
  /** Tokens of prompts and answers that the deployment takes in a minute, by the thousand. */
  readonly tokensPerMinute: number;
}

/** Options for capacity that is reserved. */
export interface ProvisionedCapacityOptions {
  /** Provisioned throughput units: what one bears depends on the model. */
  readonly throughputUnits: number;
}

/** Names that Azure gives the ways to buy a model. */
type SkuName =
  | 'Standard'
  | 'DataZoneStandard'
  | 'GlobalStandard'
  | 'ProvisionedManaged'
  | 'DataZoneProvisionedManaged'
  | 'GlobalProvisionedManaged';

/** Where prompts may be processed: in the region of the account, in its data zone, or anywhere. What is stored stays in the region. */
export type ProcessingPlace = 'region' | 'data-zone' | 'anywhere';

/**
 * How a deployment of a model is bought, and how much of it.
 *
 * @see https://learn.microsoft.com/en-us/azure/ai-foundry/foundry-models/concepts/deployment-types
 */
export class ModelCapacity {
  /** By the token, processed in the region of the account. */
  static standard(options: TokenCapacityOptions): ModelCapacity {
    return ModelCapacity.byToken('Standard', 'region', options);
  }

  /** By the token, processed in any region of the data zone, e.g. of the European Union. */
  static dataZoneStandard(options: TokenCapacityOptions): ModelCapacity {
    return ModelCapacity.byToken('DataZoneStandard', 'data-zone', options);
  }

  /** By the token, processed in any region of Azure: the largest quota. */
  static globalStandard(options: TokenCapacityOptions): ModelCapacity {
    return ModelCapacity.byToken('GlobalStandard', 'anywhere', options);
  }

  /** By the hour, in the region of the account: the same latency at any hour. */
  static provisioned(options: ProvisionedCapacityOptions): ModelCapacity {
    return ModelCapacity.byUnit('ProvisionedManaged', 'region', options);
  }

  /** By the hour, in any region of the data zone. */
  static dataZoneProvisioned(options: ProvisionedCapacityOptions): ModelCapacity {
    return ModelCapacity.byUnit('DataZoneProvisionedManaged', 'data-zone', options);
  }

  /** By the hour, in any region of Azure. */
  static globalProvisioned(options: ProvisionedCapacityOptions): ModelCapacity {
    return ModelCapacity.byUnit('GlobalProvisionedManaged', 'anywhere', options);
  }

  private static byToken(sku: SkuName, place: ProcessingPlace, options: TokenCapacityOptions): ModelCapacity {
    demand(options, TOKENS, { name: 'options' });
    return new ModelCapacity(sku, place, options.tokensPerMinute);
  }

  private static byUnit(sku: SkuName, place: ProcessingPlace, options: ProvisionedCapacityOptions): ModelCapacity {
    demand(options, UNITS, { name: 'options' });
    return new ModelCapacity(sku, place, undefined, options.throughputUnits);
  }

  private constructor(
    /** The name that Azure has for it. */
    public readonly sku: SkuName,
    /** Where prompts may be processed. */
    public readonly place: ProcessingPlace,
    /** Tokens in a minute. @default - it is reserved by units */
    public readonly tokensPerMinute?: number,
    /** Units that are reserved. @default - it is paid by the token */
    public readonly throughputUnits?: number,
  ) {}

  /** The amount as Azure counts it: thousands of tokens a minute, or units. */
  get amount(): number {
    return this.throughputUnits ?? this.tokensPerMinute! / TOKENS_A_UNIT;
  }

  /** Adds a problem where the amount is none that Azure counts. */
  check(problems: Problems): void {
    const { tokensPerMinute, throughputUnits } = this;
    if (isKnown(problems, 'tokensPerMinute', tokensPerMinute) && !isWhole(tokensPerMinute / TOKENS_A_UNIT)) {
      problems.add({
        code: 'ModelCapacity',
        prop: 'tokensPerMinute',
        allowed: 'a multiple of 1000, and at least 1000',
        got: tokensPerMinute,
        fix: 'Azure counts tokens by the thousand.',
      });
    }
    if (isKnown(problems, 'throughputUnits', throughputUnits) && !isWhole(throughputUnits)) {
      problems.add({
        code: 'ModelCapacity',
        prop: 'throughputUnits',
        allowed: 'a whole number of units, 1 or more',
        got: throughputUnits,
        fix: 'Take the least of the model, or a step of it: `az cognitiveservices model list` has both.',
      });
    }
  }
}

/** Tokens that Azure counts as one. Source: azurerm, documentation of `azurerm_cognitive_deployment`, `sku.capacity`. */
const TOKENS_A_UNIT = 1000;

/** A capacity, of whichever copy of the package. */
export const MODEL_CAPACITY: Kind = branded(
  ModelCapacity,
  'AzureModelCapacity',
  'a ModelCapacity',
  'Use ModelCapacity.standard({ tokensPerMinute: 100_000 }) or its like.',
);

const TOKENS: Shape<TokenCapacityOptions> = { tokensPerMinute: required(NUMBER) };

const UNITS: Shape<ProvisionedCapacityOptions> = { throughputUnits: required(NUMBER) };

function isWhole(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
