import { type Duration, type Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import type { ProblemCollector } from '../../core/errors';
import { addUnauthenticated } from '../../core/gateway-authorization';
import { validateProps } from '../../core/prop-schema';
import { checkBounds, isWithin, isKnown } from '../props/tokens';
import type { GatewayAuthorization } from './gateway-authorization';
import type { GatewayExposure } from './gateway-exposure';
import {
  ACCOUNT_RATE,
  BUFFERED_SECONDS,
  MODEL_SECONDS,
  MAX_BODY_KIB,
  MAX_REQUESTS_PER_DAY,
  STREAM_SECONDS,
  WAF_RATE,
  WINDOW,
  type GatewayClient,
  type GatewayDomain,
  type GatewayLimits,
  type InferenceGatewayProps,
  TOPICS,
} from './gateway-options';
import { componentsOf, type IInferenceTarget } from './inference-target';
import type { ResponseMode } from './response-mode';
import { INFERENCE_GATEWAY_PROPS } from '../prop-schemas';
import {
  piiOf,
  type DeniedTopic,
  type ExistingGuardrail,
  type GuardrailOptions,
  type PromptScreening,
  ScreeningStrength,
} from './prompt-screening';

/** Adds the problems of the props of a gateway. */
export function checkGateway(problems: ProblemCollector, props: InferenceGatewayProps): void {
  if (!validateProps(problems, props, INFERENCE_GATEWAY_PROPS)) return;
  checkEndpoint(problems, props.endpoint);
  checkGatewayOptions(problems, props);
}

/** Adds the problems of all props except `endpoint`. The prop types are already validated. */
export function checkGatewayOptions(problems: ProblemCollector, props: Omit<InferenceGatewayProps, 'endpoint'>): void {
  checkCallers(problems, props);
  if (props.domain) checkDomain(problems, props.domain, props.exposure);
  checkVpcEndpoints(problems.within('exposure'), props.exposure);
  checkMaxBody(problems, props.maxBody);
  checkLimits(problems.within('limits'), props.limits ?? {});
  for (const [name, client] of Object.entries(props.clients ?? {}))
    checkClient(problems.within('clients'), name, client);
  if (props.responses) checkResponses(problems.within('responses'), props.responses);
  if (props.screening) checkScreening(problems.within('screening'), props.screening);
}

function checkEndpoint(problems: ProblemCollector, endpoint: IInferenceTarget): void {
  const wrong = (allowed: string, got: string, fix: string) =>
    problems.add({ code: 'GatewayEndpoint', prop: 'endpoint', allowed, got, fix });
  if (endpoint.isAsynchronous) {
    wrong('a real-time or serverless endpoint', 'an asynchronous endpoint', 'Use another kind of endpoint.');
  }
  const components = componentsOf(endpoint);
  if (components.length < 2) return;
  const fix = "Use InferenceTarget.component(endpoint, 'name').";
  wrong('one model of an endpoint with several', `${components.length} models`, fix);
}

const DOMAIN_NAME = /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

function checkDomain(
  problems: ProblemCollector,
  { domainName, securityPolicy }: GatewayDomain,
  exposure: GatewayExposure,
) {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'GatewayDomain', prop, allowed, got, fix });
  if (exposure.isPrivate) {
    wrong(
      'domain',
      'left out for a private gateway, which callers reach by its VPC endpoint',
      domainName,
      'Remove it.',
    );
  }
  if (!Token.isUnresolved(domainName) && !DOMAIN_NAME.test(domainName)) {
    wrong(
      'domain.domainName',
      'a domain name in lower case, for example models.example.com',
      domainName,
      'Correct it.',
    );
  }
  if (securityPolicy && (securityPolicy.endsWith('EDGE') || !securityPolicy.startsWith('SecurityPolicy_'))) {
    const fix = 'Use a policy for regional endpoints, for example SecurityPolicy.TLS13_1_3_2025_09.';
    wrong('domain.securityPolicy', 'a SecurityPolicy_… for regional endpoints, as the API has', securityPolicy, fix);
  }
}

/** The reason why an authorization does not authenticate callers. */
const UNAUTHENTICATED: Readonly<Record<GatewayAuthorization['kind'], string>> = {
  none: 'GatewayAuthorization.none()',
  authorizer: 'an authorizer of type NONE',
  cognito: 'an empty list of user pools',
  iam: 'GatewayAuthorization.iam()',
};

