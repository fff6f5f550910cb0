import {
  eventsIn,
  type Exchange,
  type GatewayEvent,
  guardrail,
  type HandlerModules,
  handlerModules,
  named,
  type Services,
  type Settings,
} from './support';

let handler: HandlerModules;
beforeAll(async () => {
  handler = await handlerModules();
});

const SETTINGS: Settings = {
  maxBodyBytes: 1024,
  streams: true,
  windowCharacters: 400,
  guardrail: { id: 'g1', version: '1' },
};
const bytes = (text: string) => new TextEncoder().encode(text);

interface Setup {
  readonly services?: Partial<Services>;
  readonly settings?: Partial<Settings>;
  readonly event?: GatewayEvent;
  readonly leftMs?: number;
}

/** Sends a request through the handler. By default, the model echoes it. */
async function send(body: string | object, { services, settings, event, leftMs = 5000 }: Setup = {}) {
  const received: string[] = [];
  const echo: Services = {
    invoke: (payload) => {
      received.push(payload);
      return Promise.resolve({ body: bytes(payload), contentType: 'application/json' });
    },
    invokeStream: (payload) => {
      received.push(payload);
      return Promise.resolve({ parts: parts([bytes('data: {"text":"one"}\n\n'), bytes('data: [DONE]\n\n')]) });
    },
    applyGuardrail: guardrail,
  };
  const exchange: Exchange = new handler.Exchange(
    { ...echo, ...services },
    { ...SETTINGS, ...settings },
    {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      requestContext: { requestId: 'r-1' },
      ...event,
    },
    { getRemainingTimeInMillis: () => leftMs },
  );
  const { status, headers, parts: answered } = await exchange.answer();
  let text = '';
  for await (const part of answered) text += part;
  return { status, headers, text, received, log: exchange.finished() };
}

async function* parts(list: readonly Uint8Array[], end?: Error) {
  for (const part of list) yield await Promise.resolve(part);
  if (end) throw end;
}

/** Resolves when a signal is aborted. */
const aborted = (signal?: AbortSignal) =>
  new Promise<void>((done) => {
    signal?.addEventListener('abort', () => {
      done();
    });
  });

const codeOf = ({ text }: { text: string }) => (JSON.parse(text) as { error: { code: string } }).error.code;

describe('rejects a request', () => {
  test.each<[string, string, Setup, number, string]>([
    ['without a body', '', {}, 400, 'malformed'],
    ['with malformed JSON', '{"a":', {}, 400, 'malformed'],
    ['that is a list', '[]', {}, 400, 'malformed'],
    ['that is null', 'null', {}, 400, 'malformed'],
    ['without a content type', '{"a":"b"}', { event: { headers: null } }, 400, 'malformed'],
    ['with a form', '{"a":"b"}', { event: { headers: { 'content-type': 'multipart/form-data' } } }, 400, 'malformed'],
    [
      'with invalid UTF-8',
      Buffer.from([0x7b, 0xff]).toString('base64'),
      { event: { isBase64Encoded: true } },
      400,
      'malformed',
    ],
    ['above the limit', JSON.stringify({ a: 'x'.repeat(1024) }), {}, 413, 'oversized'],
    ['above the limit in bytes, but not in characters', JSON.stringify({ a: 'é'.repeat(600) }), {}, 413, 'oversized'],
    ['with a string for stream', '{"stream":"true"}', {}, 400, 'malformed'],
    ['with a number for stream', '{"stream":1}', {}, 400, 'malformed'],
    ['for a stream without support for streams', '{"stream":true}', { settings: { streams: false } }, 400, 'malformed'],
    ['that the guardrail blocks', '{"inputs":"so bad"}', {}, 403, 'screened'],
    ['that the guardrail masks', '{"inputs":"my mail"}', {}, 403, 'screened'],
  ])('%s', async (_, body, setup, status, code) => {
    const answer = await send(body, setup);
    expect([answer.status, codeOf(answer), answer.received]).toEqual([status, code, []]);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { requestId: 'r-1' } });
  });
});

