import type { ProblemCollector } from '../../core/errors';
import { addUnauthenticated } from '../../core/gateway-authorization';
import { validateProps } from '../../core/prop-schema';
import { checkBounds, isUnknown, isKnown } from '../../terraform/tokens';
import { checkRetention } from '../operations/log-workspace';
import { checkResourceGroup } from '../props/resource-group';
import { checkApplicationId } from './gateway-authorization';
import {
  MAX_BODY_KIB,
  MAX_COUNT,
  MAX_SECONDS,
  endpointsOf,
  type GatewayClient,
  type InferenceGatewayProps,
  resolveGateway,
  SECONDS_A_MINUTE,
  MAX_ENDPOINTS,
  POOL,
  type PooledEndpoint,
} from './gateway-options';
import { ScreeningStrength } from './prompt-screening';
import { INFERENCE_GATEWAY_PROPS } from '../prop-schemas';

/** Adds each problem in the props of a gateway. */
export function checkGateway(problems: ProblemCollector, props: InferenceGatewayProps): void {
  if (!validateProps(problems, props, INFERENCE_GATEWAY_PROPS)) return;
  checkEndpoints(problems, endpointsOf(props.endpoint));
  checkGatewayOptions(problems, props);
}

/** Adds each problem in the props, except those of the endpoints. The props must have the right types. */
export function checkGatewayOptions(problems: ProblemCollector, props: Omit<InferenceGatewayProps, 'endpoint'>): void {
  const { exposure, tier, responses, screening } = resolveGateway({ ...props, endpoint: {} });
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  exposure.check(problems.within('exposure'));
  props.authorization.check(problems.within('authorization'));
  checkCallers(problems, props);
  tier.check(problems.within('tier'));
  if (exposure.isPrivate && !tier.canBePrivate) {
    problems.add({
      code: 'GatewayTier',
      prop: 'tier',
      allowed: 'a tier that supports private exposure',
      got: tier.name,
      fix: 'Use GatewayTier.premium() or GatewayTier.premiumV2().',
    });
  }
  const limit = (prop: string, value: number | undefined, min: number, max: number, unit: string) =>
    checkBounds(problems, 'GatewayLimit', prop, value, { min, max }, `, ${unit}`);
  limit('responses.timeoutSeconds', responses.timeoutSeconds, 1, MAX_SECONDS, 'seconds');
  limit('maxBodyKiB', props.maxBodyKiB, 1, MAX_BODY_KIB, 'KiB');
  checkRetention(problems, 'logRetentionDays', props.logRetentionDays);
  limit('limits.tokensPerMinute', props.limits?.tokensPerMinute, 1, MAX_COUNT, 'tokens');
  limit('limits.requestsPerAddress', props.limits?.requestsPerAddress, 1, MAX_COUNT, 'requests');
  checkRate(problems, 'limits.requestsPerSecond', props.limits?.requestsPerSecond);
  checkNames(problems, props);
  for (const [name, client] of Object.entries(props.clients ?? {}))
    checkClient(problems.within('clients'), name, client);
  checkScreening(problems.within('screening'), screening);
}

function checkCallers(
  problems: ProblemCollector,
  { authorization, exposure, clients = {} }: Omit<InferenceGatewayProps, 'endpoint'>,
): void {
  const callers = Object.keys(clients).length;
  const named = callers + (authorization.options?.applicationIds?.length ?? 0);
  if (!authorization.authenticates && !exposure.isPrivate) {
    const fix = 'Use GatewayAuthorization.entra({ audiences: […] }), or GatewayExposure.private({ subnetId }).';
    addUnauthenticated(problems, 'GatewayAuthorization.none()', fix);
  } else if (!authorization.authenticates && callers > 0) {
    problems.add({
      code: 'GatewayUnauthenticated',
      prop: 'authorization',
      allowed: 'GatewayAuthorization.entra() if `clients` have their own limits',
      got: 'GatewayAuthorization.none()',
      fix: 'Use GatewayAuthorization.entra({ audiences: […] }).',
    });
  } else if (authorization.authenticates && named === 0) {
    problems.add({
      code: 'GatewayUnauthenticated',
      prop: 'authorization.applicationIds',
      allowed:
        'a list with at least one application without `clients`: otherwise every application of the tenant can call',
      got: authorization.options?.applicationIds,
      fix: 'Add callers to `clients` or to `applicationIds`.',
    });
  }
}

const COUNTED = { min: 1, max: MAX_COUNT };

const CLIENT_NAME = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/;

function checkClient(problems: ProblemCollector, name: string, client: GatewayClient): void {
  const { applicationId, tokensPerMinute, tokensPerDay, requestsPerSecond } = client;
  if (!CLIENT_NAME.test(name)) {
    problems.add({
      code: 'GatewayClientName',
      prop: name,
      allowed: 'a name of 2 to 40 lower-case letters, digits and hyphens that begins with a letter',
      got: name,
      fix: 'Use the name of the team or the application.',
    });
  }
  const of = problems.within(name);
  checkApplicationId(of, 'applicationId', applicationId);
  checkBounds(of, 'GatewayLimit', 'tokensPerMinute', tokensPerMinute, COUNTED, ', tokens');
  checkBounds(of, 'GatewayLimit', 'tokensPerDay', tokensPerDay, COUNTED, ', tokens');
  checkRate(of, 'requestsPerSecond', requestsPerSecond);
}

