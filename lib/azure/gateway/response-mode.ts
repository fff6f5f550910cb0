import { branded, demand, type Kind, NUMBER, type Shape } from '../../core/shapes';
import { MOST_SECONDS } from './gateway-limits';

/** Options for answers. */
export interface ResponseOptions {
  /** Seconds that a request may take, 1 to 240. @default 240 */
  readonly timeoutSeconds?: number;
}

/** How answers reach the caller. */
export class ResponseMode {
  /** In one piece, when the model is done. */
  static buffered(options: ResponseOptions = {}): ResponseMode {
    return ResponseMode.of(false, options);
  }

  /** As they come, where the caller asks for it with `"stream": true`; in one piece otherwise. */
  static streamed(options: ResponseOptions = {}): ResponseMode {
    return ResponseMode.of(true, options);
  }

  private static of(streams: boolean, options: ResponseOptions): ResponseMode {
    demand(options, OPTIONS, { name: 'options' });
    return new ResponseMode(streams, options.timeoutSeconds ?? MOST_SECONDS);
  }

  private constructor(
    public readonly streams: boolean,
    /** Seconds that a request may take. */
    public readonly timeoutSeconds: number,
  ) {}
}

/** A response mode, of whichever copy of the package. */
export const RESPONSE_MODE: Kind = branded(
  ResponseMode,
  'AzureResponseMode',
  'a ResponseMode',
  'Use ResponseMode.streamed() or ResponseMode.buffered().',
);

const OPTIONS: Shape<ResponseOptions> = { timeoutSeconds: NUMBER };
