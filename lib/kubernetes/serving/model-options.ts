import { demand, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import type { ModelSource } from './model-files';

/** A model in a bucket, with `SHA256SUMS` beside its files. */
export interface BucketModelOptions {
  /** Folder of the bucket, e.g. `llama-3.1-70b/v3/`: one fixed version. */
  readonly prefix: string;
  /** SHA-256 of the file `SHA256SUMS`, which lists each file with its own: only what it proves is served. */
  readonly sha256: string;
  /** Size of the weights, in GiB. */
  readonly sizeGiB: number;
}

/** A model of the Hugging Face hub. */
export interface HubModelOptions {
  /** The commit, 40 hexadecimal digits: only that names always the same files. */
  readonly revision: string;
  /** Size of the weights, in GiB. */
  readonly sizeGiB: number;
  /** A secret in the namespace of the model, whose key `token` opens a gated repository. @default - the repository is open */
  readonly tokenSecret?: string;
}

/** A model that lies on a volume of the cluster already. */
export interface VolumeModelOptions {
  /** Size of the weights, in GiB. */
  readonly sizeGiB: number;
  /** Folder on the volume. @default - its root */
  readonly path?: string;
}

/** The kinds of the options of a model in a bucket. */
export const BUCKET_MODEL: Shape<BucketModelOptions> = {
  prefix: required(TEXT),
  sha256: required(TEXT),
  sizeGiB: required(NUMBER),
};

const HUB_MODEL: Shape<HubModelOptions> = {
  revision: required(TEXT),
  sizeGiB: required(NUMBER),
  tokenSecret: TEXT,
};

const VOLUME_MODEL: Shape<VolumeModelOptions> = { sizeGiB: required(NUMBER), path: TEXT };

/** A commit of a repository of the hub; refuses what has the wrong kinds. */
export function hubSource(repository: string, options: HubModelOptions): ModelSource {
  demand({ repository }, { repository: required(TEXT) });
  demand(options, HUB_MODEL, { name: 'options' });
  const { revision, tokenSecret } = options;
  return { kind: 'hugging-face', repository, revision, tokenSecret };
}

/** A folder of a volume; refuses what has the wrong kinds. */
export function volumeSource(claimName: string, options: VolumeModelOptions): ModelSource {
  demand({ claimName }, { claimName: required(TEXT) });
  demand(options, VOLUME_MODEL, { name: 'options' });
  return { kind: 'volume', claimName, path: options.path };
}
