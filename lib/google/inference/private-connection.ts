import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { isUnknown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';
import type { IMlNetwork } from '../network/network-attributes';
import { ComputeAddress, ComputeForwardingRule } from '../provider/google';
import { PRIVATE_CONNECTION_PROPS } from '../prop-schemas';

/** Properties for `PrivateConnection`. */
export interface PrivateConnectionProps {
  /** Network of the clients, in the region of the service. */
  readonly network: IMlNetwork;
  /** Service attachment: `projects/…/regions/…/serviceAttachments/…`. */
  readonly serviceAttachment: string;
}

/**
 * A Private Service Connect endpoint: an address in your network that forwards to a service in another network.
 *
 * @see https://cloud.google.com/vpc/docs/private-service-connect
 * @example
 * ```ts
 * import { MlNetwork, PrivateConnection } from 'ai-infra-constructs/google';
 * import { App, TerraformStack } from 'cdktf';
 *
 * const stack = new TerraformStack(new App(), 'serving');
 * new PrivateConnection(stack, 'Search', {
 *   network: new MlNetwork(stack, 'Network', { region: 'us-central1' }),
 *   serviceAttachment: 'projects/partner/regions/us-central1/serviceAttachments/search',
 * });
 * ```
 */
export class PrivateConnection extends Construct {
  /** The forwarding rule. */
  public readonly resource: ComputeForwardingRule;
  /** The reserved address. */
  public readonly address: ComputeAddress;

  constructor(scope: Construct, id: string, props: PrivateConnectionProps) {
    super(scope, id);
    checkProviders(this);
    check(this, props);
    const { network, serviceAttachment: target } = props;
    const { region } = network;
    const name = physicalName(this);
    this.address = new ComputeAddress(this, 'Address', {
      name,
      region,
      addressType: 'INTERNAL',
      subnetwork: network.subnetworkId,
    });
    this.resource = new ComputeForwardingRule(this, 'Resource', {
      name,
      region,
      network: network.networkId,
      ipAddress: this.address.id,
      target,
      // A rule for a service attachment has no scheme. Source: documentation of the provider, google 6.50.0.
      loadBalancingScheme: '',
    });
  }

  /** IP address that clients call. */
  get ipAddress(): string {
    return this.address.address;
  }
}

const ATTACHMENT = /(^|\/)projects\/[^/]+\/regions\/([^/]+)\/serviceAttachments\/[^/]+$/;

function check(scope: Construct, props: PrivateConnectionProps): void {
  const problems = new ProblemCollector();
  if (validateProps(problems, props, PRIVATE_CONNECTION_PROPS) && !isUnknown(props.serviceAttachment)) {
    const { network, serviceAttachment } = props;
    const [, , region] = ATTACHMENT.exec(serviceAttachment) ?? [];
    if (region === undefined) {
      problems.add({
        code: 'AttachmentInvalid',
        prop: 'serviceAttachment',
        allowed: 'projects/<project>/regions/<region>/serviceAttachments/<name>',
        got: serviceAttachment,
        fix: 'Copy it from the endpoint after a model is deployed.',
      });
    } else if (!isUnknown(network.region) && region !== network.region) {
      problems.add({
        code: 'LocationInvalid',
        prop: 'network',
        allowed: `a network with a subnetwork in ${region}, the region of the service`,
        got: network.region,
        fix: 'Use the same region for both.',
      });
    }
  }
  problems.throwIfAny(scope);
}
