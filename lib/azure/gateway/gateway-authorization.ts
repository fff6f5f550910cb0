import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, listOf, required, type Shape, TEXT } from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';

/** Options for callers with tokens of Microsoft Entra. */
export interface EntraOptions {
  /** For whom a token must be: the application id, or the URI, of the app registration that stands for the gateway. One of them is enough. */
  readonly audiences: readonly string[];
  /** Application ids of callers, beside those of `clients`. Identities of Azure have one, too. @default - those of `clients` alone */
  readonly applicationIds?: readonly string[];
  /** Roles of the app registration, of which a token must have one. @default - none is asked for */
  readonly roles?: readonly string[];
  /** The directory whose tokens count. @default - that of the subscription */
  readonly tenantId?: string;
}

/** Who may call a gateway. */
export class GatewayAuthorization {
  /** Applications and identities of a directory, by the tokens that Microsoft Entra gives them. */
  static entra(options: EntraOptions): GatewayAuthorization {
    demand(options, ENTRA, { name: 'options' });
    return new GatewayAuthorization(options);
  }

  /** Whoever reaches it: for private gateways only, whose network decides. */
  static none(): GatewayAuthorization {
    return new GatewayAuthorization();
  }

  private constructor(
    /** What a token must have. @default - nobody is asked for one */
    public readonly options?: EntraOptions,
  ) {}

  /** Whether it tells callers apart at all. */
  get authenticates(): boolean {
    return this.options !== undefined;
  }

  /** Adds what of it Entra, or a policy, cannot have. */
  check(problems: Problems): void {
    const { audiences = [], applicationIds = [], roles = [], tenantId } = this.options ?? {};
    if (this.options && audiences.length === 0) {
      wrong(problems, 'audiences', 'one or more: a token for somebody else proves nothing', audiences, 'Name one.');
    }
    audiences.forEach((audience, index) => {
      if (isUnknown(audience) || AUDIENCE.test(audience)) return;
      wrong(
        problems,
        `audiences[${index}]`,
        'an application id or URI',
        audience,
        'Copy it from the app registration.',
      );
    });
    roles.forEach((role, index) => {
      if (isUnknown(role) || ROLE.test(role)) return;
      wrong(problems, `roles[${index}]`, 'the value of an app role', role, 'Copy it from the app registration.');
    });
    applicationIds.forEach((id, index) => checkApplicationId(problems, `applicationIds[${index}]`, id));
    checkApplicationId(problems, 'tenantId', tenantId, 'the id of a directory');
  }
}

/** An authorization, of whichever copy of the package. */
export const GATEWAY_AUTHORIZATION: Kind = branded(
  GatewayAuthorization,
  'AzureGatewayAuthorization',
  'a GatewayAuthorization',
  'Use GatewayAuthorization.entra({ audiences: […] }), or GatewayAuthorization.none() where it is private.',
);

const ENTRA: Shape<EntraOptions> = {
  audiences: required(listOf(TEXT)),
  applicationIds: listOf(TEXT),
  roles: listOf(TEXT),
  tenantId: TEXT,
};

// Neither `@` nor a brace: with these a policy would take it for code.
const AUDIENCE = /^[\w.:/~-]{1,255}$/;
const ROLE = /^[\w.:/-]{1,120}$/;
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Adds a problem where the id of an application, or of a directory, is no UUID. A token passes. */
export function checkApplicationId(
  problems: Problems,
  prop: string,
  id: string | undefined,
  allowed = 'the id of an application',
): void {
  if (id === undefined || isUnknown(id) || UUID.test(id)) return;
  wrong(problems, prop, `${allowed}, a UUID`, id, 'Copy it from Microsoft Entra: object ids are others.');
}

function wrong(problems: Problems, prop: string, allowed: string, got: unknown, fix: string): void {
  problems.add({ code: 'GatewayCaller', prop, allowed, got, fix });
}