describe('a valid request', () => {
  test('reaches the model as it was screened, even with a duplicate key', async () => {
    const { status, received } = await send('{"inputs":"so bad","inputs":"good"}');
    expect([status, received]).toEqual([200, ['{"inputs":"good"}']]);
  });

  test('can be in Base64', async () => {
    const body = Buffer.from('{"inputs":"good"}').toString('base64');
    expect(await send(body, { event: { isBase64Encoded: true } })).toMatchObject({ received: ['{"inputs":"good"}'] });
  });

  test('can have any content without screening', async () => {
    const { status, received } = await send({ prompt: [1, 2] }, { settings: { guardrail: undefined } });
    expect([status, received]).toEqual([200, ['{"prompt":[1,2]}']]);
  });
});

describe('an answer', () => {
  const says = (answer: string, contentType?: string): Setup => ({
    services: { invoke: () => Promise.resolve({ body: bytes(answer), contentType }) },
  });

  test('is returned unchanged', async () => {
    const { status, headers, text } = await send({ inputs: 'x y' }, says('{ "text": "fine" }', 'application/json'));
    expect([status, text]).toEqual([200, '{ "text": "fine" }']);
    expect(headers).toEqual({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  test('is masked in each text', async () => {
    const { text } = await send(
      { inputs: 'x y' },
      says('{"choices":[{"text":"by mail"},{"text":"fine"}],"logprobs":{"t":["mail"]}}'),
    );
    expect(JSON.parse(text)).toEqual({ choices: [{ text: 'by {EMAIL}' }, { text: 'fine' }] });
  });

  test('without JSON is screened as plain text', async () => {
    expect(await send({ inputs: 'x y' }, says('by mail', 'text/plain'))).toMatchObject({
      status: 200,
      text: 'by {EMAIL}',
    });
    expect(await send({ inputs: 'x y' }, says('so bad', 'text/plain'))).toMatchObject({ status: 403 });
  });

  test.each([
    ['invalid UTF-8', Uint8Array.from([0xff, 0xfe])],
    ['more than the limit of Lambda', new Uint8Array(5_242_881)],
  ])('with %s is a failure of the model', async (_, body) => {
    const answer = await send({ inputs: 'x y' }, { services: { invoke: () => Promise.resolve({ body }) } });
    expect([answer.status, codeOf(answer)]).toEqual([502, 'model_failed']);
  });
});

describe('an error of the model', () => {
  test.each<[string, object, number, string]>([
    ['ModelError', { OriginalStatusCode: 400 }, 400, 'malformed'],
    ['ModelError', { OriginalStatusCode: 413 }, 413, 'oversized'],
    ['ModelError', { OriginalStatusCode: 429 }, 429, 'throttled'],
    ['ModelError', { OriginalStatusCode: 500 }, 502, 'model_failed'],
    ['ModelError', {}, 502, 'model_failed'],
    ['ThrottlingException', {}, 429, 'throttled'],
    ['ModelNotReadyException', {}, 503, 'unavailable'],
    ['ServiceUnavailable', {}, 503, 'unavailable'],
    ['ValidationError', {}, 503, 'unavailable'],
    ['AccessDeniedException', {}, 503, 'unavailable'],
    ['InternalDependencyException', {}, 502, 'model_failed'],
    ['TimeoutError', {}, 504, 'timeout'],
    ['Error', { code: 'ECONNRESET' }, 502, 'model_failed'],
    ['SomethingNew', { $metadata: {} }, 502, 'model_failed'],
    ['TypeError', {}, 500, 'internal'],
  ])('%s %p returns status %p, and its message is dropped', async (name, more, status, code) => {
    const invoke = () => Promise.reject(named(name, more));
    const answer = await send({ inputs: 'x y' }, { services: { invoke } });
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(answer.text + JSON.stringify(answer.log)).not.toContain('secret');
    expect(answer.log).toMatchObject({ requestId: 'r-1', status, code, error: name });
    expect('retry-after' in answer.headers).toBe(status === 429 || status === 503);
  });

  test('returns a timeout before the function times out', async () => {
    const invoke: Services['invoke'] = (_, signal) => aborted(signal).then(() => Promise.reject(named('Error')));
    expect(await send({ inputs: 'x y' }, { services: { invoke }, leftMs: 800 })).toMatchObject({ status: 504 });
  });
});

describe('a stream', () => {
  const STREAM = { inputs: 'x y', stream: true };
  const streams = (list: readonly string[], end?: Error): Setup => ({
    services: { invokeStream: () => Promise.resolve({ parts: parts(list.map(bytes), end) }) },
  });
  const long = `data: {"text":"${'word '.repeat(60)}"}\n\n`;

  test('is returned', async () => {
    const { status, headers, text, log } = await send(STREAM);
    expect([status, headers['content-type'], text]).toEqual([
      200,
      'text/event-stream',
      'data: {"text":"one"}\n\ndata: [DONE]\n\n',
    ]);
    expect(log).toMatchObject({ streamed: true, status: 200, answerCharacters: text.length });
  });

  test('with a refused beginning has an error status', async () => {
    const answer = await send(STREAM, streams(['data: {"text":"so bad"}\n\n']));
    expect([answer.status, codeOf(answer)]).toEqual([403, 'screened']);
  });

  test('with a refused part ends with an error event', async () => {
    const { status, text, log } = await send(STREAM, streams([long, 'data: {"text":"so bad"}\n\n']));
    expect(status).toBe(200);
    expect(text).toMatch(/data: \{"error":\{"code":"screened",[^\n]*\}\}\n\n$/);
    expect(text).not.toContain('bad');
    expect(log).toMatchObject({ status: 200, code: 'screened', policies: ['sensitiveInformationPolicy:EMAIL'] });
  });

  test.each([
    ['between two events', [long]],
    ['in the middle of an event', [long, 'data: {"text":']],
  ])('that fails %s sends the error as an event of its own', async (_, list) => {
    const { text } = await send(STREAM, streams(list, named('InternalStreamFailure')));
    const events = eventsIn(text).map((event) => JSON.parse(event) as unknown);
    expect(events).toEqual([
      { text: 'word '.repeat(60) },
      { error: { code: 'model_failed', message: expect.any(String), requestId: 'r-1' } },
    ]);
  });

  test('that is screened at the timeout ends with a timeout event', async () => {
    let calls = 0;
    // Like the SDK over HTTP/2, where an aborted call returns an empty answer.
    const applyGuardrail: Services['applyGuardrail'] = (input, signal) => {
      calls += 1;
      return calls < 3 ? guardrail(input) : aborted(signal).then(() => ({}) as never);
    };
    const { invokeStream } = streams([long, long]).services!;
    const answer = await send(STREAM, { services: { invokeStream, applyGuardrail }, leftMs: 800 });
    expect(answer.status).toBe(200);
    expect(JSON.parse(eventsIn(answer.text).at(-1)!)).toMatchObject({ error: { code: 'timeout' } });
    expect(answer.log).toMatchObject({ code: 'timeout' });
  });

  test.each([
    ['ModelStreamError', { ErrorCode: 'ModelInvocationTimeExceeded' }, 'timeout'],
    ['ModelStreamError', { ErrorCode: 'StreamBroken' }, 'model_failed'],
    ['InternalStreamFailure', {}, 'model_failed'],
  ])('that fails with %s %p ends with an error event', async (name, more, code) => {
    const { text } = await send(STREAM, streams([long], named(name, more)));
    expect(text).toMatch(new RegExp(`"code":"${code}".*\\n\\n$`));
    expect(text).not.toContain('secret');
  });

  test('of JSON lines ends with a JSON line for an error', async () => {
    const invokeStream = () =>
      Promise.resolve({
        contentType: 'application/jsonlines',
        parts: parts([bytes(`{"text":"${'word '.repeat(60)}"}\n`)], named('Error', { code: 'EPIPE' })),
      });
    const { text } = await send(STREAM, { services: { invokeStream } });
    expect(codeOf({ text: text.trim().split('\n').at(-1)! })).toBe('model_failed');
  });

  test('keeps characters that are split between two parts', async () => {
    const text = bytes('data: {"text":"é日本"}\n\n');
    const invokeStream = () => Promise.resolve({ parts: parts([...text].map((byte) => Uint8Array.of(byte))) });
    expect(await send(STREAM, { services: { invokeStream } })).toMatchObject({ text: 'data: {"text":"é日本"}\n\n' });
  });
});

test('reads settings from the environment, and a guardrail only with a version', () => {
  const environment = { MAX_BODY_BYTES: '65536', STREAMS: 'true', WINDOW_CHARACTERS: '1000', GUARDRAIL_ID: 'g1' };
  expect(handler.settingsOf(environment)).toEqual({
    maxBodyBytes: 65_536,
    streams: true,
    windowCharacters: 1000,
    guardrail: undefined,
  });
  expect(handler.settingsOf({ ...environment, GUARDRAIL_VERSION: '2' }).guardrail).toEqual({ id: 'g1', version: '2' });
});
