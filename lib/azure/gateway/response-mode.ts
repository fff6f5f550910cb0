import { branded, assertProps, type PropType, NUMBER, type PropSchema } from '../../core/prop-schema';
import { MAX_SECONDS } from './gateway-limits';

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
    assertProps(options, OPTIONS, { name: 'options' });
    return new ResponseMode(streams, options.timeoutSeconds ?? MAX_SECONDS);
  }

  private constructor(
    /** Whether answers can be streamed. */
    public readonly streams: boolean,
    /** Maximum duration of a request, in seconds. */
    public readonly timeoutSeconds: number,
  ) {}
}

/** A `ResponseMode` from any copy of the package. */
export const RESPONSE_MODE: PropType = branded(
  ResponseMode,
  'AzureResponseMode',
  'a ResponseMode',
  'Use ResponseMode.streamed() or ResponseMode.buffered().',
);

const OPTIONS: PropSchema<ResponseOptions> = { timeoutSeconds: NUMBER };
