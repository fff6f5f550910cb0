import type { ProblemCollector } from '../../core/errors';
import { assertProps, brand } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import { ENTRA_OPTIONS } from '../prop-schemas';

/** Options for callers with tokens of Microsoft Entra ID. */
export interface EntraOptions {
  /** Accepted audiences of tokens: the application id or the URI of the app registration of the gateway. At least one. */
  readonly audiences: readonly string[];
  /** Application ids of callers, in addition to those of `clients`. A managed identity has one too. @default - only those of `clients` */
  readonly applicationIds?: readonly string[];
  /** App roles of the app registration. A token must have at least one of them. @default - no role is required */
  readonly roles?: readonly string[];
  /** Id of the Entra tenant whose tokens are accepted. @default - the tenant of the subscription */
  readonly tenantId?: string;
}

/** Who can call a gateway. */
export class GatewayAuthorization {
  /** Applications and managed identities with a token of Microsoft Entra ID. */
  static entra(options: EntraOptions): GatewayAuthorization {
    assertProps(options, ENTRA_OPTIONS, { name: 'options' });
    return new GatewayAuthorization(options);
  }

  /** Everyone who can reach the gateway. Only for private gateways, whose network is the access control. */
  static none(): GatewayAuthorization {
    return new GatewayAuthorization();
  }

  private constructor(
    /** Requirements for tokens. @default - callers need no token */
    public readonly options?: EntraOptions,
  ) {}

  /** Whether callers must authenticate. */
  get authenticates(): boolean {
    return this.options !== undefined;
  }

  /** @internal Adds each value that Entra or a policy does not support. */
  check(problems: ProblemCollector): void {
    const { audiences = [], applicationIds = [], roles = [], tenantId } = this.options ?? {};
    if (this.options && audiences.length === 0) {
      wrong(problems, 'audiences', 'a list with at least one audience', audiences, 'Add the audience of the gateway.');
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
    checkApplicationId(problems, 'tenantId', tenantId, 'the id of an Entra tenant');
  }
}

brand(GatewayAuthorization, 'azure.GatewayAuthorization');
// Without `@` and braces, which start code in a policy.
const AUDIENCE = /^[\w.:/~-]{1,255}$/;
const ROLE = /^[\w.:/-]{1,120}$/;
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Adds a problem if the id of an application or a tenant is not a UUID. A token passes. */
export function checkApplicationId(
  problems: ProblemCollector,
  prop: string,
  id: string | undefined,
  allowed = 'the id of an application',
): void {
  if (id === undefined || isUnknown(id) || UUID.test(id)) return;
  wrong(problems, prop, `${allowed}, a UUID`, id, 'Copy it from Microsoft Entra. An object id does not work.');
}

function wrong(problems: ProblemCollector, prop: string, allowed: string, got: unknown, fix: string): void {
  problems.add({ code: 'GatewayCaller', prop, allowed, got, fix });
}
