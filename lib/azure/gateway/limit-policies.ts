import { APPLICATION_VARIABLE, variableOf } from './caller-policies';
import { RATE_WINDOW_SECONDS, SECONDS_A_MINUTE } from './gateway-limits';
import type { GatewayClient, ResolvedGateway } from './gateway-options';
import { element, type PolicyElement, PolicyExpression } from './policy-xml';

/** Counter key for all callers. It differs from the keys of clients, which begin with `client-`. */
const ALL = 'all';

/** The limits over all callers, and for each address. @see https://learn.microsoft.com/en-us/azure/api-management/rate-limit-by-key-policy */
export function sharedLimits({ limits }: ResolvedGateway): PolicyElement[] {
  const { requestsPerSecond, requestsPerAddress, tokensPerMinute } = limits;
  return [
    requestLimit(requestsPerSecond * SECONDS_A_MINUTE, SECONDS_A_MINUTE, ALL),
    requestLimit(requestsPerAddress, RATE_WINDOW_SECONDS, new PolicyExpression('context.Request.IpAddress')),
    ...(tokensPerMinute === undefined ? [] : [tokenLimit(ALL, { tokensPerMinute })]),
  ];
}

function requestLimit(calls: number, seconds: number, key: string | PolicyExpression): PolicyElement {
  return element('rate-limit-by-key', { calls: Math.ceil(calls), 'renewal-period': seconds, 'counter-key': key });
}

/** @see https://learn.microsoft.com/en-us/azure/api-management/llm-token-limit-policy */
function tokenLimit(
  key: string,
  { tokensPerMinute, tokensPerDay }: Pick<GatewayClient, 'tokensPerMinute' | 'tokensPerDay'>,
): PolicyElement {
  return element('llm-token-limit', {
    'counter-key': key,
    'tokens-per-minute': tokensPerMinute,
    'token-quota': tokensPerDay,
    'token-quota-period': tokensPerDay === undefined ? undefined : 'Daily',
    // Rejects a prompt that exceeds the remaining tokens before the model reads it.
    'estimate-prompt-tokens': true,
    // Only for a single caller: the remaining tokens of all callers are not disclosed.
    'remaining-tokens-header-name': key === ALL ? undefined : 'x-ratelimit-remaining-tokens',
  });
}

/** The limits of each client. */
export function clientLimits({ clients }: ResolvedGateway): PolicyElement[] {
  const callers = Object.entries(clients);
  if (callers.length === 0) return [];
  const ofCaller = ([name, client]: [string, GatewayClient]) => {
    const key = variableOf(name);
    const isCaller = new PolicyExpression(
      `((string)context.Variables["${APPLICATION_VARIABLE}"]).Equals((string)context.Variables["${key}"], StringComparison.OrdinalIgnoreCase)`,
    );
    const { requestsPerSecond } = client;
    return element('when', { condition: isCaller }, [
      ...(requestsPerSecond === undefined
        ? []
        : [requestLimit(requestsPerSecond * SECONDS_A_MINUTE, SECONDS_A_MINUTE, key)]),
      tokenLimit(key, client),
    ]);
  };
  return [element('choose', {}, callers.map(ofCaller))];
}
