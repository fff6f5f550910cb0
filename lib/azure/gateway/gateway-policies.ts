import { type ResolvedGateway, RATE_WINDOW_SECONDS, SECONDS_A_MINUTE, type GatewayClient } from './gateway-options';
import { type ContentSafetyOptions, ScreeningStrength } from './prompt-screening';
import { Fn, Token } from 'cdktf';
import { textParts, withoutTemplates } from '../../terraform/names';

/** A policy expression, which API Management runs for each request. Only this library creates expressions. Values from users never become code. */
export class PolicyExpression {
  /** @param code C# without `<` and `&`, which XML must escape, and without single quotes, which end an attribute */
  constructor(public readonly code: string) {}
}

/** A value in a policy. Strings are escaped, and expressions are not. */
export type PolicyValue = string | number | boolean | PolicyExpression;

/** An element of a policy document. */
export interface PolicyElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, PolicyValue | undefined>>;
  readonly content: readonly PolicyElement[] | PolicyValue;
}

/** Creates an element with child elements or one value. Attributes without a value are left out. */
export function element(
  name: string,
  attributes: PolicyElement['attributes'] = {},
  content: PolicyElement['content'] = [],
): PolicyElement {
  return { name, attributes, content };
}

/** Sections of a policy document. Sections that are left out inherit. */
export interface PolicyParts {
  readonly inbound: readonly PolicyElement[];
  readonly backend?: readonly PolicyElement[];
  readonly outbound?: readonly PolicyElement[];
}

/** The policies of wider scopes. */
export const INHERITED = element('base');

/**
 * Renders a policy document as XML.
 *
 * API Management reads documents as XML, or in its own dialect in which code needs no escapes. The result means the same in both.
 *
 * @see https://learn.microsoft.com/en-us/azure/api-management/api-management-howto-policies
 */
export function policyDocument({ inbound, backend = [INHERITED], outbound = [INHERITED] }: PolicyParts): string {
  const parts = [
    element('inbound', {}, inbound),
    element('backend', {}, backend),
    element('outbound', {}, outbound),
    element('on-error', {}, [INHERITED]),
  ];
  return `${rendered(element('policies', {}, parts), '')}\n`;
}

const INDENT = '  ';

function rendered({ name, attributes, content }: PolicyElement, indent: string): string {
  const begin = `${indent}<${name}${attributesOf(attributes)}`;
  if (!Array.isArray(content)) return `${begin}>${text(content as PolicyValue)}</${name}>`;
  const inner = (content as readonly PolicyElement[]).map((one) => rendered(one, indent + INDENT));
  return inner.length === 0 ? `${begin} />` : [`${begin}>`, ...inner, `${indent}</${name}>`].join('\n');
}

function attributesOf(attributes: PolicyElement['attributes']): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${quoted(value!)}`)
    .join('');
}

/** Code contains the double quotes of C#, so single quotes delimit it. */
function quoted(value: PolicyValue): string {
  return value instanceof PolicyExpression ? `'@(${value.code})'` : `"${text(value)}"`;
}

function text(value: PolicyValue): string {
  if (value instanceof PolicyExpression) return `@(${value.code})`;
  if (typeof value === 'string') return Token.isUnresolved(value) ? escapedLater(value) : escapedNow(value);
  return Token.isUnresolved(value) ? Token.asString(value) : String(value);
}

/** `&` is first, because the other entities contain it. */
const ENTITIES = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
] as const;

/** Terraform also evaluates the document: escapes `${` and `%{`. */
function escapedNow(value: string): string {
  return withoutTemplates(ENTITIES.reduce((done, [sign, entity]) => done.replaceAll(sign, entity), value));
}

/** Terraform escapes values that are known only at deployment. */
function escapedLater(value: string): string {
  return textParts(value)
    .map((part) => (part.isToken ? escapedByTerraform(part.text) : escapedNow(part.text)))
    .join('');
}

function escapedByTerraform(token: string): string {
  return ENTITIES.reduce<string>((done, [sign, entity]) => Fn.replace(done, Fn.rawString(sign), entity), token);
}

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
