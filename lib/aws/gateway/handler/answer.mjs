// @ts-check
import { Fault, faultOf } from './faults.mjs';
import { decoded, headersOf, one, textParts } from './output.mjs';
import { readRequest } from './request.mjs';
import { Screen } from './screen.mjs';
import { Screening } from './screening.mjs';

/** Most bytes of an answer that is given whole: Lambda takes 6 MB with the envelope. */
const MOST_ANSWER_BYTES = 5_242_880;

/** Time that is kept back to say that there was none left. */
const LAST_WORD_MS = 750;

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
 * @typedef {object} LogRecord what is logged of a request: sizes, times and names, and nothing that was said
 * @property {string} requestId
 * @property {number} status
 * @property {string} [code]
 * @property {string} [error] name of the error, without its text
 * @property {number} [requestBytes]
 * @property {number} [answerCharacters]
 * @property {boolean} [streamed]
 * @property {string[]} [policies]
 * @property {number} durationMs
 */

/** One request on its way through. */
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
    this.gone = new AbortController();
    const left = Math.max(1, context.getRemainingTimeInMillis() - LAST_WORD_MS);
    // A timer, since Node may collect the signal of AbortSignal.timeout where only AbortSignal.any holds it, and the time then never ends.
    this.timer = setTimeout(() => this.gone.abort(), left);
    this.timer.unref();
    this.signal = this.gone.signal;
    this.begun = Date.now();
    /** @type {LogRecord} */
    this.record = { requestId: this.requestId, status: 0, durationMs: 0 };
    const { guardrail } = settings;
    this.screening = new Screening(guardrail && new Screen(services.applyGuardrail, guardrail, this.signal));
  }

  /**
   * The answer, whatever happens: an error becomes one, too.
   *
   * @returns {Promise<Answer>}
   */
  async answer() {
    try {
      const request = readRequest(this.event, this.settings.maxBodyBytes);
      this.record.requestBytes = request.bytes;
      this.record.streamed = request.stream;
      if (request.stream && !this.settings.streams) throw new Fault('malformed', 'This gateway does not stream.');
      await this.screening.request(request.json);
      return request.stream ? await this.#streamed(request) : await this.#whole(request);
    } catch (error) {
      return this.#refusal(error);
    }
  }

  /** Stops what is under way: the caller is gone. */
  abandon() {
    clearTimeout(this.timer);
    this.gone.abort();
  }

  /** What is to be logged, once the answer is out. */
  finished() {
    clearTimeout(this.timer);
    this.record.durationMs = Date.now() - this.begun;
    const { policies } = this.screening;
    if (policies.length > 0) this.record.policies = policies;
    return this.record;
  }

  /** @param {ModelRequest} request */
  async #whole({ payload }) {
    const { body, contentType = 'application/json' } = await this.services.invoke(payload, this.signal);
    if (body.length > MOST_ANSWER_BYTES) throw new Fault('model_failed', 'The answer is too large: ask for a stream.');
    const shown = await this.screening.whole(decoded(body));
    this.record.answerCharacters = shown.length;
    return this.#answered(contentType, one(shown));
  }

  /** @param {ModelRequest} request */
  async #streamed({ payload }) {
    const { parts, contentType = 'text/event-stream' } = await this.services.invokeStream(payload, this.signal);
    const passed = this.screening.stream(textParts(parts), this.settings.windowCharacters);
    // The status is said once the first window has passed, so that what begins badly gets a status that says so.
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
      // The status is long gone: the stream itself says how it ended.
      yield contentType.startsWith('text/event-stream') ? `data: ${body}\n\n` : `\n${body}\n`;
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
    // What an aborted call throws depends on where it was: the clock tells more than the error.
    const fault = this.signal.aborted && !(error instanceof Fault) ? new Fault('timeout') : faultOf(error);
    this.record.code = fault.code;
    if (fault !== error) this.record.error = String(Object(error).name);
    return fault;
  }
}
