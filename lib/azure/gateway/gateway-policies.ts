import { APPLICATION_VARIABLE, callerVariables, tokenCheck } from './caller-policies';
import type { SettledGateway } from './gateway-options';
import { clientLimits, limitsOfAll } from './limit-policies';
import { element, INHERITED, policyDocument, type PolicyElement, PolicyExpression } from './policy-xml';
import { type ContentSafetyOptions, ScreeningStrength } from './prompt-screening';

/** What policies name, beside what the gateway was asked for. */
export interface PolicyNames {
  /** Name of the backend that gets requests: one, or a pool. */
  readonly backend: string;
  /** Name of the backend of Content Safety. @default - nothing judges in the gateway */
  readonly safety?: string;
  /** Client id of the identity of the gateway. */
  readonly clientId: string;
  /** The directory whose tokens count. */
  readonly tenantId: string;
}

/** What happens to each request: in order, who it is, whether it is too large or too much, what it says, and where it goes. */
export function gatewayPolicy(gateway: SettledGateway, names: PolicyNames): string {
  const { authorization, screening, responses, endpoints, maxBodyKiB } = gateway;
  return policyDocument({
    inbound: [
      ...(authorization.options ? [tokenCheck(gateway, names.tenantId), ...callerVariables(gateway)] : []),
      INHERITED,
      element('validate-content', {
        'unspecified-content-type-action': 'ignore',
        'max-size': maxBodyKiB * 1024,
        'size-exceeded-action': 'prevent',
        'errors-variable-name': 'contentErrors',
      }),
      ...limitsOfAll(gateway),
      ...clientLimits(gateway),
      ...(names.safety === undefined ? [] : [safetyOf(names.safety, screening.options)]),
      element('set-backend-service', { 'backend-id': names.backend }),
      ...signing([...endpoints.values()][0]!.endpoint.tokenAudience, names.clientId),
      tokenMetric(gateway),
    ],
    backend: [forwarding(responses.timeoutSeconds, responses.streams, endpoints.size)],
  });
}

/** From which of the severities 0, 2, 4 and 6 on a text is refused. */
const THRESHOLDS = { [ScreeningStrength.HIGH]: 2, [ScreeningStrength.MEDIUM]: 4, [ScreeningStrength.LOW]: 6 } as const;
const CATEGORIES = ['Hate', 'SelfHarm', 'Sexual', 'Violence'];

/** @see https://learn.microsoft.com/en-us/azure/api-management/llm-content-safety-policy */
function safetyOf(
  backend: string,
  {
    harmfulContent = ScreeningStrength.MEDIUM,
    promptAttacks = true,
    answers = true,
    blocklists = [],
  }: ContentSafetyOptions,
): PolicyElement {
  const judged = { 'shield-prompt': promptAttacks, 'enforce-on-completions': answers };
  return element('llm-content-safety', { 'backend-id': backend, ...judged }, [
    ...(harmfulContent === ScreeningStrength.NONE
      ? []
      : [
          element(
            'categories',
            { 'output-type': 'FourSeverityLevels' },
            CATEGORIES.map((name) => element('category', { name, threshold: THRESHOLDS[harmfulContent] })),
          ),
        ]),
    ...(blocklists.length === 0
      ? []
      : [
          element(
            'blocklists',
            {},
            blocklists.map((name) => element('id', {}, name)),
          ),
        ]),
  ]);
}

/** An endpoint sees the identity of the gateway, and never the token of a caller. */
function signing(audience: string | undefined, clientId: string): PolicyElement[] {
  return [
    element('set-header', { name: 'Authorization', 'exists-action': 'delete' }),
    ...(audience === undefined
      ? []
      : [element('authentication-managed-identity', { resource: audience, 'client-id': clientId })]),
  ];
}

/** @see https://learn.microsoft.com/en-us/azure/api-management/llm-emit-token-metric-policy */
function tokenMetric({ authorization }: SettledGateway): PolicyElement {
  const application = new PolicyExpression(`(string)context.Variables["${APPLICATION_VARIABLE}"]`);
  return element('llm-emit-token-metric', { namespace: 'inference' }, [
    element('dimension', { name: 'API ID' }),
    element('dimension', { name: 'Operation ID' }),
    ...(authorization.options ? [element('dimension', { name: 'Application', value: application })] : []),
  ]);
}

/** An endpoint of several that is full, or fails, is left for the next one: its breaker has it out of the pool by then. */
function forwarding(timeout: number, streams: boolean, endpoints: number): PolicyElement {
  const forward = element('forward-request', {
    timeout,
    'buffer-request-body': endpoints > 1 ? true : undefined,
    'buffer-response': !streams,
  });
  if (endpoints === 1) return forward;
  const fails = new PolicyExpression('context.Response.StatusCode == 429 || context.Response.StatusCode >= 500');
  const again = { condition: fails, count: endpoints - 1, interval: 1, 'first-fast-retry': true };
  return element('retry', again, [forward]);
}
