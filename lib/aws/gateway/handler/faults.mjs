// @ts-check

/**
 * @typedef {'malformed' | 'screened' | 'oversized' | 'throttled' | 'internal' | 'model_failed' | 'unavailable' | 'screening_unavailable' | 'timeout'} FaultCode
 */

/** An error response: a status, a stable code, a message that quotes nothing, and when to retry. */
export class Fault extends Error {
  /**
   * @param {FaultCode} code
   * @param {string} [message] message for the caller, which must not quote a prompt or another service
   */
  constructor(code, message) {
    super(message ?? FAULTS[code].message);
    this.name = 'Fault';
    this.code = code;
    this.status = FAULTS[code].status;
    /** @type {number | undefined} */
    this.retryAfterSeconds = FAULTS[code].retryAfterSeconds;
  }

  /** @param {string} requestId */
  body(requestId) {
    return JSON.stringify({ error: { code: this.code, message: this.message, requestId } });
  }
}

/** @type {Readonly<Record<FaultCode, Readonly<{ status: number, message: string, retryAfterSeconds?: number }>>>} */
export const FAULTS = {
  malformed: { status: 400, message: 'The body must be a JSON object that the model accepts.' },
  screened: { status: 403, message: 'The request or its answer was refused by a content policy.' },
  oversized: { status: 413, message: 'The body is too large for this gateway.' },
  throttled: { status: 429, message: 'The model is at its limit. Try again later.', retryAfterSeconds: 1 },
  internal: { status: 500, message: 'The gateway failed.' },
  model_failed: { status: 502, message: 'The model failed, or its answer is invalid.' },
  unavailable: { status: 503, message: 'The model is not ready. Try again later.', retryAfterSeconds: 10 },
  screening_unavailable: { status: 503, message: 'Screening is at its limit. Try again later.', retryAfterSeconds: 2 },
  timeout: { status: 504, message: 'The model did not answer in time.' },
};

/** Codes for errors of SageMaker Runtime, and for timeouts. */
const BY_NAME = /** @type {Readonly<Record<string, FaultCode | undefined>>} */ ({
  AbortError: 'timeout',
  TimeoutError: 'timeout',
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  ModelNotReadyException: 'unavailable',
  ServiceUnavailable: 'unavailable',
  ServiceUnavailableException: 'unavailable',
  // A name or a permission of the endpoint is wrong. Callers cannot fix it.
  ValidationError: 'unavailable',
  AccessDeniedException: 'unavailable',
  InternalDependencyException: 'model_failed',
  InternalFailure: 'model_failed',
  InternalStreamFailure: 'model_failed',
  ModelStreamError: 'model_failed',
});

/** Codes for statuses of the container. */
const BY_MODEL_STATUS = /** @type {Readonly<Record<number, FaultCode | undefined>>} */ ({
  400: 'malformed',
  408: 'timeout',
  413: 'oversized',
  422: 'malformed',
  429: 'throttled',
  503: 'unavailable',
  504: 'timeout',
});

/**
 * Returns the error response for an error of the model. It drops the message, because models quote prompts in their errors.
 *
 * @param {unknown} error
 * @returns {Fault}
 */
export function faultOf(error) {
  if (error instanceof Fault) return error;
  const { name = '', code = '', $metadata, OriginalStatusCode: status, ErrorCode: streamCode } = Object(error);
  if (name === 'ModelError') return new Fault(BY_MODEL_STATUS[status] ?? 'model_failed');
  if (streamCode === 'ModelInvocationTimeExceeded') return new Fault('timeout');
  // An error of the network or the SDK, and not of this code.
  const fromOutside = $metadata !== undefined || /^E[A-Z]+$/.test(code);
  return new Fault(BY_NAME[name] ?? (fromOutside ? 'model_failed' : 'internal'));
}

/**
 * Returns the error response for an error of the guardrail. Nothing passes unscreened.
 *
 * @param {unknown} error
 * @returns {Fault}
 */
export function screeningFaultOf(error) {
  const { name = '' } = Object(error);
  return new Fault(BY_NAME[name] === 'timeout' ? 'timeout' : 'screening_unavailable');
}
