import { assertProps, brand } from '../../core/prop-schema';
import { MAX_SECONDS } from './gateway-options';
import { RESPONSE_OPTIONS } from '../prop-schemas';

/** Options for the responses of a gateway. */
export interface ResponseOptions {
  /** Maximum duration of a request, in seconds, 1 to 240. @default 240 */
  readonly timeoutSeconds?: number;
}

/** How a gateway sends answers to the caller. */
export class ResponseMode {
  /** Sends an answer when it is complete. */
  static buffered(options: ResponseOptions = {}): ResponseMode {
    return ResponseMode.of(false, options);
  }

  /** Streams an answer if the caller sets `"stream": true`. Otherwise sends it when it is complete. */
  static streamed(options: ResponseOptions = {}): ResponseMode {
    return ResponseMode.of(true, options);
  }

  private static of(streams: boolean, options: ResponseOptions): ResponseMode {
    assertProps(options, RESPONSE_OPTIONS, { name: 'options' });
    return new ResponseMode(streams, options.timeoutSeconds ?? MAX_SECONDS);
  }

  private constructor(
    /** Whether answers can be streamed. */
    public readonly streams: boolean,
    /** Maximum duration of a request, in seconds. */
    public readonly timeoutSeconds: number,
  ) {}
}

brand(ResponseMode, 'azure.ResponseMode');
