import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { isUnknown } from '../../terraform/tokens';
import { type IMlNetwork, ML_NETWORK } from '../network/network-attributes';
import { ComputeAddress, ComputeForwardingRule } from '../provider/google';

/** Properties for `PrivateConnection`. */
export interface PrivateConnectionProps {
  /** The network that clients are in, in the region of the service. */
  readonly network: IMlNetwork;
  /** What the service offers, `projects/…/regions/…/serviceAttachments/…`. */
  readonly serviceAttachment: string;
}

const SHAPE: Shape<PrivateConnectionProps> = { network: required(ML_NETWORK), serviceAttachment: required(TEXT) };

/**
 * An address in a network behind which a service of another network answers, by Private Service Connect.
 *
 * @see https://cloud.google.com/vpc/docs/private-service-connect
 */
export class PrivateConnection extends Construct {
  public readonly resource: ComputeForwardingRule;
  public readonly address: ComputeAddress;

  constructor(scope: Construct, id: string, props: PrivateConnectionProps) {
    super(scope, id);
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
      // Neither internal nor external: what a rule to an attachment has. Source: documentation of the provider, google 6.50.0.
      loadBalancingScheme: '',
    });
  }

  /** The address that clients call. */
  get ipAddress(): string {
    return this.address.address;
  }
}

const ATTACHMENT = /(^|\/)projects\/[^/]+\/regions\/([^/]+)\/serviceAttachments\/[^/]+$/;

function check(scope: Construct, props: PrivateConnectionProps): void {
  const problems = new Problems();
  if (fits(problems, props, SHAPE) && !isUnknown(props.serviceAttachment)) {
    const { network, serviceAttachment } = props;
    const [, , region] = ATTACHMENT.exec(serviceAttachment) ?? [];
    if (region === undefined) {
      problems.add({
        code: 'AttachmentInvalid',
        prop: 'serviceAttachment',
        allowed: 'projects/<project>/regions/<region>/serviceAttachments/<name>',
        got: serviceAttachment,
        fix: 'Copy it from the endpoint, once a model is deployed.',
      });
    } else if (!isUnknown(network.region) && region !== network.region) {
      problems.add({
        code: 'LocationInvalid',
        prop: 'network',
        allowed: `a network with a subnetwork in ${region}, where the service is`,
        got: network.region,
        fix: 'Put both in one region.',
      });
    }
  }
  problems.throwIfAny(scope);
}
