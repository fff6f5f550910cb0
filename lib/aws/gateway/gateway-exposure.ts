import { EndpointType, type RestApiProps } from 'aws-cdk-lib/aws-apigateway';
import type { IVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import {
  AccountRootPrincipal,
  AnyPrincipal,
  Effect,
  type IPrincipal,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { assertProps, brand } from '../../core/prop-schema';
import type { GatewayAuthorization } from './gateway-authorization';
import { PRIVATE_EXPOSURE_OPTIONS } from '../prop-schemas';

/** Options for `GatewayExposure.private`. */
export interface PrivateExposureOptions {
  /** Interface endpoints of the service `execute-api`. All other traffic is denied. */
  readonly vpcEndpoints: readonly IVpcEndpoint[];
}

/** Who can reach a gateway: the internet, or networks with certain VPC endpoints. */
export class GatewayExposure {
  /** Exposes the gateway to the internet. It must authenticate its callers. */
  static public(): GatewayExposure {
    return new GatewayExposure();
  }

  /** Exposes the gateway only to networks with one of these VPC endpoints. A resource policy denies all other traffic. */
  static private(options: PrivateExposureOptions): GatewayExposure {
    assertProps(options, PRIVATE_EXPOSURE_OPTIONS, { name: 'options' });
    return new GatewayExposure(options.vpcEndpoints);
  }

  private constructor(
    /** VPC endpoints of a private gateway. @default - the gateway is public */
    public readonly vpcEndpoints?: readonly IVpcEndpoint[],
  ) {}

  /** Whether only VPC endpoints can reach the gateway. */
  get isPrivate(): boolean {
    return this.vpcEndpoints !== undefined;
  }

  /** @internal Endpoint type and resource policy of the API. */
  bind({ kind }: GatewayAuthorization): Pick<RestApiProps, 'endpointConfiguration' | 'policy'> {
    const { vpcEndpoints } = this;
    if (!vpcEndpoints) return { endpointConfiguration: { types: [EndpointType.REGIONAL] } };
    return {
      endpointConfiguration: { types: [EndpointType.PRIVATE], vpcEndpoints: [...vpcEndpoints] },
      policy: onlyThrough(
        vpcEndpoints.map(({ vpcEndpointId }) => vpcEndpointId),
        // A principal that this policy allows needs no grant. The account root leaves the decision to `grantInvoke`.
        kind === 'iam' ? new AccountRootPrincipal() : new AnyPrincipal(),
      ),
    };
  }
}

/**
 * A private API needs a policy that allows someone. No grant and no authorizer can override a deny of this policy.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
function onlyThrough(vpcEndpointIds: readonly string[], allowed: IPrincipal): PolicyDocument {
  const invoke = { actions: ['execute-api:Invoke'], resources: ['execute-api:/*'] };
  return new PolicyDocument({
    statements: [
      new PolicyStatement({ ...invoke, sid: 'Invoke', effect: Effect.ALLOW, principals: [allowed] }),
      new PolicyStatement({
        ...invoke,
        sid: 'OnlyThroughVpcEndpoints',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        conditions: { StringNotEquals: { 'aws:SourceVpce': vpcEndpointIds } },
      }),
    ],
  });
}

brand(GatewayExposure, 'aws.GatewayExposure');