function checkCallers(
  problems: ProblemCollector,
  { authorization, exposure }: Pick<InferenceGatewayProps, 'authorization' | 'exposure'>,
): void {
  if (authorization.authenticates || (exposure.isPrivate && authorization.kind === 'none')) return;
  const fix = 'Use GatewayAuthorization.iam(), or GatewayExposure.private({ vpcEndpoints: […] }).';
  addUnauthenticated(problems, UNAUTHENTICATED[authorization.kind], fix);
}

function checkVpcEndpoints(problems: ProblemCollector, { vpcEndpoints }: GatewayExposure): void {
  if (!vpcEndpoints || vpcEndpoints.length > 0) return;
  problems.add({
    code: 'GatewayUnreachable',
    prop: 'vpcEndpoints',
    allowed: 'a list with at least one interface endpoint of execute-api',
    got: [],
    fix: 'Add InterfaceVpcEndpointAwsService.APIGATEWAY to the VPC, and pass that endpoint.',
  });
}

function checkLimits(
  problems: ProblemCollector,
  { requestsPerSecond, burst, requestsPerAddress }: GatewayLimits,
): void {
  checkRate(problems, 'requestsPerSecond', requestsPerSecond);
  checkBounds(problems, 'GatewayLimit', 'burst', burst, { min: 1, max: ACCOUNT_RATE.burst });
  checkBounds(problems, 'GatewayLimit', 'requestsPerAddress', requestsPerAddress, WAF_RATE);
}

const CLIENT_NAME = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;

function checkClient(
  problems: ProblemCollector,
  name: string,
  { requestsPerSecond, burst, requestsPerDay }: GatewayClient,
): void {
  if (!CLIENT_NAME.test(name)) {
    problems.add({
      code: 'GatewayClientName',
      prop: name,
      allowed: 'a letter and up to 63 letters, digits and hyphens, because it is part of logical ids',
      got: name,
      fix: 'Use the name of the team or the application.',
    });
  }
  const limits = problems.within(name);
  checkRate(limits, 'requestsPerSecond', requestsPerSecond);
  checkBounds(limits, 'GatewayLimit', 'burst', burst, { min: 1, max: ACCOUNT_RATE.burst });
  checkBounds(limits, 'GatewayLimit', 'requestsPerDay', requestsPerDay, { min: 1, max: MAX_REQUESTS_PER_DAY });
}

function checkResponses(
  problems: ProblemCollector,
  { streams, timeout, timeoutQuota, windowCharacters }: ResponseMode,
): void {
  if (streams) {
    checkSeconds(
      problems,
      'timeout',
      timeout,
      STREAM_SECONDS,
      'Use a shorter timeout. API Gateway ends a stream after 15 minutes.',
    );
    checkBounds(problems, 'GatewayLimit', 'windowCharacters', windowCharacters, WINDOW);
    return;
  }
  const raised = checkSeconds(
    problems,
    'timeoutQuota',
    timeoutQuota,
    STREAM_SECONDS,
    'Set it to the quota of the account.',
  );
  const quota = raised ?? BUFFERED_SECONDS;
  const fix =
    quota < MODEL_SECONDS
      ? 'Use ResponseMode.streamed(), or raise the quota of the account and set timeoutQuota to it.'
      : 'Use ResponseMode.streamed(). SageMaker limits complete responses to 60 seconds.';
  checkSeconds(problems, 'timeout', timeout, Math.min(quota, MODEL_SECONDS), fix);
}

/** Adds a problem for a duration or size that is known only at deployment. */
export function addUnknown(problems: ProblemCollector, prop: string): void {
  isKnown(problems, prop, Token.asString({ prop }));
}

/** Returns the seconds of an optional duration. Adds a problem if they are not a whole number from 1 to the maximum. */
export function checkSeconds(
  problems: ProblemCollector,
  prop: string,
  time: Duration | undefined,
  max: number,
  fix: string,
): number | undefined {
  if (time === undefined) return undefined;
  if (time.isUnresolved()) {
    addUnknown(problems, prop);
    return undefined;
  }
  const seconds = time.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= max) return seconds;
  const allowed = `a whole number of seconds from 1 to ${max}`;
  problems.add({ code: 'GatewayTimeout', prop, allowed, got: time.toHumanString(), fix });
  return undefined;
}

