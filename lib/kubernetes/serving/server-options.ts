import {
  listOf,
  NUMBER,
  objectOf,
  oneOf,
  required,
  type PropSchema,
  STRING,
  STRING_OR_EMPTY,
} from '../../core/prop-schema';
import type { EnvVar } from '../manifest';
import type { ServerOptions, VllmServerOptions } from './server';

/** Prop types of `ServerOptions`. */
export const SERVER: PropSchema<ServerOptions> = {
  image: STRING,
  args: listOf(STRING_OR_EMPTY),
  env: listOf(
    objectOf<EnvVar>({ name: required(STRING), value: required(STRING_OR_EMPTY) }, 'a variable { name, value }'),
  ),
};

/** Prop types of `VllmServerOptions`. */
export const VLLM: PropSchema<VllmServerOptions> = {
  ...SERVER,
  servedModelName: STRING,
  maxModelLength: NUMBER,
  memoryShare: NUMBER,
  kvCacheType: oneOf(['auto', 'fp8']),
};
