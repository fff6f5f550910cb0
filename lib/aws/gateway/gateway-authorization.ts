import {
  AuthorizationType,
  CognitoUserPoolsAuthorizer,
  type IAuthorizer,
  type MethodOptions,
} from 'aws-cdk-lib/aws-apigateway';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { assertProps, listOf, required, brand } from '../../core/prop-schema';
import { USER_POOL, AUTHORIZER } from '../props/prop-types';
import { TOKEN_OPTIONS } from '../prop-schemas';

/** Options for authorization with tokens. */
export interface TokenOptions {
  /** OAuth scopes. An access token must have at least one of them. @default - no scope is required */
  readonly scopes?: readonly string[];
}

type AuthorizationKind = 'iam' | 'cognito' | 'authorizer' | 'none';

interface TokenSource {
  readonly authorizer?: IAuthorizer;
  readonly userPools?: readonly IUserPool[];
  readonly scopes?: readonly string[];
}

/** Who can call a gateway. */
export class GatewayAuthorization {
  /**
   * Principals of the account with a grant of `gateway.grantInvoke`. They sign requests with Signature Version 4. A principal of another
   * account must assume a role of this account.
   */
  static iam(): GatewayAuthorization {
    return new GatewayAuthorization('iam');
  }

  /** Users and clients of Cognito user pools, with JSON Web Tokens. */
  static cognito(userPools: readonly IUserPool[], options: TokenOptions = {}): GatewayAuthorization {
    assertProps({ userPools }, { userPools: required(listOf(USER_POOL)) });
    assertProps(options, TOKEN_OPTIONS, { name: 'options' });
    return new GatewayAuthorization('cognito', { userPools, scopes: options.scopes });
  }

  /** Anyone whom your authorizer allows. It can be a Lambda function for tokens of any issuer, or your own Cognito authorizer. */
  static authorizer(authorizer: IAuthorizer, options: TokenOptions = {}): GatewayAuthorization {
    assertProps({ authorizer }, { authorizer: required(AUTHORIZER) });
    assertProps(options, TOKEN_OPTIONS, { name: 'options' });
    return new GatewayAuthorization('authorizer', { authorizer, scopes: options.scopes });
  }

  /** Everyone who can reach the gateway. Only for private gateways, whose VPC endpoints are the access control. */
  static none(): GatewayAuthorization {
    return new GatewayAuthorization('none');
  }

  private constructor(
    /** @internal */
    public readonly kind: AuthorizationKind,
    private readonly source: TokenSource = {},
  ) {}

  /** Whether callers must authenticate. */
  get authenticates(): boolean {
    const { authorizer, userPools } = this.source;
    if (this.kind === 'none' || userPools?.length === 0) return false;
    return authorizer?.authorizationType !== AuthorizationType.NONE;
  }

  /** @internal Whether IAM decides who can call, so that grants have an effect. */
  get usesIam(): boolean {
    return this.kind === 'iam' || this.source.authorizer?.authorizationType === AuthorizationType.IAM;
  }

  /** @internal Authorization of the method. */
  bind(scope: Construct): Pick<MethodOptions, 'authorizationType' | 'authorizer' | 'authorizationScopes'> {
    const { userPools, authorizer, scopes } = this.source;
    if (this.kind === 'iam') return { authorizationType: AuthorizationType.IAM };
    if (this.kind === 'none') return { authorizationType: AuthorizationType.NONE };
    return {
      authorizer:
        authorizer ?? new CognitoUserPoolsAuthorizer(scope, 'Authorizer', { cognitoUserPools: [...(userPools ?? [])] }),
      authorizationScopes: scopes && [...scopes],
    };
  }
}

brand(GatewayAuthorization, 'aws.GatewayAuthorization');
