import { assertProps, required, STRING } from '../../core/prop-schema';
import type { ModelSource } from './model-files';
import { HUB_MODEL_OPTIONS, VOLUME_MODEL_OPTIONS } from '../prop-schemas';

/** Options for a model in a bucket, with a file `SHA256SUMS` next to its files. */
export interface BucketModelOptions {
  /** Folder of the bucket with one fixed version of the model, for example `llama-3.1-70b/v3/`. */
  readonly prefix: string;
  /** SHA-256 checksum of the file `SHA256SUMS`, which lists the checksums of all files. Files that do not match are not served. */
  readonly sha256: string;
  /** Size of the weights. */
  readonly sizeGiB: number;
}

/** Options for a model on the Hugging Face Hub. */
export interface HubModelOptions {
  /** Commit with 40 hexadecimal digits. A branch or a tag can move. */
  readonly revision: string;
  /** Size of the weights. */
  readonly sizeGiB: number;
  /** Name of a secret in the namespace of the model whose key `token` gives access to a gated repository. @default - the repository is not gated */
  readonly tokenSecret?: string;
}

/** Options for a model on an existing volume of the cluster. */
export interface VolumeModelOptions {
  /** Size of the weights. */
  readonly sizeGiB: number;
  /** Folder on the volume. @default - the root of the volume */
  readonly path?: string;
}

/** Returns the source for a commit of a Hugging Face repository. Throws if the options have the wrong types. */
export function hubSource(repository: string, options: HubModelOptions): ModelSource {
  assertProps({ repository }, { repository: required(STRING) });
  assertProps(options, HUB_MODEL_OPTIONS, { name: 'options' });
  const { revision, tokenSecret } = options;
  return { kind: 'hugging-face', repository, revision, tokenSecret };
}

/** Returns the source for a folder of a volume. Throws if the options have the wrong types. */
export function volumeSource(claimName: string, options: VolumeModelOptions): ModelSource {
  assertProps({ claimName }, { claimName: required(STRING) });
  assertProps(options, VOLUME_MODEL_OPTIONS, { name: 'options' });
  return { kind: 'volume', claimName, path: options.path };
}
