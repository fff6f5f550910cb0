import { APPLICATION_VARIABLE, callerVariables, tokenCheck } from './caller-policies';
import type { ResolvedGateway } from './gateway-options';
import { clientLimits, sharedLimits } from './limit-policies';
import { element, INHERITED, policyDocument, type PolicyElement, PolicyExpression } from './policy-xml';
import { type ContentSafetyOptions, ScreeningStrength } from './prompt-screening';

/** Names that policies refer to. */
export interface PolicyNames {
  /** Name of the backend, or of the pool, that gets the requests. */
  readonly backend: string;
  /** Name of the backend of Content Safety. @default - no screening in the gateway */
  readonly safety?: string;
  /** Client id of the identity of the gateway. */
  readonly clientId: string;
  /** Id of the Entra tenant whose tokens are accepted. */
  readonly tenantId: string;
}

/** The policy document: authentication, body size, limits, screening and routing of each request, in this order. */
export function gatewayPolicy(gateway: ResolvedGateway, names: PolicyNames): string {
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
      ...sharedLimits(gateway),
      ...clientLimits(gateway),
      ...(names.safety === undefined ? [] : [safetyOf(names.safety, screening.options)]),
      element('set-backend-service', { 'backend-id': names.backend }),
      ...authentication([...endpoints.values()][0]!.endpoint.tokenAudience, names.clientId),
      tokenMetric(gateway),
    ],
    backend: [forwarding(responses.timeoutSeconds, responses.streams, endpoints.size)],
  });
}

/** Minimum severity (0, 2, 4 or 6) that each strength blocks. */
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
  const attributes = { 'shield-prompt': promptAttacks, 'enforce-on-completions': answers };
  return element('llm-content-safety', { 'backend-id': backend, ...attributes }, [
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

/** An endpoint gets a token of the gateway, and never the token of the caller. */
function authentication(audience: string | undefined, clientId: string): PolicyElement[] {
  return [
    element('set-header', { name: 'Authorization', 'exists-action': 'delete' }),
    ...(audience === undefined
      ? []
      : [element('authentication-managed-identity', { resource: audience, 'client-id': clientId })]),
  ];
}

/** @see https://learn.microsoft.com/en-us/azure/api-management/llm-emit-token-metric-policy */
function tokenMetric({ authorization }: ResolvedGateway): PolicyElement {
  const application = new PolicyExpression(`(string)context.Variables["${APPLICATION_VARIABLE}"]`);
  return element('llm-emit-token-metric', { namespace: 'inference' }, [
    element('dimension', { name: 'API ID' }),
    element('dimension', { name: 'Operation ID' }),
    ...(authorization.options ? [element('dimension', { name: 'Application', value: application })] : []),
  ]);
}

/** Retries a failed or throttled request on the next endpoint. The circuit breaker removes the failed endpoint from the pool first. */
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
