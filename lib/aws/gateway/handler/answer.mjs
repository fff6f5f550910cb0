// @ts-check
import { Fault, faultOf } from './faults.mjs';
import { decoded, headersOf, one, textParts } from './output.mjs';
import { readRequest } from './request.mjs';
import { Screen } from './screen.mjs';
import { Screening } from './screening.mjs';

/** Maximum bytes of a buffered answer. Lambda returns at most 6 MB, with the envelope. */
const MAX_ANSWER_BYTES = 5_242_880;

/** Time that is reserved to answer with a timeout. */
const TIMEOUT_RESERVE_MS = 750;

/**
 * @typedef {import('./request.mjs').GatewayEvent} GatewayEvent
 * @typedef {import('./request.mjs').ModelRequest} ModelRequest
 *
 * @typedef {import('./services.mjs').Services} Services
 * @typedef {import('./services.mjs').Settings} Settings
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {AsyncIterable<string>} parts
 *
 * @typedef {object} LogRecord log entry of a request, with sizes, times and names, but no content
 * @property {string} requestId
 * @property {number} status
 * @property {string} [code]
 * @property {string} [error] name of the error, without its message
 * @property {number} [requestBytes]
 * @property {number} [answerCharacters]
 * @property {boolean} [streamed]
 * @property {string[]} [policies]
 * @property {number} durationMs
 */

/** A request and its answer. */
export class Exchange {
  /**
   * @param {Services} services
   * @param {Settings} settings
   * @param {GatewayEvent} event
   * @param {{ getRemainingTimeInMillis(): number }} context
   */
  constructor(services, settings, event, context) {
    this.services = services;
    this.settings = settings;
    this.event = event;
    this.requestId = event.requestContext?.requestId ?? '';
    this.controller = new AbortController();
    const left = Math.max(1, context.getRemainingTimeInMillis() - TIMEOUT_RESERVE_MS);
    // Not AbortSignal.timeout: Node can collect its signal if only AbortSignal.any refers to it. The timeout then never fires.
    this.timer = setTimeout(() => this.controller.abort(), left);
    this.timer.unref();
    this.signal = this.controller.signal;
    this.startedAt = Date.now();
    /** @type {LogRecord} */
    this.record = { requestId: this.requestId, status: 0, durationMs: 0 };
    const { guardrail } = settings;
    this.screening = new Screening(guardrail && new Screen(services.applyGuardrail, guardrail, this.signal));
  }

  /**
   * Returns the answer. An error also becomes an answer.
   *
   * @returns {Promise<Answer>}
   */
  async answer() {
    try {
      const request = readRequest(this.event, this.settings.maxBodyBytes);
      this.record.requestBytes = request.bytes;
      this.record.streamed = request.stream;
      if (request.stream && !this.settings.streams)
        throw new Fault('malformed', 'This gateway does not support streams.');
      await this.screening.request(request.json);
      return request.stream ? await this.#streamed(request) : await this.#whole(request);
    } catch (error) {
      return this.#refusal(error);
    }
  }

  /** Cancels the calls to the model and the guardrail, because the caller disconnected. */
  abandon() {
    clearTimeout(this.timer);
    this.controller.abort();
  }

  /** Returns the log entry, after the answer was sent. */
  finished() {
    clearTimeout(this.timer);
    this.record.durationMs = Date.now() - this.startedAt;
    const { policies } = this.screening;
    if (policies.length > 0) this.record.policies = policies;
    return this.record;
  }

  /** @param {ModelRequest} request */
  async #whole({ payload }) {
    const { body, contentType = 'application/json' } = await this.services.invoke(payload, this.signal);
    if (body.length > MAX_ANSWER_BYTES) throw new Fault('model_failed', 'The answer is too large. Request a stream.');
    const shown = await this.screening.whole(decoded(body));
    this.record.answerCharacters = shown.length;
    return this.#answered(contentType, one(shown));
  }

  /** @param {ModelRequest} request */
  async #streamed({ payload }) {
    const { parts, contentType = 'text/event-stream' } = await this.services.invokeStream(payload, this.signal);
    const passed = this.screening.stream(textParts(parts), this.settings.windowCharacters);
    // The status depends on the first window, so a refused beginning gets an error status.
    const first = await passed.next();
    return this.#answered(contentType, this.#rest(first, passed, contentType));
  }

  /**
   * @param {IteratorResult<string>} first
   * @param {AsyncGenerator<string>} others
   * @param {string} contentType
   */
  async *#rest(first, others, contentType) {
    this.record.answerCharacters = 0;
    try {
      for (let next = first; !next.done; next = await others.next()) {
        this.record.answerCharacters += next.value.length;
        yield next.value;
      }
    } catch (error) {
      const fault = this.#note(error);
      const body = fault.body(this.requestId);
      // The status was already sent, so the stream itself ends with the error. The last part can lack the blank line that ends its event.
      yield contentType.startsWith('text/event-stream') ? `\n\ndata: ${body}\n\n` : `\n${body}\n`;
    } finally {
      await others.return(undefined);
    }
  }

  /**
   * @param {string} contentType
   * @param {AsyncIterable<string>} parts
   * @returns {Answer}
   */
  #answered(contentType, parts) {
    this.record.status = 200;
    return { status: 200, headers: headersOf(contentType), parts };
  }

  /**
   * @param {unknown} error
   * @returns {Answer}
   */
  #refusal(error) {
    const fault = this.#note(error);
    this.record.status = fault.status;
    const headers = headersOf('application/json');
    if (fault.retryAfterSeconds) headers['retry-after'] = String(fault.retryAfterSeconds);
    return { status: fault.status, headers, parts: one(fault.body(this.requestId)) };
  }

  /** @param {unknown} error */
  #note(error) {
    // The error of an aborted call depends on its state. The signal is reliable.
    const fault = this.signal.aborted && !(error instanceof Fault) ? new Fault('timeout') : faultOf(error);
    this.record.code = fault.code;
    if (fault !== error) this.record.error = String(Object(error).name);
    return fault;
  }
}