/** @see https://learn.microsoft.com/en-us/azure/azure-resource-manager/management/resource-name-rules#microsoftapimanagement */
const SERVICE_NAME = /^[a-zA-Z](?:[a-zA-Z0-9-]{0,48}[a-zA-Z0-9])?$/;
const EMAIL = /^[^\s@<>&"']+@[^\s@<>&"']+\.[^\s@<>&"']+$/;

function checkNames(
  problems: ProblemCollector,
  { serviceName, publisherEmail }: Omit<InferenceGatewayProps, 'endpoint'>,
): void {
  if (serviceName !== undefined && !isUnknown(serviceName) && !SERVICE_NAME.test(serviceName)) {
    problems.add({
      code: 'AzureName',
      prop: 'serviceName',
      allowed: '1 to 50 letters, digits and hyphens that begin with a letter and do not end with a hyphen',
      got: serviceName,
      fix: 'Use a valid name, or leave it out.',
    });
  }
  if (isUnknown(publisherEmail) || (EMAIL.test(publisherEmail) && publisherEmail.length <= 100)) return;
  problems.add({
    code: 'AlertEmail',
    prop: 'publisherEmail',
    allowed: 'an email address of at most 100 characters',
    got: publisherEmail,
    fix: 'Use a mailbox that your team reads.',
  });
}

const BLOCKLIST = /^[\w.~-]{2,64}$/;

function checkScreening(
  problems: ProblemCollector,
  { screens, options }: ReturnType<typeof resolveGateway>['screening'],
): void {
  const { blocklists = [], harmfulContent, promptAttacks = true } = options;
  blocklists.forEach((name, index) => {
    if (isUnknown(name) || BLOCKLIST.test(name)) return;
    const allowed = 'the name of a blocklist, 2 to 64 letters, digits and any of -._~';
    problems.add({
      code: 'ContentPolicy',
      prop: `blocklists[${index}]`,
      allowed,
      got: name,
      fix: 'Copy it from the account.',
    });
  });
  if (!screens || promptAttacks || blocklists.length > 0 || harmfulContent !== ScreeningStrength.NONE) return;
  problems.add({
    code: 'ContentPolicy',
    prop: 'harmfulContent',
    allowed: 'stronger than NONE if no other screening is on',
    got: harmfulContent,
    fix: 'Use PromptScreening.none().',
  });
}

/** Adds a problem for an invalid rate. A rate can be a fraction, because it is counted over a minute. */
export function checkRate(problems: ProblemCollector, prop: string, value: number | undefined): void {
  if (!isKnown(problems, prop, value) || (value > 0 && value * SECONDS_A_MINUTE <= MAX_COUNT)) return;
  const allowed = `a number above 0 and at most ${Math.floor(MAX_COUNT / SECONDS_A_MINUTE)}`;
  problems.add({ code: 'GatewayLimit', prop, allowed, got: value, fix: 'Use requests per second, or leave it out.' });
}

const ENDPOINT_NAME = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/;
const URL = /^https?:\/\/[\w.-]+(:\d+)?(\/[\w.~/-]*[\w.~-])?$/;

/** Adds each problem of the endpoints behind a gateway. */
export function checkEndpoints(
  problems: ProblemCollector,
  endpoints: ReadonlyMap<string, Required<PooledEndpoint>>,
): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'GatewayPool', prop, allowed, got, fix });
  if (endpoints.size === 0 || endpoints.size > MAX_ENDPOINTS) {
    wrong(
      'endpoint',
      `an object with 1 to ${MAX_ENDPOINTS} endpoints`,
      endpoints.size,
      'Add the endpoints of the models.',
    );
  }
  for (const [name, { endpoint, priority, weight }] of endpoints) {
    const prop = endpoints.size === 1 ? 'endpoint' : `endpoint.${name}`;
    if (!ENDPOINT_NAME.test(name))
      wrong(
        prop,
        'a name of 2 to 40 lower-case letters, digits and hyphens that begins with a letter',
        name,
        'Use the name of its region.',
      );
    if (typeof endpoint.url !== 'string' || !(isUnknown(endpoint.url) || URL.test(endpoint.url)))
      wrong(`${prop}.url`, 'an http or https URL without a trailing slash', endpoint.url, 'Use the form https://…/v1.');
    checkBounds(problems, 'GatewayLimit', `${prop}.priority`, priority, POOL);
    checkBounds(problems, 'GatewayLimit', `${prop}.weight`, weight, POOL);
  }
  const audiences = new Set([...endpoints.values()].map(({ endpoint }) => endpoint.tokenAudience));
  if (audiences.size > 1) {
    const fix = 'Use one gateway for each audience.';
    wrong('endpoint', 'endpoints with the same token audience', [...audiences], fix);
  }
}