function checkRate(problems: ProblemCollector, prop: string, value: number | undefined): void {
  if (!isKnown(problems, prop, value) || (value > 0 && value <= ACCOUNT_RATE.perSecond)) return;
  const allowed = `a number above 0 and at most ${ACCOUNT_RATE.perSecond}`;
  problems.add({ code: 'GatewayLimit', prop, allowed, got: value, fix: 'Use a rate in that range, or leave it out.' });
}

function checkMaxBody(problems: ProblemCollector, size: Size | undefined): void {
  if (size === undefined) return;
  if (size.isUnresolved()) {
    addUnknown(problems, 'maxBody');
    return;
  }
  const kib = size.toKibibytes({ rounding: SizeRoundingBehavior.NONE });
  if (isWithin(kib, { min: 1, max: MAX_BODY_KIB })) return;
  problems.add({
    code: 'GatewayLimit',
    prop: 'maxBody',
    allowed: `a whole number of KiB from 1 to ${MAX_BODY_KIB}`,
    got: `${kib} KiB`,
    fix: 'Use a size in that range, or leave it out.',
  });
}

/** Adds the problems of a screening. */
export function checkScreening(problems: ProblemCollector, { options, existingGuardrail }: PromptScreening): void {
  if (existingGuardrail) checkExisting(problems, existingGuardrail);
  if (options) checkGuardrail(problems, options);
}

// Bedrock API reference, ApplyGuardrail; read 2026-11.
const GUARDRAIL_ID = /^([a-z0-9]{1,64}|arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail\/[a-z0-9]+)$/;
const VERSION = /^([1-9][0-9]{0,7}|DRAFT)$/;

function checkExisting(problems: ProblemCollector, { guardrailId, version }: ExistingGuardrail): void {
  const wrong = (prop: string, allowed: string, got: string, fix: string) =>
    problems.add({ code: 'GuardrailReference', prop, allowed, got, fix });
  if (!Token.isUnresolved(guardrailId) && !GUARDRAIL_ID.test(guardrailId)) {
    wrong('guardrailId', 'the ID or ARN of a guardrail', guardrailId, 'Copy it from `aws bedrock list-guardrails`.');
  }
  if (!Token.isUnresolved(version) && !VERSION.test(version)) {
    wrong('version', 'a number of up to eight digits, or DRAFT', version, 'Use the number of an existing version.');
  }
}

function checkGuardrail(problems: ProblemCollector, options: GuardrailOptions): void {
  const { promptAttacks, harmfulContent, deniedTopics = {} } = options;
  const strengths = [promptAttacks, harmfulContent];
  const topics = Object.entries(deniedTopics);
  if (
    strengths.every((strength) => strength === ScreeningStrength.NONE) &&
    topics.length === 0 &&
    Object.keys(piiOf(options)).length === 0
  ) {
    problems.add({
      code: 'GuardrailEmpty',
      prop: 'promptAttacks',
      allowed: 'stronger than NONE if nothing else is screened, because Bedrock rejects a guardrail without policies',
      got: promptAttacks,
      fix: 'Use PromptScreening.none().',
    });
  }
  if (topics.length > TOPICS.max) tooMany(problems, 'deniedTopics', `at most ${TOPICS.max} topics`, topics.length);
  for (const [name, topic] of topics) checkTopic(problems.within('deniedTopics'), name, topic);
}

const TOPIC_NAME = /^[0-9a-zA-Z-_ !?.]+$/;

function checkTopic(problems: ProblemCollector, name: string, { definition, examples = [] }: DeniedTopic): void {
  const { nameCharacters, definitionCharacters, exampleCharacters } = TOPICS;
  if (!TOPIC_NAME.test(name) || name.length > nameCharacters) {
    tooMany(problems, name, `a name of up to ${nameCharacters} letters, digits, spaces and -_!?.`, name);
  }
  const topic = problems.within(name);
  if (definition.length > definitionCharacters) {
    tooMany(topic, 'definition', `at most ${definitionCharacters} characters`, `${definition.length} characters`);
  }
  if (examples.length > TOPICS.examples || examples.some(({ length }) => length > exampleCharacters)) {
    tooMany(
      topic,
      'examples',
      `at most ${TOPICS.examples} prompts of at most ${exampleCharacters} characters`,
      examples,
    );
  }
}

function tooMany(problems: ProblemCollector, prop: string, allowed: string, got: unknown): void {
  problems.add({ code: 'GuardrailTopic', prop, allowed, got, fix: 'Shorten it to the limits of Bedrock.' });
}
