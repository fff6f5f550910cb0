import type { ITerraformDependable } from 'cdktf';
import type { Problems } from '../../core/errors';
import { ANYTHING, branded, demand, type Kind, listOf, required, type Shape, TEXT } from '../../core/shapes';
import { checkResourceId } from '../props/resource-id';

/** Options for a public gateway. */
export interface PublicExposureOptions {
  /** Resource id of a subnet of its own, by which it reaches private endpoints: see `GatewayTier.delegation`. @default - it reaches public ones alone */
  readonly subnetId?: string;
  /** What must stand before the gateway comes into the subnet: `network.readyOf(subnet)`. @default - nothing: the subnet stands already */
  readonly after?: readonly ITerraformDependable[];
}

/** Options for a private gateway. */
export interface PrivateExposureOptions {
  /** Resource id of a subnet of its own, in which it stands: see `GatewayTier.delegation`. */
  readonly subnetId: string;
  /** Resource id of a network that is to find it by its name. @default - none does: the name is yours to resolve */
  readonly virtualNetworkId?: string;
  /** What must stand before the gateway comes into the subnet: `network.readyOf(subnet)`. @default - nothing: the subnet stands already */
  readonly after?: readonly ITerraformDependable[];
}

/** Who can reach a gateway at all. */
export class GatewayExposure {
  /** Anybody on the internet reaches it, so it must know its callers. */
  static public(options: PublicExposureOptions = {}): GatewayExposure {
    demand(options, PUBLIC, { name: 'options' });
    return new GatewayExposure(false, options.subnetId, undefined, options.after);
  }

  /** Only its network, and what is joined to it, reaches it. */
  static private(options: PrivateExposureOptions): GatewayExposure {
    demand(options, PRIVATE, { name: 'options' });
    return new GatewayExposure(true, options.subnetId, options.virtualNetworkId, options.after);
  }

  private constructor(
    public readonly isPrivate: boolean,
    /** Its subnet. @default - it has none */
    public readonly subnetId?: string,
    /** The network that finds it by its name. @default - none does */
    public readonly virtualNetworkId?: string,
    /** What must stand before the gateway comes into its subnet. @default - nothing */
    public readonly after: readonly ITerraformDependable[] = [],
  ) {}

  /** Adds what is wrong with the ids. */
  check(problems: Problems): void {
    checkResourceId(problems, 'subnetId', this.subnetId, 'Microsoft.Network/virtualNetworks/subnets');
    checkResourceId(problems, 'virtualNetworkId', this.virtualNetworkId, 'Microsoft.Network/virtualNetworks');
  }
}

/** An exposure, of whichever copy of the package. */
export const GATEWAY_EXPOSURE: Kind = branded(
  GatewayExposure,
  'AzureGatewayExposure',
  'a GatewayExposure',
  'Use GatewayExposure.public(), or GatewayExposure.private({ subnetId }).',
);

const AFTER = listOf(ANYTHING);

const PUBLIC: Shape<PublicExposureOptions> = { subnetId: TEXT, after: AFTER };

const PRIVATE: Shape<PrivateExposureOptions> = { subnetId: required(TEXT), virtualNetworkId: TEXT, after: AFTER };
