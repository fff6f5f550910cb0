import { APPLICATION_VARIABLE, variableOf } from './caller-policies';
import { RATE_WINDOW_SECONDS, SECONDS_A_MINUTE } from './gateway-limits';
import type { GatewayClient, SettledGateway } from './gateway-options';
import { element, type PolicyElement, PolicyExpression } from './policy-xml';

/** The key by which all callers are counted together: no client has it, since theirs begin with `client-`. */
const ALL = 'all';

/** What a gateway takes of all together, and of one address. @see https://learn.microsoft.com/en-us/azure/api-management/rate-limit-by-key-policy */
export function limitsOfAll({ limits }: SettledGateway): PolicyElement[] {
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
    // A prompt that is more than what is left is refused before the model reads it.
    'estimate-prompt-tokens': true,
    // Of a caller alone: what all together have left is nobody's business.
    'remaining-tokens-header-name': key === ALL ? undefined : 'x-ratelimit-remaining-tokens',
  });
}

/** What a gateway takes of each client. */
export function clientLimits({ clients }: SettledGateway): PolicyElement[] {
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
