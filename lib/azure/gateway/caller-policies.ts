import type { ResolvedGateway } from './gateway-options';
import { element, type PolicyElement, PolicyExpression } from './policy-xml';

const TOKEN = 'token';

/**
 * Rejects requests without a token of the directory, for the audience of the gateway, from a known application.
 *
 * @see https://learn.microsoft.com/en-us/azure/api-management/validate-azure-ad-token-policy
 */
export function tokenCheck({ authorization, clients }: ResolvedGateway, tenantId: string): PolicyElement {
  const { audiences, applicationIds = [], roles = [] } = authorization.options!;
  const callers = [...Object.values(clients).map(({ applicationId }) => applicationId), ...applicationIds];
  const list = (name: string, item: string, values: readonly string[]) =>
    element(
      name,
      {},
      values.map((value) => element(item, {}, value)),
    );
  const claims = element(
    'claim',
    { name: 'roles', match: 'any' },
    roles.map((role) => element('value', {}, role)),
  );
  return element('validate-azure-ad-token', { 'tenant-id': tenantId, 'output-token-variable-name': TOKEN }, [
    list('client-application-ids', 'application-id', callers),
    list('audiences', 'audience', audiences),
    ...(roles.length === 0 ? [] : [element('required-claims', {}, [claims])]),
  ]);
}

/** Application id of a token: `azp` in v2.0 tokens, `appid` in v1.0 tokens. */
const CLAIMS = `((Jwt)context.Variables["${TOKEN}"]).Claims`;
const APPLICATION = new PolicyExpression(
  `${CLAIMS}.GetValueOrDefault("azp", ${CLAIMS}.GetValueOrDefault("appid", ""))`,
);
/** Name of the variable with the application id of the caller. */
export const APPLICATION_VARIABLE = 'application';

/** Sets variables with the ids of the caller and of the clients. Values from users never become code of an expression. */
export function callerVariables({ clients }: ResolvedGateway): PolicyElement[] {
  return [
    element('set-variable', { name: APPLICATION_VARIABLE, value: APPLICATION }),
    ...Object.entries(clients).map(([name, { applicationId }]) =>
      element('set-variable', { name: variableOf(name), value: applicationId }),
    ),
  ];
}

/** Name of the variable with the application id of a client. It is also the counter key of its limits. */
export function variableOf(client: string): string {
  return `client-${client}`;
}
