import { NUMBER, required, type Shape, TEXT } from '../../core/shapes';

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

/** The kinds of the options of a model of the hub. */
export const HUB_MODEL: Shape<HubModelOptions> = {
  revision: required(TEXT),
  sizeGiB: required(NUMBER),
  tokenSecret: TEXT,
};

/** The kinds of the options of a model on a volume. */
export const VOLUME_MODEL: Shape<VolumeModelOptions> = { sizeGiB: required(NUMBER), path: TEXT };
