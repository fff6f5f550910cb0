import type { Duration } from 'aws-cdk-lib';
import type { Problems } from '../../core/errors';
import { addUnauthenticated } from '../../core/gateway-authorization';
import { fits } from '../../core/shapes';
import { checkBounds } from '../props/bounds';
import { isKnown } from '../props/tokens';
import type { GatewayAuthorization } from './gateway-authorization';
import type { GatewayExposure } from './gateway-exposure';
import {
  ACCOUNT_RATE,
  BUFFERED_SECONDS,
  MODEL_SECONDS,
  MOST_BODY_KIB,
  MOST_REQUESTS_PER_DAY,
  STREAM_SECONDS,
  WAF_RATE,
  WINDOW,
} from './gateway-limits';
import type { GatewayClient, GatewayLimits, InferenceGatewayProps } from './gateway-options';
import { GATEWAY } from './gateway-shape';
import { componentsOf, type IInferenceTarget } from './inference-target';
import type { ResponseMode } from './response-mode';
import { checkScreening } from './screening-checks';

/** Adds everything in which the props of a gateway contradict themselves, or what the services take. */
export function checkGateway(problems: Problems, props: InferenceGatewayProps): void {
  if (!fits(problems, props, GATEWAY)) return;
  checkEndpoint(problems, props.endpoint);
  checkGatewayOptions(problems, props);
}

/** What of it has nothing to do with the endpoint; the types are right already. */
export function checkGatewayOptions(problems: Problems, props: Omit<InferenceGatewayProps, 'endpoint'>): void {
  checkCallers(problems, props);
  checkVpcEndpoints(problems.within('exposure'), props.exposure);
  checkBounds(problems, 'GatewayLimit', 'maxBodyKiB', props.maxBodyKiB, { least: 1, most: MOST_BODY_KIB });
  checkLimits(problems.within('limits'), props.limits ?? {});
  for (const [name, client] of Object.entries(props.clients ?? {}))
    checkClient(problems.within('clients'), name, client);
  if (props.responses) checkResponses(problems.within('responses'), props.responses);
  if (props.screening) checkScreening(problems.within('screening'), props.screening);
}

function checkEndpoint(problems: Problems, endpoint: IInferenceTarget): void {
  const wrong = (allowed: string, got: string, fix: string) =>
    problems.add({ code: 'GatewayEndpoint', prop: 'endpoint', allowed, got, fix });
  if (endpoint.kind?.asynchronous) {
    wrong('one that answers at once', 'an asynchronous endpoint', 'Take a real-time or serverless one.');
  }
  const components = componentsOf(endpoint);
  if (components.length < 2) return;
  const fix = "Use InferenceTarget.component(endpoint, 'name').";
  wrong('one model of it, where it has several', `${components.length} models`, fix);
}

/** What an authorization is that authenticates nobody. */
const UNAUTHENTICATED: Readonly<Record<GatewayAuthorization['kind'], string>> = {
  none: 'GatewayAuthorization.none()',
  authorizer: 'an authorizer of type NONE',
  cognito: 'no user pool',
  iam: 'nothing',
};

function checkCallers(
  problems: Problems,
  { authorization, exposure }: Pick<InferenceGatewayProps, 'authorization' | 'exposure'>,
): void {
  if (authorization.authenticates || (exposure.isPrivate && authorization.kind === 'none')) return;
  const fix = 'Use GatewayAuthorization.iam() or its like, or GatewayExposure.private({ vpcEndpoints: […] }).';
  addUnauthenticated(problems, UNAUTHENTICATED[authorization.kind], fix);
}

function checkVpcEndpoints(problems: Problems, { vpcEndpoints }: GatewayExposure): void {
  if (!vpcEndpoints || vpcEndpoints.length > 0) return;
  problems.add({
    code: 'GatewayUnreachable',
    prop: 'vpcEndpoints',
    allowed: 'one interface endpoint of execute-api or more: there is no other way in',
    got: [],
    fix: 'Add InterfaceVpcEndpointAwsService.APIGATEWAY to the VPC, and pass that endpoint.',
  });
}

function checkLimits(problems: Problems, { requestsPerSecond, burst, requestsPerAddress }: GatewayLimits): void {
  checkRate(problems, 'requestsPerSecond', requestsPerSecond);
  checkBounds(problems, 'GatewayLimit', 'burst', burst, { least: 1, most: ACCOUNT_RATE.burst });
  checkBounds(problems, 'GatewayLimit', 'requestsPerAddress', requestsPerAddress, WAF_RATE);
}

const CLIENT_NAME = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;

function checkClient(
  problems: Problems,
  name: string,
  { requestsPerSecond, burst, requestsPerDay }: GatewayClient,
): void {
  if (!CLIENT_NAME.test(name)) {
    problems.add({
      code: 'GatewayClientName',
      prop: name,
      allowed: 'named by a letter and up to 63 letters, digits and hyphens: the name is part of logical ids',
      got: name,
      fix: 'Name the team or the application.',
    });
  }
  const of = problems.within(name);
  checkRate(of, 'requestsPerSecond', requestsPerSecond);
  checkBounds(of, 'GatewayLimit', 'burst', burst, { least: 1, most: ACCOUNT_RATE.burst });
  checkBounds(of, 'GatewayLimit', 'requestsPerDay', requestsPerDay, { least: 1, most: MOST_REQUESTS_PER_DAY });
}

function checkResponses(problems: Problems, { streams, timeout, timeoutQuota, windowCharacters }: ResponseMode): void {
  if (streams) {
    checkSeconds(problems, 'timeout', timeout, STREAM_SECONDS, 'A stream ends after 15 minutes.');
    checkBounds(problems, 'GatewayLimit', 'windowCharacters', windowCharacters, WINDOW);
    return;
  }
  const raised = checkSeconds(
    problems,
    'timeoutQuota',
    timeoutQuota,
    STREAM_SECONDS,
    'State the quota of the account.',
  );
  const quota = raised ?? BUFFERED_SECONDS;
  const fix =
    quota < MODEL_SECONDS
      ? 'Use ResponseMode.streamed(), or have the quota raised and state it in timeoutQuota.'
      : 'Use ResponseMode.streamed(): SageMaker waits a minute for a whole answer.';
  checkSeconds(problems, 'timeout', timeout, Math.min(quota, MODEL_SECONDS), fix);
}

function checkSeconds(problems: Problems, prop: string, time: Duration | undefined, most: number, fix: string) {
  if (time === undefined) return undefined;
  if (time.isUnresolved()) {
    isKnown(problems, prop, time.toSeconds());
    return undefined;
  }
  const seconds = time.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= most) return seconds;
  const allowed = `a whole number of seconds from 1 to ${most}`;
  problems.add({ code: 'GatewayTimeout', prop, allowed, got: time.toHumanString(), fix });
  return undefined;
}

function checkRate(problems: Problems, prop: string, value: number | undefined): void {
  if (!isKnown(problems, prop, value) || (value > 0 && value <= ACCOUNT_RATE.perSecond)) return;
  const allowed = `more than 0, and at most ${ACCOUNT_RATE.perSecond}`;
  problems.add({ code: 'GatewayLimit', prop, allowed, got: value, fix: 'Give a rate of that range, or leave it out.' });
}
