import type { ProblemCollector } from '../../core/errors';
import { assertProps, NUMBER, required, brand } from '../../core/prop-schema';
import { isKnown } from '../../terraform/tokens';

/** Name of a tier of API Management that a gateway can use. */
export type GatewayTierName = 'Developer' | 'Premium' | 'StandardV2' | 'PremiumV2';

interface TierRow {
  readonly maxUnits: number;
  /** Whether the service can run inside a virtual network, without a public address. */
  readonly internal: boolean;
  /** Delegation of its subnet, by exposure. Without one, the subnet needs security rules instead. */
  readonly delegation?: { readonly public?: string; readonly private?: string };
}

const INTEGRATION = 'Microsoft.Web/serverFarms';
const INJECTION = 'Microsoft.Web/hostingEnvironments';

/**
 * Tiers that have the policies for language models and can use a virtual network. Consumption and Basic cannot.
 *
 * @see https://learn.microsoft.com/en-us/azure/api-management/api-management-features
 * @see https://learn.microsoft.com/en-us/azure/api-management/integrate-vnet-outbound
 * @see https://learn.microsoft.com/en-us/azure/api-management/inject-vnet-v2
 */
const TIERS = {
  Developer: { maxUnits: 1, internal: true },
  Premium: { maxUnits: 12, internal: true },
  StandardV2: { maxUnits: 10, internal: false, delegation: { public: INTEGRATION } },
  PremiumV2: { maxUnits: 30, internal: true, delegation: { public: INTEGRATION, private: INJECTION } },
} as const satisfies Record<GatewayTierName, TierRow>;

/** Pricing tier and units of an API Management service. */
export class GatewayTier {
  /** Standard v2: public, with access to a virtual network. Created in minutes. @param units number of units, 1 to 10 */
  static standardV2(units = 1): GatewayTier {
    return GatewayTier.of('StandardV2', units);
  }

  /**
   * Premium v2: public or private, which cannot change later. Unverified: a private one was not deployed in a test of this library.
   *
   * @param units number of units, 1 to 30
   */
  static premiumV2(units = 1): GatewayTier {
    return GatewayTier.of('PremiumV2', units);
  }

  /** Premium: public or private. Creation takes up to an hour. @param units number of units, 1 to 12 */
  static premium(units = 1): GatewayTier {
    return GatewayTier.of('Premium', units);
  }

  /** Developer: the features of Premium in one unit, without an SLA. */
  static developer(): GatewayTier {
    return GatewayTier.of('Developer', 1);
  }

  private static of(name: GatewayTierName, units: number): GatewayTier {
    assertProps({ units }, { units: required(NUMBER) });
    return new GatewayTier(name, units);
  }

  private readonly row: TierRow;

  private constructor(
    /** Name of the tier. */
    public readonly name: GatewayTierName,
    /** Number of units. All units of a tier have the same capacity. */
    public readonly units: number,
  ) {
    this.row = TIERS[name];
  }

  /** SKU name of the tier in azurerm, for example `Premium_2`. */
  get skuName(): string {
    return `${this.name}_${this.units}`;
  }

  /** Whether the service can run inside a virtual network, without a public address. */
  get canBePrivate(): boolean {
    return this.row.internal;
  }

  /**
   * Service to which the subnet of a public gateway must be delegated.
   *
   * @default - no delegation; the subnet needs the rules of a `GatewaySecurityGroup`
   */
  get publicDelegation(): string | undefined {
    return this.row.delegation?.public;
  }

  /**
   * Service to which the subnet of a private gateway must be delegated.
   *
   * @default - no delegation; the subnet needs the rules of a `GatewaySecurityGroup`
   */
  get privateDelegation(): string | undefined {
    return this.row.delegation?.private;
  }

  /** Whether Azure gives an SLA for the tier. */
  get hasSla(): boolean {
    return this.name !== 'Developer';
  }

  /** @internal Adds a problem if the tier does not support the number of units. */
  check(problems: ProblemCollector): void {
    if (!isKnown(problems, 'units', this.units)) return;
    if (Number.isInteger(this.units) && this.units >= 1 && this.units <= this.row.maxUnits) return;
    problems.add({
      code: 'GatewayLimit',
      prop: 'units',
      allowed: `a whole number from 1 to ${this.row.maxUnits} for ${this.name}`,
      got: this.units,
      fix: 'Use a larger tier, or several gateways.',
    });
  }
}

brand(GatewayTier, 'azure.GatewayTier');
