import {
  AuthorizationType,
  CognitoUserPoolsAuthorizer,
  type IAuthorizer,
  type MethodOptions,
} from 'aws-cdk-lib/aws-apigateway';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { branded, demand, having, type Kind, listOf, required, type Shape } from '../../core/shapes';
import { TEXTS } from '../props/shapes';

/** Options for callers with tokens. */
export interface TokenOptions {
  /** OAuth scopes, one of which an access token must have. @default - none: any valid token of the pools */
  readonly scopes?: readonly string[];
}

interface Made {
  readonly authorizer?: IAuthorizer;
  readonly userPools?: readonly IUserPool[];
  readonly scopes?: readonly string[];
}

/** Who may call a gateway. */
export class GatewayAuthorization {
  /**
   * Principals of the account of the gateway that sign their requests (Signature Version 4), once `gateway.grantInvoke` let them. Those of
   * other accounts take a role in this one.
   */
  static iam(): GatewayAuthorization {
    return new GatewayAuthorization('iam');
  }

  /** Users and clients of Cognito user pools, by their JSON Web Tokens. */
  static cognito(userPools: readonly IUserPool[], options: TokenOptions = {}): GatewayAuthorization {
    demand({ userPools }, { userPools: required(listOf(USER_POOL)) });
    demand(options, TOKENS, { name: 'options' });
    return new GatewayAuthorization('cognito', { userPools, scopes: options.scopes });
  }

  /** Whoever your authorizer lets in: a Lambda function that reads tokens of any issuer, or a Cognito authorizer of your own. */
  static authorizer(authorizer: IAuthorizer, options: TokenOptions = {}): GatewayAuthorization {
    demand({ authorizer }, { authorizer: required(AUTHORIZER) });
    demand(options, TOKENS, { name: 'options' });
    return new GatewayAuthorization('authorizer', { authorizer, scopes: options.scopes });
  }

  /** Whoever reaches it: for private gateways only, whose VPC endpoints decide. */
  static none(): GatewayAuthorization {
    return new GatewayAuthorization('none');
  }

  private constructor(
    readonly kind: 'iam' | 'cognito' | 'authorizer' | 'none',
    private readonly made: Made = {},
  ) {}

  /** Whether it tells callers apart at all. */
  get authenticates(): boolean {
    const { authorizer, userPools } = this.made;
    if (this.kind === 'none' || userPools?.length === 0) return false;
    return authorizer?.authorizationType !== AuthorizationType.NONE;
  }

  /** Whether rights of principals decide: those that `gateway.grantInvoke` gives. */
  get readsRights(): boolean {
    return this.kind === 'iam' || this.made.authorizer?.authorizationType === AuthorizationType.IAM;
  }

  /** @internal */
  bind(scope: Construct): Pick<MethodOptions, 'authorizationType' | 'authorizer' | 'authorizationScopes'> {
    const { userPools, authorizer, scopes } = this.made;
    if (this.kind === 'iam') return { authorizationType: AuthorizationType.IAM };
    if (this.kind === 'none') return { authorizationType: AuthorizationType.NONE };
    return {
      authorizer:
        authorizer ?? new CognitoUserPoolsAuthorizer(scope, 'Authorizer', { cognitoUserPools: [...(userPools ?? [])] }),
      authorizationScopes: scopes && [...scopes],
    };
  }
}

/** An authorization, of whichever copy of the package. */
export const GATEWAY_AUTHORIZATION: Kind = branded(
  GatewayAuthorization,
  'GatewayAuthorization',
  'a GatewayAuthorization',
  'Use GatewayAuthorization.iam() or its like.',
);

const USER_POOL = having(
  'a user pool',
  ['userPoolId', 'userPoolArn'],
  'Pass the pool itself, e.g. of UserPool.fromUserPoolId.',
);

const AUTHORIZER = having(
  'an authorizer of a REST API',
  ['authorizerId'],
  'Pass e.g. a TokenAuthorizer of aws-apigateway.',
);

const TOKENS: Shape<TokenOptions> = { scopes: TEXTS };
