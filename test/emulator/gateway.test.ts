import { Duration } from 'aws-cdk-lib';
import { deploy } from './deployment';
import { Emulator, signature } from './ministack';
import { ModelServer } from './model-server';
import { gatewayStack, tokenAuthorizer } from './stacks';
import { GatewayAuthorization, ResponseMode } from 'ai-infra-constructs/aws';

let emulator: Emulator;
let model: ModelServer;
let outputs: Record<string, string>;

beforeAll(async () => {
  [emulator, model] = await Promise.all([Emulator.start(), ModelServer.start()]);
  const { app, stack } = gatewayStack('Serving', { model: model.url, bedrock: emulator.url });
  outputs = await deploy(emulator, app, stack);
});

afterAll(async () => {
  await Promise.all([emulator?.stop(), model?.stop()]);
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly error?: { readonly code: string; readonly message: string; readonly requestId: string };
}

const routeOf = ({ ApiId }: Record<string, string>) =>
  `${emulator.url}/restapis/${ApiId}/v1/_user_request_/invocations`;

async function post(body: string, headers: Record<string, string> = {}, route = routeOf(outputs)): Promise<Answer> {
  const signed = { authorization: signature('execute-api'), 'content-type': 'application/json', ...headers };
  const answer = await fetch(route, { method: 'POST', body, headers: signed });
  const text = await answer.text();
  const { error } = JSON.parse(text) as Answer;
  return { status: answer.status, headers: answer.headers, text, error };
}

const prompt = (content: string) => JSON.stringify({ messages: [{ role: 'user', content }] });

test('sends a valid request to the model, and the answer to the caller', async () => {
  const before = model.calls.length;
  const answer = await post(prompt('hello'));
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toMatchObject({ choices: [{ message: { content: 'hello' } }] });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(model.calls.slice(before)).toEqual([
    { path: '/endpoints/chat/invocations', component: 'llama', body: JSON.parse(prompt('hello')) },
  ]);
});

describe('rejects without a call to the model', () => {
  test.each<[string, number, string, () => Promise<Answer>]>([
    ['an unsigned request', 403, 'MISSING_AUTHENTICATION_TOKEN', () => post(prompt('hello'), { authorization: '' })],
    // The emulator does not support request validators, so the function rejects these requests.
    ['malformed JSON', 400, 'malformed', () => post('{"messages": [')],
    ['JSON without an object', 400, 'malformed', () => post('["hello"]')],
    ['another content type', 400, 'malformed', () => post(prompt('hello'), { 'content-type': 'text/plain' })],
    ['a stream without support for streams', 400, 'malformed', () => post('{"inputs": "hello", "stream": true}')],
    ['a body above the limit', 413, 'oversized', () => post(prompt('x'.repeat(16 * 1024)))],
    ['blocked personal data', 403, 'screened', () => post(prompt('My number is 123-45-6789.'))],
    ['a prompt as tokens', 400, 'malformed', () => post('{"prompt": [1, 2, 3]}')],
  ])('%s', async (_, status, code, call) => {
    const before = model.calls.length;
    const answer = await call();
    expect([answer.status, answer.error?.code]).toEqual([status, code]);
    expect(answer.error?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(model.calls).toHaveLength(before);
  });
});

describe('an answer of the model', () => {
  test('has a placeholder instead of an email address', async () => {
    const answer = await post(prompt('mail'));
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Write to {EMAIL}.');
    expect(answer.text).not.toContain('ada@');
  });

  test('is withheld if it contains blocked personal data', async () => {
    const answer = await post(prompt('leak'));
    expect([answer.status, answer.error?.code]).toEqual([403, 'screened']);
    expect(answer.text).not.toContain('123-45');
  });
});

describe('a model that does not answer', () => {
  let impatient: Record<string, string>;

  // All other requests have the default timeout, which they do not reach on a slow machine.
  beforeAll(async () => {
    const { app, stack } = gatewayStack('Impatient', { model: model.url, bedrock: emulator.url }, () => ({
      responses: ResponseMode.buffered({ timeout: Duration.seconds(10) }),
    }));
    impatient = await deploy(emulator, app, stack);
  });

  test.each([
    ['throttle', 429, 'throttled', '1'],
    ['not ready', 503, 'unavailable', '10'],
    ['reject', 400, 'malformed', null],
    ['fail', 502, 'model_failed', null],
    ['sleep', 504, 'timeout', null],
  ])('%s: returns its own status, without a message of the model', async (content, status, code, retryAfter) => {
    const answer = await post(prompt(content), {}, routeOf(content === 'sleep' ? impatient : outputs));
    expect([answer.status, answer.error?.code, answer.headers.get('retry-after')]).toEqual([status, code, retryAfter]);
    expect(answer.text).not.toMatch(/secret|Traceback|\.mjs/);
  });
});

test('logs the result of each request, without prompts and answers', async () => {
  await post(prompt('a very private question'));
  await post(prompt('My number is 123-45-6789.'));
  const events = await emulator.json('logs', 'Logs_20140328.FilterLogEvents', { logGroupName: outputs.FunctionLogs });
  const log = JSON.stringify(events) + emulator.log;
  for (const expected of ['status: 200', 'status: 403', "code: 'screened'", 'US_SOCIAL_SECURITY_NUMBER']) {
    expect(log).toContain(expected);
  }
  expect(log).not.toMatch(/private question|123-45-6789|ada@|secret prompt|hello/);
});

describe('callers with keys', () => {
  let keyed: Record<string, string>;
  const keys: Record<string, string> = {};
  const call = (name?: string) => post(prompt('hello'), name ? { 'x-api-key': keys[name]! } : {}, routeOf(keyed));

  beforeAll(async () => {
    const { app, stack } = gatewayStack('Keyed', { model: model.url, bedrock: emulator.url }, () => ({
      clients: {
        steady: { requestsPerSecond: 100 },
        slow: { requestsPerSecond: 0.01, burst: 2 },
        small: { requestsPerSecond: 100, requestsPerDay: 3 },
      },
    }));
    keyed = await deploy(emulator, app, stack);
    for (const name of ['steady', 'slow', 'small']) {
      const key = await emulator.call('apigateway', 'GET', `/apikeys/${keyed[`Key${name}`]!}?includeValue=true`);
      keys[name] = (JSON.parse(key) as { value: string }).value;
    }
  });

  const statuses = async (name: string, times: number) => {
    const got: [number, string?][] = [];
    for (let at = 0; at < times; at += 1) {
      const { status, error } = await call(name);
      got.push([status, error?.code]);
    }
    return got;
  };
  const OK = [200, undefined];

  test('cannot call without a key', async () => {
    const answer = await call();
    expect([answer.status, answer.error?.code]).toEqual([403, 'INVALID_API_KEY']);
  });

  test('are throttled at their own rate', async () => {
    expect(await statuses('slow', 3)).toEqual([OK, OK, [429, 'THROTTLED']]);
    expect(await statuses('steady', 3)).toEqual([OK, OK, OK]);
  });

  test('have their own quota', async () => {
    expect(await statuses('small', 4)).toEqual([OK, OK, OK, [429, 'QUOTA_EXCEEDED']]);
  });
});

describe('a custom authorizer', () => {
  let guarded: Record<string, string>;

  beforeAll(async () => {
    const { app, stack } = gatewayStack('Guarded', { model: model.url, bedrock: emulator.url }, (scope) => ({
      authorization: GatewayAuthorization.authorizer(tokenAuthorizer(scope)),
    }));
    guarded = await deploy(emulator, app, stack);
  });

  test.each([
    ['', 401, 'UNAUTHORIZED'],
    ['deny', 403, 'ACCESS_DENIED'],
    ['allow', 200, undefined],
  ])('checks the token %p', async (authorization, status, code) => {
    const answer = await post(prompt('hello'), { authorization }, routeOf(guarded));
    expect([answer.status, answer.error?.code]).toEqual([status, code]);
  });
});
