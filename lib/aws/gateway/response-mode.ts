import { Duration } from 'aws-cdk-lib';
import { branded, demand, type Kind, NUMBER, type Shape } from '../../core/shapes';
import { DURATION } from '../props/shapes';
import { BUFFERED_SECONDS } from './gateway-limits';

/** Options for answers in one piece. */
export interface BufferedOptions {
  /** Longest time from request to answer. @default Duration.seconds(29) */
  readonly timeout?: Duration;
  /**
   * The account's quota for the time that API Gateway waits, if it was raised.
   *
   * @default Duration.seconds(29)
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
   */
  readonly timeoutQuota?: Duration;
}

/** Options for answers that stream. */
export interface StreamedOptions {
  /** Longest time from request to the end of the answer, up to 15 minutes. @default Duration.minutes(5) */
  readonly timeout?: Duration;
  /**
   * Characters that screening judges at a time, from 400 to 10,000: a small window shows text sooner, a large one sees more context. Bedrock
   * bills by the thousand.
   *
   * @default 1000
   */
  readonly windowCharacters?: number;
}

/** How answers reach the caller. */
export class ResponseMode {
  /** In one piece, when the model is done. A request for a stream is refused. */
  static buffered(options: BufferedOptions = {}): ResponseMode {
    demand(options, BUFFERED, { name: 'options' });
    const { timeout = Duration.seconds(BUFFERED_SECONDS), timeoutQuota } = options;
    return new ResponseMode(false, timeout, 0, timeoutQuota);
  }

  /**
   * As they come, where the caller asks for it with `"stream": true`; in one piece otherwise.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
   */
  static streamed(options: StreamedOptions = {}): ResponseMode {
    demand(options, STREAMED, { name: 'options' });
    const { timeout = Duration.minutes(5), windowCharacters = 1000 } = options;
    return new ResponseMode(true, timeout, windowCharacters);
  }

  private constructor(
    public readonly streams: boolean,
    /** Longest time of a request. */
    public readonly timeout: Duration,
    /** Characters that screening judges at a time. Zero: answers are judged whole. */
    public readonly windowCharacters: number,
    /** The account's quota for the time that API Gateway waits. @default - never raised */
    public readonly timeoutQuota?: Duration,
  ) {}
}

/** A response mode, of whichever copy of the package. */
export const RESPONSE_MODE: Kind = branded(
  ResponseMode,
  'ResponseMode',
  'a ResponseMode',
  'Use ResponseMode.streamed() or ResponseMode.buffered().',
);

const BUFFERED: Shape<BufferedOptions> = { timeout: DURATION, timeoutQuota: DURATION };

const STREAMED: Shape<StreamedOptions> = { timeout: DURATION, windowCharacters: NUMBER };
