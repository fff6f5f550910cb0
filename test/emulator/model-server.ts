import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { message } from './event-stream';

/** One request that reached the model. */
export interface ModelCall {
  readonly path: string;
  readonly component: string | undefined;
  readonly body: Record<string, unknown>;
}

/**
 * SageMaker Runtime with a model that follows the prompt. It can fail, sleep, return personal data, write an essay that ends with it, or a
 * saga that exceeds the timeout. It can pause in the middle of a stream, and then break off, or send nothing. It echoes any other prompt.
 */
export class ModelServer {
  static async start(): Promise<ModelServer> {
    const calls: ModelCall[] = [];
    const control = new EventEmitter();
    const server = createServer((request, response) => {
      void answer(request, response, calls, control);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return new ModelServer(server, calls, control);
  }

  private constructor(
    private readonly server: Server,
    /** Requests that reached the model, in order. */
    readonly calls: ModelCall[],
    private readonly control: EventEmitter,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  /** Continues the streams that pause. */
  resume(): void {
    this.control.emit('resume');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

const ANSWERS: Readonly<Record<string, string>> = {
  mail: 'Write to ada@example.com.',
  leak: 'Write to ada@example.com, or to 123-45-6789.',
  essay: `${words(100)} and write to ada@example.com or to nobody`,
  // Exceeds the timeout of the test on any machine.
  saga: words(2000),
  pause: words(120),
  'break off': words(120),
  nothing: '',
};

/** Streams that pause in the middle, and what they do then. */
const AFTER_PAUSE: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
  pause: () => undefined,
  'break off': (response) => response.destroy(),
};

const FAILURES: Readonly<Record<string, readonly [status: number, name: string, more?: object]>> = {
  fail: [424, 'ModelError', { OriginalStatusCode: 500, OriginalMessage: 'Traceback: secret prompt' }],
  reject: [424, 'ModelError', { OriginalStatusCode: 400, OriginalMessage: 'bad temperature in: secret prompt' }],
  throttle: [400, 'ThrottlingException'],
  'not ready': [429, 'ModelNotReadyException'],
};

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  calls: ModelCall[],
  control: EventEmitter,
): Promise<void> {
  const body = JSON.parse(await textOf(request)) as Record<string, unknown>;
  const path = request.url ?? '';
  calls.push({ path, component: request.headers['x-amzn-sagemaker-inference-component'] as string | undefined, body });
  const prompt = String((body.messages as { content: string }[] | undefined)?.at(-1)?.content ?? body.inputs);
  const afterPause = AFTER_PAUSE[prompt];
  // Listens from the beginning, because a test can resume the answer before its middle.
  const paused = afterPause && once(control, 'resume').then(() => afterPause(response));
  const failure = FAILURES[prompt];
  if (failure) {
    const [status, name, more = {}] = failure;
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name });
    response.end(JSON.stringify({ message: 'the model failed on: secret prompt', ...more }));
    return;
  }
  if (prompt === 'sleep') await sleep(20_000, undefined, { ref: false });
  const text = ANSWERS[prompt] ?? prompt;
  if (path.endsWith('/invocations-response-stream')) await stream(response, text, paused);
  else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(completion(text)));
}

function completion(content: string): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  };
}

function words(count: number): string {
  return Array.from({ length: count }, (_, at) => `word${at}`).join(' ');
}

/** Streams word by word like a model server, with pauses, so that a client can receive words before the end. */
async function stream(response: ServerResponse, text: string, paused?: Promise<unknown>): Promise<void> {
  response.writeHead(200, {
    'content-type': 'application/vnd.amazon.eventstream',
    'x-amzn-sagemaker-content-type': 'text/event-stream',
  });
  if (text === '') return void response.end();
  const parts = text.split(/(?<= )/);
  for (const [at, content] of parts.entries()) {
    if (at === parts.length / 2) await paused;
    // The caller disconnected.
    if (response.destroyed) return;
    const event = { object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] };
    response.write(payloadPart(`data: ${JSON.stringify(event)}\n\n`));
    await sleep(20);
  }
  response.end(payloadPart('data: [DONE]\n\n'));
}

function payloadPart(text: string): Buffer {
  const headers = {
    ':message-type': 'event',
    ':event-type': 'PayloadPart',
    ':content-type': 'application/octet-stream',
  };
  return message(headers, Buffer.from(text));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
