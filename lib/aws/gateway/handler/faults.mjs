// @ts-check

/**
 * @typedef {'malformed' | 'screened' | 'oversized' | 'throttled' | 'internal' | 'model_failed' | 'unavailable' | 'screening_unavailable' | 'timeout'} FaultCode
 */

/** What a caller is told: a status, a stable code, a sentence that quotes nothing, and when to come back. */
export class Fault extends Error {
  /**
   * @param {FaultCode} code
   * @param {string} [because] more of it, for the caller: never a part of a prompt, nor of what another service said
   */
  constructor(code, because) {
    super(because ?? FAULTS[code].message);
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
  malformed: { status: 400, message: 'The body is no JSON object that the model takes.' },
  screened: { status: 403, message: 'The request or its answer was refused by a content policy.' },
  oversized: { status: 413, message: 'The body is larger than this gateway takes.' },
  throttled: { status: 429, message: 'The model is at its limit. Try again later.', retryAfterSeconds: 1 },
  internal: { status: 500, message: 'The gateway failed.' },
  model_failed: { status: 502, message: 'The model failed, or answered with nothing that can be passed on.' },
  unavailable: { status: 503, message: 'The model is not ready. Try again later.', retryAfterSeconds: 10 },
  screening_unavailable: { status: 503, message: 'Screening is at its limit. Try again later.', retryAfterSeconds: 2 },
  timeout: { status: 504, message: 'The model took longer than this gateway waits.' },
};

/** How the errors of SageMaker Runtime, and of the clock, are told. */
const BY_NAME = /** @type {Readonly<Record<string, FaultCode | undefined>>} */ ({
  AbortError: 'timeout',
  TimeoutError: 'timeout',
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  ModelNotReadyException: 'unavailable',
  ServiceUnavailable: 'unavailable',
  ServiceUnavailableException: 'unavailable',
  // A name or a permission of the endpoint is wrong: no caller can mend it.
  ValidationError: 'unavailable',
  AccessDeniedException: 'unavailable',
  InternalDependencyException: 'model_failed',
  InternalFailure: 'model_failed',
  InternalStreamFailure: 'model_failed',
  ModelStreamError: 'model_failed',
});

/** How the statuses of the container itself are told. */
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
 * What an error of the model's side is for the caller. The text of the error stays here: a model quotes prompts in its errors.
 *
 * @param {unknown} error
 * @returns {Fault}
 */
export function faultOf(error) {
  if (error instanceof Fault) return error;
  const { name = '', code = '', $metadata, OriginalStatusCode: status, ErrorCode: streamCode } = Object(error);
  if (name === 'ModelError') return new Fault(BY_MODEL_STATUS[status] ?? 'model_failed');
  if (streamCode === 'ModelInvocationTimeExceeded') return new Fault('timeout');
  // What the network or the SDK says, and not our own code.
  const fromOutside = $metadata !== undefined || /^E[A-Z]+$/.test(code);
  return new Fault(BY_NAME[name] ?? (fromOutside ? 'model_failed' : 'internal'));
}

/**
 * What an error of the guardrail is for the caller: nothing passes unscreened.
 *
 * @param {unknown} error
 * @returns {Fault}
 */
export function screeningFaultOf(error) {
  const { name = '' } = Object(error);
  return new Fault(BY_NAME[name] === 'timeout' ? 'timeout' : 'screening_unavailable');
}
