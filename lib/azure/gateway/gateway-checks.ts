import type { Problems } from '../../core/errors';
import { addUnauthenticated } from '../../core/gateway-authorization';
import { fits } from '../../core/shapes';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import { checkRetention } from '../operations/log-workspace';
import { checkResourceGroup } from '../props/resource-group';
import { checkApplicationId } from './gateway-authorization';
import { checkRate } from './gateway-bounds';
import { checkEndpoints } from './gateway-endpoint-checks';
import { MOST_BODY_KIB, MOST_COUNT, MOST_SECONDS } from './gateway-limits';
import {
  endpointsOf,
  GATEWAY,
  type GatewayClient,
  type InferenceGatewayProps,
  settledGateway,
} from './gateway-options';
import { ScreeningStrength } from './prompt-screening';

/** Adds everything in which the props of a gateway contradict themselves, or what Azure takes. */
export function checkGateway(problems: Problems, props: InferenceGatewayProps): void {
  if (!fits(problems, props, GATEWAY)) return;
  checkEndpoints(problems, endpointsOf(props.endpoint));
  checkGatewayOptions(problems, props);
}

/** What of it has nothing to do with the endpoints; the types are right already. */
export function checkGatewayOptions(problems: Problems, props: Omit<InferenceGatewayProps, 'endpoint'>): void {
  const { exposure, tier, responses, screening } = settledGateway({ ...props, endpoint: {} });
  checkResourceGroup(problems, 'resourceGroup', props.resourceGroup);
  exposure.check(problems.within('exposure'));
  props.authorization.check(problems.within('authorization'));
  checkCallers(problems, props);
  tier.check(problems.within('tier'));
  if (exposure.isPrivate && !tier.canBePrivate) {
    problems.add({
      code: 'GatewayTier',
      prop: 'tier',
      allowed: 'one that can stand within a network, where the exposure is private',
      got: tier.name,
      fix: 'Use GatewayTier.premium() or GatewayTier.premiumV2().',
    });
  }
  const limit = (prop: string, value: number | undefined, least: number, most: number, unit: string) =>
    checkBounds(problems, 'GatewayLimit', prop, value, { least, most }, `, ${unit}`);
  limit('responses.timeoutSeconds', responses.timeoutSeconds, 1, MOST_SECONDS, 'seconds');
  limit('maxBodyKiB', props.maxBodyKiB, 1, MOST_BODY_KIB, 'KiB');
  checkRetention(problems, 'logRetentionDays', props.logRetentionDays);
  limit('limits.tokensPerMinute', props.limits?.tokensPerMinute, 1, MOST_COUNT, 'tokens');
  limit('limits.requestsPerAddress', props.limits?.requestsPerAddress, 1, MOST_COUNT, 'requests');
  checkRate(problems, 'limits.requestsPerSecond', props.limits?.requestsPerSecond);
  checkNames(problems, props);
  for (const [name, client] of Object.entries(props.clients ?? {}))
    checkClient(problems.within('clients'), name, client);
  checkScreening(problems.within('screening'), screening);
}

function checkCallers(
  problems: Problems,
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
      allowed: 'one that tells callers apart, where they have limits of their own',
      got: 'GatewayAuthorization.none()',
      fix: 'Use GatewayAuthorization.entra({ audiences: […] }).',
    });
  } else if (authorization.authenticates && named === 0) {
    problems.add({
      code: 'GatewayUnauthenticated',
      prop: 'authorization.applicationIds',
      allowed: 'one application or more, where there are no clients: any of the directory would be let in',
      got: authorization.options?.applicationIds,
      fix: 'Name callers in clients, or in applicationIds.',
    });
  }
}

const COUNTED = { least: 1, most: MOST_COUNT };

const CLIENT_NAME = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/;

function checkClient(problems: Problems, name: string, client: GatewayClient): void {
  const { applicationId, tokensPerMinute, tokensPerDay, requestsPerSecond } = client;
  if (!CLIENT_NAME.test(name)) {
    problems.add({
      code: 'GatewayClientName',
      prop: name,
      allowed: 'named by 2 to 40 lower-case letters, digits and hyphens, beginning with a letter',
      got: name,
      fix: 'Name the team or the application.',
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
  problems: Problems,
  { serviceName, publisherEmail }: Omit<InferenceGatewayProps, 'endpoint'>,
): void {
  if (serviceName !== undefined && !isUnknown(serviceName) && !SERVICE_NAME.test(serviceName)) {
    problems.add({
      code: 'AzureName',
      prop: 'serviceName',
      allowed: '1 to 50 letters, digits and hyphens, beginning with a letter and ending with none of the hyphens',
      got: serviceName,
      fix: 'Shorten it, or leave it out.',
    });
  }
  if (isUnknown(publisherEmail) || (EMAIL.test(publisherEmail) && publisherEmail.length <= 100)) return;
  problems.add({
    code: 'AlertEmail',
    prop: 'publisherEmail',
    allowed: 'an address of up to 100 characters',
    got: publisherEmail,
    fix: 'Name a mailbox that somebody reads.',
  });
}

const BLOCKLIST = /^[\w.~-]{2,64}$/;

function checkScreening(
  problems: Problems,
  { screens, options }: ReturnType<typeof settledGateway>['screening'],
): void {
  const { blocklists = [], harmfulContent, promptAttacks = true } = options;
  blocklists.forEach((name, index) => {
    if (isUnknown(name) || BLOCKLIST.test(name)) return;
    const allowed = 'the name of a blocklist: 2 to 64 letters, digits and any of -._~';
    problems.add({ code: 'ContentPolicy', prop: `blocklists[${index}]`, allowed, got: name, fix: 'Copy its name.' });
  });
  if (!screens || promptAttacks || blocklists.length > 0 || harmfulContent !== ScreeningStrength.NONE) return;
  problems.add({
    code: 'ContentPolicy',
    prop: 'harmfulContent',
    allowed: 'stronger than NONE where nothing else is screened',
    got: harmfulContent,
    fix: 'Use PromptScreening.none(), which says so.',
  });
}
