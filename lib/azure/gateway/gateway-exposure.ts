import type { ITerraformDependable } from 'cdktf';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import { checkResourceId } from '../props/resource-id';
import { PRIVATE_EXPOSURE_OPTIONS, PUBLIC_EXPOSURE_OPTIONS } from '../prop-schemas';

/** Options for `GatewayExposure.public`. */
export interface PublicExposureOptions {
  /**
   * Resource id of a dedicated subnet, through which the gateway reaches private endpoints. See `GatewayTier.publicDelegation`.
   *
   * @default - the gateway reaches public endpoints only; in a `RealtimeInferencePlatform`, a new subnet of its new network
   */
  readonly subnetId?: string;
  /** Resources to create before the gateway joins the subnet: `network.readyOf(subnet)`. @default - none */
  readonly after?: readonly ITerraformDependable[];
}

/** Options for `GatewayExposure.private`. */
export interface PrivateExposureOptions {
  /**
   * Resource id of a dedicated subnet for the gateway. See `GatewayTier.privateDelegation`.
   *
   * @default - in a `RealtimeInferencePlatform`, a new subnet of its new network; an `InferenceGateway` requires it
   */
  readonly subnetId?: string;
  /**
   * Resource id of a virtual network that gets a private DNS zone for the name of the gateway.
   *
   * @default - no DNS zone; in a `RealtimeInferencePlatform`, its network
   */
  readonly virtualNetworkId?: string;
  /** Resources to create before the gateway joins the subnet: `network.readyOf(subnet)`. @default - none */
  readonly after?: readonly ITerraformDependable[];
}

/** Who can reach a gateway: the internet, or one virtual network. */
export class GatewayExposure {
  /** Exposes the gateway to the internet. It must authenticate its callers. */
  static public(options: PublicExposureOptions = {}): GatewayExposure {
    assertProps(options, PUBLIC_EXPOSURE_OPTIONS, { name: 'options' });
    return new GatewayExposure(false, options.subnetId, undefined, options.after);
  }

  /** Exposes the gateway to its virtual network and the networks that are connected to it. */
  static private(options: PrivateExposureOptions = {}): GatewayExposure {
    assertProps(options, PRIVATE_EXPOSURE_OPTIONS, { name: 'options' });
    return new GatewayExposure(true, options.subnetId, options.virtualNetworkId, options.after);
  }

  private constructor(
    /** Whether only a virtual network can reach the gateway. */
    public readonly isPrivate: boolean,
    /** Resource id of the subnet of the gateway. @default - no subnet */
    public readonly subnetId?: string,
    /** Resource id of the virtual network that resolves the name of the gateway. @default - none */
    public readonly virtualNetworkId?: string,
    /** Resources to create before the gateway joins the subnet. @default - none */
    public readonly after: readonly ITerraformDependable[] = [],
  ) {}

  /** @internal The same exposure, with a subnet and a network where it has none. */
  withDefaults(defaults: PrivateExposureOptions): GatewayExposure {
    const { isPrivate, subnetId, virtualNetworkId = isPrivate ? defaults.virtualNetworkId : undefined } = this;
    if (subnetId !== undefined) return new GatewayExposure(isPrivate, subnetId, virtualNetworkId, this.after);
    const after = [...this.after, ...(defaults.after ?? [])];
    return new GatewayExposure(isPrivate, defaults.subnetId, virtualNetworkId, after);
  }

  /** @internal Adds a problem for each missing or malformed id. */
  check(problems: ProblemCollector): void {
    if (this.isPrivate && this.subnetId === undefined) {
      problems.add({
        code: 'ValueMissing',
        prop: 'subnetId',
        allowed: 'the resource id of a dedicated subnet for a private gateway',
        got: undefined,
        fix: 'Set it in GatewayExposure.private({ subnetId }).',
      });
    }
    checkResourceId(problems, 'subnetId', this.subnetId, 'Microsoft.Network/virtualNetworks/subnets');
    checkResourceId(problems, 'virtualNetworkId', this.virtualNetworkId, 'Microsoft.Network/virtualNetworks');
  }
}

brand(GatewayExposure, 'azure.GatewayExposure');
