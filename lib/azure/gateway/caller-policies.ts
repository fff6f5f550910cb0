import type { SettledGateway } from './gateway-options';
import { element, type PolicyElement, PolicyExpression } from './policy-xml';

const TOKEN = 'token';

/**
 * Refuses whoever brings no token of the directory, for the gateway, of an application that is known.
 *
 * @see https://learn.microsoft.com/en-us/azure/api-management/validate-azure-ad-token-policy
 */
export function tokenCheck({ authorization, clients }: SettledGateway, tenantId: string): PolicyElement {
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

/** The application of a token: newer tokens have it as `azp`, older ones as `appid`. */
const CLAIMS = `((Jwt)context.Variables["${TOKEN}"]).Claims`;
const APPLICATION = new PolicyExpression(
  `${CLAIMS}.GetValueOrDefault("azp", ${CLAIMS}.GetValueOrDefault("appid", ""))`,
);
/** The variable that holds the application id of who calls. */
export const APPLICATION_VARIABLE = 'application';

/** Keeps who calls, and what was given to tell callers apart: in variables, so that it is never a part of code. */
export function callerVariables({ clients }: SettledGateway): PolicyElement[] {
  return [
    element('set-variable', { name: APPLICATION_VARIABLE, value: APPLICATION }),
    ...Object.entries(clients).map(([name, { applicationId }]) =>
      element('set-variable', { name: variableOf(name), value: applicationId }),
    ),
  ];
}

/** The variable that holds the application id of a client, and the key by which it is counted. */
export function variableOf(client: string): string {
  return `client-${client}`;
}
