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
import { branded, demand, having, type Kind, listOf, required, type Shape } from '../../core/shapes';
import type { GatewayAuthorization } from './gateway-authorization';

/** Options for a private gateway. */
export interface PrivateExposureOptions {
  /** Interface endpoints of the service `execute-api`: nobody comes in another way. */
  readonly vpcEndpoints: readonly IVpcEndpoint[];
}

/** Who can reach a gateway at all. */
export class GatewayExposure {
  /** Anybody on the internet reaches it, so it must know its callers. */
  static public(): GatewayExposure {
    return new GatewayExposure();
  }

  /** Only networks with one of these VPC endpoints reach it: a resource policy denies every other way. */
  static private(options: PrivateExposureOptions): GatewayExposure {
    demand(options, PRIVATE, { name: 'options' });
    return new GatewayExposure(options.vpcEndpoints);
  }

  private constructor(
    /** The ways in to a private gateway. @default - the internet */
    public readonly vpcEndpoints?: readonly IVpcEndpoint[],
  ) {}

  get isPrivate(): boolean {
    return this.vpcEndpoints !== undefined;
  }

  /** @internal */
  bind({ kind }: GatewayAuthorization): Pick<RestApiProps, 'endpointConfiguration' | 'policy'> {
    const { vpcEndpoints } = this;
    if (!vpcEndpoints) return { endpointConfiguration: { types: [EndpointType.REGIONAL] } };
    return {
      endpointConfiguration: { types: [EndpointType.PRIVATE], vpcEndpoints: [...vpcEndpoints] },
      policy: onlyThrough(
        vpcEndpoints.map(({ vpcEndpointId }) => vpcEndpointId),
        // Whom this policy allows needs no right of its own in the same account: the account itself leaves it to `grantInvoke`.
        kind === 'iam' ? new AccountRootPrincipal() : new AnyPrincipal(),
      ),
    };
  }
}

/**
 * A private API needs a policy that allows somebody. What it denies, no right and no authorizer brings back.
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

/** An exposure, of whichever copy of the package. */
export const GATEWAY_EXPOSURE: Kind = branded(
  GatewayExposure,
  'GatewayExposure',
  'a GatewayExposure',
  'Use GatewayExposure.public(), or GatewayExposure.private({ vpcEndpoints: […] }).',
);

const VPC_ENDPOINT = having('a VPC endpoint', ['vpcEndpointId'], 'Pass the endpoint itself, not its id.');

const PRIVATE: Shape<PrivateExposureOptions> = { vpcEndpoints: required(listOf(VPC_ENDPOINT)) };
