import { listOf, NUMBER, objectOf, oneOf, required, type Shape, TEXT, TEXT_OR_EMPTY } from '../../core/shapes';
import type { EnvVar } from '../manifest';
import type { ServerOptions, VllmServerOptions } from './server';

/** The kinds of the options of any server. */
export const SERVER: Shape<ServerOptions> = {
  image: TEXT,
  args: listOf(TEXT_OR_EMPTY),
  env: listOf(objectOf<EnvVar>({ name: required(TEXT), value: required(TEXT_OR_EMPTY) }, 'a variable { name, value }')),
};

/** The kinds of the options of vLLM. */
export const VLLM: Shape<VllmServerOptions> = {
  ...SERVER,
  servedModelName: TEXT,
  maxModelLength: NUMBER,
  memoryShare: NUMBER,
  kvCacheType: oneOf(['auto', 'fp8']),
};
