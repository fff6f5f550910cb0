import { Duration } from 'aws-cdk-lib';
import { assertProps, brand } from '../../core/prop-schema';
import { BUFFERED_SECONDS } from './gateway-options';
import { BUFFERED_OPTIONS, STREAMED_OPTIONS } from '../prop-schemas';

/** Options for buffered answers. */
export interface BufferedOptions {
  /** Maximum duration of a request, in whole seconds: 29 seconds, or up to 60 with a raised `timeoutQuota`. @default Duration.seconds(29) */
  readonly timeout?: Duration;
  /**
   * Integration timeout quota of the account in API Gateway, if it was raised.
   *
   * @default Duration.seconds(29)
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
   */
  readonly timeoutQuota?: Duration;
}

/** Options for streamed answers. */
export interface StreamedOptions {
  /** Maximum duration of a request, in whole seconds, up to 15 minutes. @default Duration.minutes(5) */
  readonly timeout?: Duration;
  /**
   * Characters that are screened at a time, 400 to 10,000. A small window shows text sooner, and a large one includes more context. Bedrock
   * bills in units of 1000 characters.
   *
   * @default 1000
   */
  readonly windowCharacters?: number;
}

/** How a gateway sends answers to the caller. */
export class ResponseMode {
  /** Sends an answer when it is complete. Refuses requests for a stream. */
  static buffered(options: BufferedOptions = {}): ResponseMode {
    assertProps(options, BUFFERED_OPTIONS, { name: 'options' });
    const { timeout = Duration.seconds(BUFFERED_SECONDS), timeoutQuota } = options;
    return new ResponseMode(false, timeout, 0, timeoutQuota);
  }

  /**
   * Streams an answer if the caller sets `"stream": true`. Otherwise sends it when it is complete.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
   */
  static streamed(options: StreamedOptions = {}): ResponseMode {
    assertProps(options, STREAMED_OPTIONS, { name: 'options' });
    const { timeout = Duration.minutes(5), windowCharacters = 1000 } = options;
    return new ResponseMode(true, timeout, windowCharacters);
  }

  private constructor(
    /** Whether answers can be streamed. */
    public readonly streams: boolean,
    /** Maximum duration of a request. */
    public readonly timeout: Duration,
    /** Characters of a stream that are screened at a time, or 0 without streams. */
    public readonly windowCharacters: number,
    /** Integration timeout quota of the account in API Gateway. @default - the default quota */
    public readonly timeoutQuota?: Duration,
  ) {}
}

brand(ResponseMode, 'aws.ResponseMode');
