import { ResponseMode } from 'ai-infra-constructs/aws';
import { eventsIn } from '../aws/gateway/handler/support';
import { environmentOf } from './deployment';
import { Emulator } from './ministack';
import { ModelServer } from './model-server';
import { gatewayStack } from './stacks';
import { StreamHost } from './stream-host';

let emulator: Emulator;
let model: ModelServer;
let host: StreamHost;

beforeAll(async () => {
  [emulator, model] = await Promise.all([Emulator.start(), ModelServer.start()]);
  const { app, stack } = gatewayStack('Streams', { model: model.url, bedrock: emulator.url }, () => ({
    responses: ResponseMode.streamed({ windowCharacters: 400 }),
  }));
  host = await StreamHost.start(await environmentOf(emulator, app, stack));
});

afterAll(async () => {
  await Promise.all([host?.stop(), emulator?.stop(), model?.stop()]);
});

interface Streamed {
  readonly status: number;
  readonly type: string | null;
  readonly parts: readonly string[];
  readonly text: string;
}

/** A time limit in seconds that a request does not reach on a slow machine. */
const AMPLE = 100;

async function post(content: string, more: object = { stream: true }, seconds = AMPLE): Promise<Streamed> {
  const body = JSON.stringify({ messages: [{ role: 'user', content }], ...more });
  const headers = { 'content-type': 'application/json', 'x-time-limit': String(seconds) };
  const answer = await fetch(host.url, { method: 'POST', body, headers });
  const parts: string[] = [];
  for await (const part of answer.body!) {
    parts.push(Buffer.from(part).toString());
    // If the answer pauses in the middle, it continues only after its beginning was received.
    model.resume();
  }
  return { status: answer.status, type: answer.headers.get('content-type'), parts, text: parts.join('') };
}

interface Chunk {
  readonly choices?: readonly { readonly delta: { readonly content: string } }[];
  readonly error?: { readonly code: string };
}

/** The events of a stream, which must be valid JSON, without the end marker. */
const chunksOf = (text: string) =>
  eventsIn(text)
    .filter((event) => event !== '[DONE]')
    .map((event) => JSON.parse(event) as Chunk);

const contentOf = (text: string) =>
  chunksOf(text)
    .map(({ choices }) => choices?.[0]?.delta.content ?? '')
    .join('');

/** The error code of the last event. */
const codeOf = (text: string) => chunksOf(text).at(-1)?.error?.code;

const LONG = Array.from({ length: 120 }, (_, at) => `word${at}`).join(' ');

test('releases a whole stream in windows', async () => {
  const { status, type, parts, text } = await post(LONG);
  expect([status, type]).toEqual([200, 'text/event-stream']);
  expect(contentOf(text)).toBe(LONG);
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  expect(parts.length).toBeGreaterThan(2);
  expect(model.calls.at(-1)).toMatchObject({ path: '/endpoints/chat/invocations-response-stream', component: 'llama' });
});

test('sends the beginning before the model has finished', async () => {
  const { status, text } = await post('pause');
  expect([status, contentOf(text)]).toEqual([200, LONG]);
});

test('sends a whole answer without a request for a stream', async () => {
  const { status, type, text } = await post('hello', {});
  expect([status, type]).toEqual([200, 'application/json']);
  expect(JSON.parse(text)).toMatchObject({ choices: [{ message: { content: 'hello' } }] });
});

test('returns an error status if the beginning is refused', async () => {
  const { status, text } = await post('leak');
  expect([status, text]).toEqual([403, expect.stringContaining('"code":"screened"')]);
  expect(text).not.toContain('123-45');
});

test('cuts off a stream before a refused part', async () => {
  const { status, text } = await post('essay');
  expect(status).toBe(200);
  expect(contentOf(text)).toContain('word42');
  expect(text).not.toContain('ada@');
  expect(codeOf(text)).toBe('screened');
  expect(text).not.toContain('[DONE]');
});

test('ends the stream with an error event if the connection to the model breaks, after all screened parts', async () => {
  const { status, text } = await post('break off');
  expect(status).toBe(200);
  expect(contentOf(text)).toMatch(/^word0 word1 .*word(?:29|58) $/);
  expect(codeOf(text)).toBe('model_failed');
  expect(text).not.toContain('[DONE]');
});

test('sends an empty answer', async () => {
  expect(await post('nothing')).toMatchObject({ status: 200, type: 'text/event-stream', text: '' });
});

test('ends the stream with an error event at the timeout, after all screened parts', async () => {
  const { status, text } = await post('saga', undefined, 10);
  expect(status).toBe(200);
  expect(contentOf(text)).toMatch(/^word0 word1 /);
  expect(codeOf(text)).toBe('timeout');
  expect(text).toMatch(/\}\}\n\n$/);
});

test.each([
  ['throttle', AMPLE, 429, 'throttled'],
  ['fail', AMPLE, 502, 'model_failed'],
  ['sleep', 4, 504, 'timeout'],
])('%s: returns an error status before the first part', async (content, seconds, status, code) => {
  const answer = await post(content, undefined, seconds);
  expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(`"code":"${code}"`)]);
  expect(answer.text).not.toMatch(/secret|Traceback/);
});

test('logs sizes, times and names, without prompts and answers', async () => {
  await post('My number is 123-45-6789.');
  const entry = /status: 403[^}]*requestBytes: \d+[^}]*US_SOCIAL_SECURITY_NUMBER/;
  expect(await host.logWith(entry)).toMatch(entry);
  expect(host.log).not.toMatch(/word\d|ada@|123-45|secret|hello/);
});
