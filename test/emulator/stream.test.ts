import { ResponseMode } from 'ai-infra-constructs/aws';
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
  host = await StreamHost.start(await environmentOf(emulator, app, stack), 4);
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

async function post(content: string, more: object = { stream: true }): Promise<Streamed> {
  const body = JSON.stringify({ messages: [{ role: 'user', content }], ...more });
  const answer = await fetch(host.url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  const parts: string[] = [];
  for await (const part of answer.body!) parts.push(Buffer.from(part).toString());
  return { status: answer.status, type: answer.headers.get('content-type'), parts, text: parts.join('') };
}

const contentOf = (text: string) => [...text.matchAll(/"content":"([^"]*)"/g)].map(([, content]) => content).join('');

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
  const start = Date.now();
  const body = JSON.stringify({ messages: [{ role: 'user', content: LONG }], stream: true });
  const answer = await fetch(host.url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  const reader = answer.body!.getReader();
  await reader.read();
  const first = Date.now() - start;
  while (!(await reader.read()).done);
  expect(first).toBeLessThan(0.7 * (Date.now() - start));
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
  expect(text).toContain('"code":"screened"');
  expect(text).not.toContain('[DONE]');
});

test('ends the stream with an error event at the timeout, after all screened parts', async () => {
  const { status, text } = await post('saga');
  expect(status).toBe(200);
  expect(contentOf(text)).toMatch(/^word0 word1 /);
  expect(text).toMatch(/data: \{"error":\{"code":"timeout",.*\}\}\n\n$/);
});

test.each([
  ['throttle', 429, 'throttled'],
  ['fail', 502, 'model_failed'],
  ['sleep', 504, 'timeout'],
])('%s: returns an error status before the first part', async (content, status, code) => {
  const answer = await post(content);
  expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(`"code":"${code}"`)]);
  expect(answer.text).not.toMatch(/secret|Traceback/);
});

test('logs sizes, times and names, without prompts and answers', async () => {
  await post('My number is 123-45-6789.');
  expect(host.log).toContain('status: 403');
  expect(host.log).toContain('US_SOCIAL_SECURITY_NUMBER');
  expect(host.log).not.toMatch(/word\d|ada@|123-45|secret|hello/);
});
