import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '../../core/error-codes';
import { AiInfraError } from '../../core/errors';

/** Settings of a `PriceClient`. */
export interface PriceClientOptions {
  /** Milliseconds before the first retry. Each later one waits twice as long. */
  readonly retryMs: number;
  /** Milliseconds without any data after which a request fails. */
  readonly timeoutMs: number;
}

/** Requests of one address before it counts as unreachable. */
const ATTEMPTS = 4;
/** A server that asks for a longer pause gets no further request. */
const MAX_PAUSE_MS = 60_000;

/** Reads price lists over HTTP, with retries. */
export class PriceClient {
  constructor(private readonly options: PriceClientOptions) {}

  /** Returns a JSON document. */
  async json(url: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const text = await this.read(url, headers, (response) => response.text());
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw formatError(url, 'JSON', text.slice(0, 40));
    }
  }

  /** Returns a text document. */
  async text(url: string): Promise<string> {
    return this.read(url, {}, (response) => response.text());
  }

  /**
   * Reads a document line by line, without keeping it in memory. `start` runs again for each attempt, so that a retry does not count a line
   * twice.
   */
  async lines<T>(url: string, start: () => LineReader<T>): Promise<T> {
    return this.read(url, {}, async (response, alive) => {
      const reader = start();
      if (!response.body) throw formatError(url, 'a document with lines', 'an empty answer');
      let bytes = 0;
      const counted = Readable.fromWeb(response.body).on('data', (chunk: Buffer) => {
        alive();
        bytes += chunk.length;
      });
      // An error of the stream ends the iteration of readline without an exception.
      let broken: Error | undefined;
      counted.on('error', (error: Error) => (broken = error));
      for await (const line of createInterface({ input: counted, crlfDelay: Infinity })) reader.line(line, bytes);
      if (broken !== undefined) throw broken;
      return reader.end();
    });
  }

  private async read<T>(
    url: string,
    headers: Readonly<Record<string, string>>,
    consume: (response: Response, alive: () => void) => Promise<T>,
  ): Promise<T> {
    let failure: Failure = { reason: 'no answer' };
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const result = await this.attempt(url, headers, consume);
      if ('value' in result) return result.value;
      failure = result;
      const pause = failure.pauseMs ?? this.options.retryMs * 2 ** (attempt - 1);
      if (attempt === ATTEMPTS || pause > MAX_PAUSE_MS) break;
      await sleep(pause);
    }
    const fix = 'Check the network and its proxy, or try again later. Nothing was written.';
    throw listError('PriceListUnreachable', url, 'an address that answers', failure.reason, fix);
  }

  /** Sends one request. Returns a failure that a retry can fix, and throws every other error. */
  private async attempt<T>(
    url: string,
    headers: Readonly<Record<string, string>>,
    consume: (response: Response, alive: () => void) => Promise<T>,
  ): Promise<{ readonly value: T } | Failure> {
    const abort = new AbortController();
    const { timeoutMs } = this.options;
    const timer = setTimeout(() => {
      abort.abort();
    }, timeoutMs);
    try {
      const response = await fetch(url, { headers, signal: abort.signal });
      if (!response.ok) return await failureOf(url, response);
      return { value: await consume(response, () => void timer.refresh()) };
    } catch (error) {
      if (AiInfraError.isAiInfraError(error)) throw error;
      return { reason: abort.signal.aborted ? `no data for ${timeoutMs / 1000} s` : reasonOf(error) };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Collects the lines of a document. */
export interface LineReader<T> {
  /** Reads a line. @param bytes bytes of the document so far */
  line(text: string, bytes: number): void;
  /** Returns the result after the last line. */
  end(): T;
}

interface Failure {
  readonly reason: string;
  /** Pause that the server asks for. @default - it asks for none */
  readonly pauseMs?: number;
}

const RETRIED: readonly number[] = [408, 425, 429];

/** Returns a failure for a status that can change. Throws an error for one that cannot. */
async function failureOf(url: string, response: Response): Promise<Failure> {
  const { status } = response;
  const said = (await response.text().catch(() => '')).replace(/\s+/g, ' ').slice(0, 200);
  const reason = said === '' ? `HTTP ${status}` : `HTTP ${status}: ${said}`;
  if (RETRIED.includes(status) || status >= 500) {
    const seconds = Number(response.headers.get('retry-after') ?? NaN);
    return { reason, ...(seconds >= 0 && { pauseMs: seconds * 1000 }) };
  }
  if (status === 404 || status === 410) throw formatError(url, 'an address of a price list', reason);
  const fix =
    'Check the key or the proxy. Google needs an API key of a project that has the Cloud Billing API enabled.';
  throw listError('PriceListDenied', url, 'an address that accepts the request', reason, fix);
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as {
    readonly cause?: { readonly code?: string; readonly message?: string };
    readonly message: string;
  };
  return cause?.code ?? cause?.message ?? message;
}

/** Returns the error of a list with another format. */
export function formatError(url: string, allowed: string, got: unknown): AiInfraError {
  const fix = 'Update this package, or leave this cloud out with --clouds. Nothing was written.';
  return listError('PriceListFormat', url, allowed, got, fix);
}

function listError(code: ErrorCode, url: string, allowed: string, got: unknown, fix: string): AiInfraError {
  return new AiInfraError([{ code, prop: url.split('?')[0]!, allowed, got, fix }]);
}
