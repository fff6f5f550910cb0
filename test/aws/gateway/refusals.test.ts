import { App, Duration, Size, Stack, Token } from 'aws-cdk-lib';
import { AuthorizationType, type IAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import fc from 'fast-check';
import { AiInfraError, type ErrorCode } from 'ai-infra-constructs';
import {
  GatewayAuthorization,
  GatewayExposure,
  InferenceGateway,
  type InferenceGatewayProps,
  InferenceTarget,
  PromptScreening,
  ResponseMode,
  ScreeningStrength,
} from 'ai-infra-constructs/aws';
import { Template } from 'aws-cdk-lib/assertions';
import { errorOf, problemsOf } from '../support';
import { apiEndpoint, buildGateway, gatewayProps } from './support';

/** The problems of a gateway, which must not create children. */
function rejected(props: Partial<InferenceGatewayProps> | ((stack: Stack) => Partial<InferenceGatewayProps>)) {
  const stack = new Stack(new App(), 'Serving');
  const given = typeof props === 'function' ? props(stack) : props;
  const error = errorOf(() => new InferenceGateway(stack, 'Gateway', { ...gatewayProps(stack), ...given }));
  expect(error.constructPath).toBe('Serving/Gateway');
  expect(stack.node.tryFindChild('Gateway')?.node.children).toEqual([]);
  return problemsOf(error);
}

const seconds = (amount: number) => Duration.seconds(amount);
const TOKEN = Token.asNumber({ Ref: 'AWS::Region' });
const openAuthorizer = { authorizerId: 'a1', authorizationType: AuthorizationType.NONE } as IAuthorizer;

describe('a public gateway', () => {
  test.each<[string, Partial<InferenceGatewayProps>]>([
    ['that is missing', { authorization: undefined }],
    ['that is null', { authorization: null as never }],
    ['of the kind none', { authorization: GatewayAuthorization.none() }],
    ['without user pools', { authorization: GatewayAuthorization.cognito([]) }],
    ['with an authorizer of the type NONE', { authorization: GatewayAuthorization.authorizer(openAuthorizer) }],
  ])('rejects an authorization %s', (_, props) => {
    expect(rejected(props)).toEqual(['GatewayUnauthenticated authorization']);
  });

  test('is never the default', () => {
    expect(rejected({ exposure: undefined })).toEqual(['ValueMissing exposure']);
  });
});

describe('a private gateway', () => {
  test('needs a VPC endpoint', () => {
    expect(rejected({ exposure: GatewayExposure.private({ vpcEndpoints: [] }) })).toEqual([
      'GatewayUnreachable exposure.vpcEndpoints',
    ]);
  });

  test('accepts no authorization, but not an authorizer of the type NONE', () => {
    const exposure = (stack: Stack) => GatewayExposure.private({ vpcEndpoints: [apiEndpoint(stack)] });
    buildGateway((stack) => ({ exposure: exposure(stack), authorization: GatewayAuthorization.none() }));
    expect(
      rejected((stack) => ({
        exposure: exposure(stack),
        authorization: GatewayAuthorization.authorizer(openAuthorizer),
      })),
    ).toEqual(['GatewayUnauthenticated authorization']);
  });
});

describe('rejects a timeout', () => {
  test.each<[string, ResponseMode, string]>([
    ['above 29 seconds with the default quota', ResponseMode.buffered({ timeout: seconds(30) }), 'timeout'],
    [
      'above the quota of the account',
      ResponseMode.buffered({ timeout: seconds(50), timeoutQuota: seconds(45) }),
      'timeout',
    ],
    [
      'above 60 seconds for a whole answer',
      ResponseMode.buffered({ timeout: seconds(61), timeoutQuota: seconds(120) }),
      'timeout',
    ],
    ['with a quota of 0 seconds', ResponseMode.buffered({ timeoutQuota: seconds(0) }), 'timeoutQuota'],
    ['above 15 minutes for a stream', ResponseMode.streamed({ timeout: seconds(901) }), 'timeout'],
    ['of 0 seconds', ResponseMode.streamed({ timeout: seconds(0) }), 'timeout'],
    ['of half a second', ResponseMode.buffered({ timeout: Duration.millis(500) }), 'timeout'],
  ])('%s', (_, responses, prop) => {
    expect(rejected({ responses })).toEqual([`GatewayTimeout responses.${prop}`]);
  });

  test.each([seconds(TOKEN), Duration.minutes(TOKEN)])('that is unknown at synthesis', (timeout) => {
    expect(rejected({ responses: ResponseMode.streamed({ timeout }) })).toEqual(['ValueUnknown responses.timeout']);
  });

  test('and reports how to get a longer one', () => {
    const error = errorOf(() => buildGateway({ responses: ResponseMode.buffered({ timeout: seconds(60) }) }));
    expect(error.message).toContain('from 1 to 29');
    expect(error.message).toContain('ResponseMode.streamed()');
  });
});

describe('rejects a value outside the limits', () => {
  test.each<[string, Partial<InferenceGatewayProps>]>([
    ['maxBody', { maxBody: Size.kibibytes(0) }],
    ['maxBody', { maxBody: Size.kibibytes(5121) }],
    ['maxBody', { maxBody: Size.mebibytes(6) }],
    ['maxBody', { maxBody: Size.kibibytes(1.5) }],
    ['limits.requestsPerSecond', { limits: { requestsPerSecond: 0 } }],
    ['limits.requestsPerSecond', { limits: { requestsPerSecond: 10_001 } }],
    ['limits.burst', { limits: { burst: 5001 } }],
    ['limits.requestsPerAddress', { limits: { requestsPerAddress: 9 } }],
    ['clients.a.requestsPerSecond', { clients: { a: { requestsPerSecond: Number.NaN } } }],
    ['clients.a.burst', { clients: { a: { requestsPerSecond: 1, burst: 0 } } }],
    ['clients.a.requestsPerDay', { clients: { a: { requestsPerSecond: 1, requestsPerDay: -1 } } }],
    ['responses.windowCharacters', { responses: ResponseMode.streamed({ windowCharacters: 399 }) }],
    ['responses.windowCharacters', { responses: ResponseMode.streamed({ windowCharacters: 10_001 }) }],
  ])('%s', (prop, props) => {
    expect(rejected(props)).toEqual([`GatewayLimit ${prop}`]);
  });

  test('or a value that is unknown at synthesis', () => {
    expect(rejected({ maxBody: Size.mebibytes(TOKEN), limits: { burst: TOKEN } })).toEqual([
      'ValueUnknown maxBody',
      'ValueUnknown limits.burst',
    ]);
  });
});

test.each(['', '1st', 'a b', 'a/b', 'x'.repeat(65)])('rejects the client name %p', (name) => {
  expect(rejected({ clients: { [name]: { requestsPerSecond: 1 } } })).toEqual([`GatewayClientName clients.${name}`]);
});

describe('screening', () => {
  const guardrail = (deniedTopics: Record<string, { definition: string; examples?: string[] }>) => ({
    screening: PromptScreening.guardrail({ deniedTopics }),
  });
  const many = Object.fromEntries(Array.from({ length: 31 }, (_, at) => [`Topic ${at}`, { definition: 'x' }]));

  test.each<[ErrorCode, string, Partial<InferenceGatewayProps>]>([
    [
      'GuardrailReference',
      'guardrailId',
      { screening: PromptScreening.fromGuardrail({ guardrailId: 'My guardrail', version: '1' }) },
    ],
    [
      'GuardrailReference',
      'version',
      { screening: PromptScreening.fromGuardrail({ guardrailId: 'abc', version: 'latest' }) },
    ],
    [
      'GuardrailEmpty',
      'promptAttacks',
      {
        screening: PromptScreening.guardrail({
          promptAttacks: ScreeningStrength.NONE,
          harmfulContent: ScreeningStrength.NONE,
          pii: {},
        }),
      },
    ],
    ['GuardrailTopic', 'deniedTopics', guardrail(many)],
    ['GuardrailTopic', 'deniedTopics.a/b', guardrail({ 'a/b': { definition: 'x' } })],
    ['GuardrailTopic', 'deniedTopics.a.definition', guardrail({ a: { definition: 'x'.repeat(201) } })],
    ['GuardrailTopic', 'deniedTopics.a.examples', guardrail({ a: { definition: 'x', examples: ['x'.repeat(101)] } })],
    [
      'GuardrailTopic',
      'deniedTopics.a.examples',
      guardrail({ a: { definition: 'x', examples: Array<string>(6).fill('x') } }),
    ],
  ])('adds the problem %s %s', (code, prop, props) => {
    expect(rejected(props)).toEqual([`${code} screening.${prop}`]);
  });

  test('accepts the ID and version of a guardrail of another stack', () => {
    const reference = Token.asString({ 'Fn::ImportValue': 'Guardrail' });
    buildGateway({ screening: PromptScreening.fromGuardrail({ guardrailId: reference, version: reference }) });
  });
});

test('reports all problems at once', () => {
  expect(
    rejected({
      authorization: GatewayAuthorization.none(),
      maxBody: Size.kibibytes(0),
      responses: ResponseMode.buffered({ timeout: seconds(60) }),
      clients: { 'a b': { requestsPerSecond: 0 } },
      screening: PromptScreening.fromGuardrail({ guardrailId: '?', version: '?' }),
    }),
  ).toEqual([
    'GatewayUnauthenticated authorization',
    'GatewayLimit maxBody',
    'GatewayClientName clients.a b',
    'GatewayLimit clients.a b.requestsPerSecond',
    'GatewayTimeout responses.timeout',
    'GuardrailReference screening.guardrailId',
    'GuardrailReference screening.version',
  ]);
});

test.each<[string, () => unknown]>([
  ['InferenceTarget.fromEndpointName', () => InferenceTarget.fromEndpointName(new Stack(), 5 as never)],
  ['InferenceTarget.component', () => InferenceTarget.component('chat' as never, 'llama')],
  ['GatewayAuthorization.cognito', () => GatewayAuthorization.cognito(['pool'] as never)],
  ['GatewayAuthorization.authorizer', () => GatewayAuthorization.authorizer('a1' as never)],
  ['GatewayExposure.private', () => GatewayExposure.private({ vpcEndpoints: ['vpce-1'] as never })],
  ['ResponseMode.buffered', () => ResponseMode.buffered({ timeout: 29 as never })],
  ['ResponseMode.streamed', () => ResponseMode.streamed({ windowCharacters: '1000' as never })],
  ['PromptScreening.guardrail', () => PromptScreening.guardrail({ pii: { EMAIL: 'MASK' as never } })],
  ['PromptScreening.fromGuardrail', () => PromptScreening.fromGuardrail({ guardrailId: 'abc' } as never)],
])('%s rejects invalid values', (_, run) => {
  expect(AiInfraError.isAiInfraError(errorOf(run))).toBe(true);
});

test('valid props create a template, and invalid props throw a coded error', () => {
  const whole = fc.integer({ min: -1, max: 6000 });
  const props = fc.record(
    {
      maxBodyKiB: whole,
      burst: whole,
      rate: fc.double({ min: -1, max: 11_000 }),
      timeout: fc.integer({ min: 0, max: 1000 }),
      streams: fc.boolean(),
    },
    { requiredKeys: ['streams', 'timeout'] },
  );
  fc.assert(
    fc.property(props, ({ maxBodyKiB, burst, rate, timeout, streams }) => {
      const responses = streams
        ? ResponseMode.streamed({ timeout: seconds(timeout) })
        : ResponseMode.buffered({ timeout: seconds(timeout) });
      const valid =
        (maxBodyKiB ?? 1) >= 1 &&
        (maxBodyKiB ?? 1) <= 5120 &&
        (burst ?? 1) >= 1 &&
        (burst ?? 1) <= 5000 &&
        (rate ?? 1) > 0 &&
        (rate ?? 1) <= 10_000 &&
        timeout >= 1 &&
        timeout <= (streams ? 900 : 29);
      const maxBody = maxBodyKiB === undefined ? undefined : Size.kibibytes(Math.max(0, maxBodyKiB));
      const build = () => buildGateway({ maxBody, limits: { burst, requestsPerSecond: rate }, responses });
      if (valid) Template.fromStack(build().stack).hasResourceProperties('AWS::ApiGateway::Stage', {});
      else expect(errorOf(build).code).toMatch(/^Gateway/);
    }),
    { numRuns: 40 },
  );
});
