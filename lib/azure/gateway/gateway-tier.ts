import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, NUMBER, required } from '../../core/shapes';
import { isKnown } from '../../terraform/tokens';

interface TierRow {
  readonly mostUnits: number;
  /** Whether it can stand within a network, so that nothing of it is on the internet. */
  readonly internal: boolean;
  /** To what its subnet is delegated. Absent: to nothing, and the subnet needs rules instead. */
  readonly delegation?: Readonly<Partial<Record<GatewayPlace, string>>>;
}

/** Where a gateway with a subnet answers: on the internet, with a way into its network, or in that network alone. */
export type GatewayPlace = 'public' | 'private';

const WAY_IN = 'Microsoft.Web/serverFarms';
const INJECTED = 'Microsoft.Web/hostingEnvironments';

/**
 * Tiers with the policies for language models and a way into a network. Consumption and Basic have no such way.
 *
 * @see https://learn.microsoft.com/en-us/azure/api-management/api-management-features
 * @see https://learn.microsoft.com/en-us/azure/api-management/integrate-vnet-outbound
 * @see https://learn.microsoft.com/en-us/azure/api-management/inject-vnet-v2
 */
const TIERS = {
  Developer: { mostUnits: 1, internal: true },
  Premium: { mostUnits: 12, internal: true },
  StandardV2: { mostUnits: 10, internal: false, delegation: { public: WAY_IN } },
  PremiumV2: { mostUnits: 30, internal: true, delegation: { public: WAY_IN, private: INJECTED } },
} as const satisfies Record<string, TierRow>;

type TierName = keyof typeof TIERS;

/** What an API Management service costs and can do. */
export class GatewayTier {
  /** Standard v2: public, with a way into a network. Made in minutes. */
  static standardV2(units = 1): GatewayTier {
    return GatewayTier.of('StandardV2', units);
  }

  /** Premium v2: public or private, for good: it cannot be changed later. Public repositories have private ones by azurerm; nobody made one here. */
  static premiumV2(units = 1): GatewayTier {
    return GatewayTier.of('PremiumV2', units);
  }

  /** Premium: public or private. Made in up to an hour. */
  static premium(units = 1): GatewayTier {
    return GatewayTier.of('Premium', units);
  }

  /** Developer: as Premium, without any promise that it answers. */
  static developer(): GatewayTier {
    return GatewayTier.of('Developer', 1);
  }

  private static of(name: TierName, units: number): GatewayTier {
    demand({ units }, { units: required(NUMBER) });
    return new GatewayTier(name, units);
  }

  private readonly row: TierRow;

  private constructor(
    public readonly name: TierName,
    /** How many units: each bears the same. */
    public readonly units: number,
  ) {
    this.row = TIERS[name];
  }

  /** As azurerm has it. */
  get skuName(): string {
    return `${this.name}_${this.units}`;
  }

  /** Whether it can stand within a network. */
  get canBePrivate(): boolean {
    return this.row.internal;
  }

  /** To what its subnet must be delegated: where it is to nothing, the subnet needs a security group with its rules. */
  delegation(place: GatewayPlace): string | undefined {
    return this.row.delegation?.[place];
  }

  /** Whether anybody promises that it answers. */
  get isPromised(): boolean {
    return this.name !== 'Developer';
  }

  /** Adds a problem where it has more units than Azure takes. */
  check(problems: Problems): void {
    if (!isKnown(problems, 'units', this.units)) return;
    if (Number.isInteger(this.units) && this.units >= 1 && this.units <= this.row.mostUnits) return;
    problems.add({
      code: 'GatewayLimit',
      prop: 'units',
      allowed: `a whole number from 1 to ${this.row.mostUnits} for ${this.name}`,
      got: this.units,
      fix: 'Take the next tier, or several gateways.',
    });
  }
}

/** A tier, of whichever copy of the package. */
export const GATEWAY_TIER: Kind = branded(
  GatewayTier,
  'AzureGatewayTier',
  'a GatewayTier',
  'Use GatewayTier.standardV2() or its like.',
);
