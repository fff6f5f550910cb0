import type { ProblemCollector } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { PROVISIONED_CAPACITY_OPTIONS, TOKEN_CAPACITY_OPTIONS } from '../prop-schemas';
import { CHIPS } from '../../core/catalog/chips';
import type { AzureMachine } from '../machine/machine';
import type { ModelArtifact } from './model-artifact';

/** Options for capacity that is billed per token. */
export interface TokenCapacityOptions {
  /** Maximum tokens of prompts and answers in a minute. A multiple of 1,000. */
  readonly tokensPerMinute: number;
}

/** Options for provisioned throughput. */
export interface ProvisionedCapacityOptions {
  /** Number of provisioned throughput units (PTU). The throughput of a unit depends on the model. */
  readonly throughputUnits: number;
}

/** Deployment type of a model, in the words of Azure. */
export type DeploymentSkuName =
  | 'Standard'
  | 'DataZoneStandard'
  | 'GlobalStandard'
  | 'ProvisionedManaged'
  | 'DataZoneProvisionedManaged'
  | 'GlobalProvisionedManaged';

/** Where Azure can process prompts and answers. Stored data stays in the region of the account. */
export enum ProcessingLocation {
  /** In the region of the account. */
  REGION = 'region',
  /** In any region of the data zone, for example of the European Union. */
  DATA_ZONE = 'data-zone',
  /** In any region of Azure. */
  GLOBAL = 'global',
}

/**
 * Deployment type of a model, with its capacity.
 *
 * @see https://learn.microsoft.com/en-us/azure/ai-foundry/foundry-models/concepts/deployment-types
 */
export class ModelCapacity {
  /** Billed per token. Prompts are processed in the region of the account. */
  static standard(options: TokenCapacityOptions): ModelCapacity {
    return ModelCapacity.byToken('Standard', ProcessingLocation.REGION, options);
  }

  /** Billed per token. Prompts are processed in any region of the data zone, for example of the European Union. */
  static dataZoneStandard(options: TokenCapacityOptions): ModelCapacity {
    return ModelCapacity.byToken('DataZoneStandard', ProcessingLocation.DATA_ZONE, options);
  }

  /** Billed per token. Prompts are processed in any region of Azure, which has the largest quota. */
  static globalStandard(options: TokenCapacityOptions): ModelCapacity {
    return ModelCapacity.byToken('GlobalStandard', ProcessingLocation.GLOBAL, options);
  }

  /** Billed per hour, with a predictable latency. Prompts are processed in the region of the account. */
  static provisioned(options: ProvisionedCapacityOptions): ModelCapacity {
    return ModelCapacity.byUnit('ProvisionedManaged', ProcessingLocation.REGION, options);
  }

  /** Billed per hour. Prompts are processed in any region of the data zone. */
  static dataZoneProvisioned(options: ProvisionedCapacityOptions): ModelCapacity {
    return ModelCapacity.byUnit('DataZoneProvisionedManaged', ProcessingLocation.DATA_ZONE, options);
  }

  /** Billed per hour. Prompts are processed in any region of Azure. */
  static globalProvisioned(options: ProvisionedCapacityOptions): ModelCapacity {
    return ModelCapacity.byUnit('GlobalProvisionedManaged', ProcessingLocation.GLOBAL, options);
  }

  private static byToken(sku: DeploymentSkuName, location: ProcessingLocation, options: TokenCapacityOptions) {
    assertProps(options, TOKEN_CAPACITY_OPTIONS, { name: 'options' });
    return new ModelCapacity(sku, location, options.tokensPerMinute);
  }

  private static byUnit(sku: DeploymentSkuName, location: ProcessingLocation, options: ProvisionedCapacityOptions) {
    assertProps(options, PROVISIONED_CAPACITY_OPTIONS, { name: 'options' });
    return new ModelCapacity(sku, location, undefined, options.throughputUnits);
  }

  private constructor(
    /** Deployment type in the words of Azure. */
    public readonly sku: DeploymentSkuName,
    /** Where Azure can process prompts and answers. */
    public readonly processingLocation: ProcessingLocation,
    /** Maximum tokens in a minute. @default - the capacity is in units */
    public readonly tokensPerMinute?: number,
    /** Provisioned throughput units. @default - the capacity is billed per token */
    public readonly throughputUnits?: number,
  ) {}

  /** Capacity of the SKU: thousands of tokens per minute, or units. */
  get amount(): number {
    return this.throughputUnits ?? this.tokensPerMinute! / TOKENS_PER_UNIT;
  }

  /** @internal Adds a problem if Azure does not support the capacity. */
  check(problems: ProblemCollector): void {
    const { tokensPerMinute, throughputUnits } = this;
    if (isKnown(problems, 'tokensPerMinute', tokensPerMinute) && !isWhole(tokensPerMinute / TOKENS_PER_UNIT)) {
      problems.add({
        code: 'ModelCapacity',
        prop: 'tokensPerMinute',
        allowed: 'a multiple of 1000, at least 1000',
        got: tokensPerMinute,
        fix: 'Round it to thousands.',
      });
    }
    if (isKnown(problems, 'throughputUnits', throughputUnits) && !isWhole(throughputUnits)) {
      problems.add({
        code: 'ModelCapacity',
        prop: 'throughputUnits',
        allowed: 'a whole number of at least 1',
        got: throughputUnits,
        fix: 'Use the minimum of the model, or a step above it: see `az cognitiveservices model list`.',
      });
    }
  }
}

/** Tokens per unit of SKU capacity. Source: azurerm, documentation of `azurerm_cognitive_deployment`, `sku.capacity`. */
const TOKENS_PER_UNIT = 1000;

brand(ModelCapacity, 'azure.ModelCapacity');

function isWhole(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

const GB_PER_GIB = 2 ** 30 / 1e9;

/** Adds a problem if the files of a model do not fit in the accelerators of one machine. Without a load, this is the only known size. */
export function checkModelFit(
  problems: ProblemCollector,
  { sizeGB }: ModelArtifact,
  { name, spec }: AzureMachine,
): void {
  if (sizeGB === undefined || isUnknown(sizeGB)) return;
  const each = Math.min(spec.acceleratorMemoryGB, CHIPS[spec.chip].memoryGiB * Math.min(1, spec.accelerators));
  const maxGB = Math.max(1, spec.accelerators) * each * GB_PER_GIB;
  if (!(sizeGB > maxGB)) return;
  problems.add({
    code: 'MemoryTooSmall',
    prop: 'artifact.sizeGB',
    allowed: `at most ${Math.floor(maxGB)} GB, the accelerator memory of one ${name}: a model runs on one machine`,
    got: sizeGB,
    fix: 'Use a larger machine, or store the weights with fewer bits.',
  });
}
