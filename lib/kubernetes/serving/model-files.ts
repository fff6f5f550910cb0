import type { Problems } from '../../core/errors';
import { isDnsLabel } from '../manifest';

/** A model below an address of object storage, with `SHA256SUMS` beside its files. */
export interface ObjectStorageSource {
  readonly kind: 'object-storage';
  /** Without a slash at the end, e.g. `s3://models/llama/v3`. */
  readonly address: string;
  /** SHA-256 of the file `SHA256SUMS`, which lists each file of the model with its own, as `sha256sum` writes it. */
  readonly sha256: string;
  /** Image with `sh`, `sha256sum` and what `copy` calls. */
  readonly image: string;
  /** Shell command that copies one file from `$from` to `$to`, and makes the folders of `$to`. */
  readonly copy: string;
}

/** One revision of a Hugging Face repository: only the commit itself names always the same files. */
export interface HuggingFaceSource {
  readonly kind: 'hugging-face';
  /** `organisation/name` */
  readonly repository: string;
  /** The commit, 40 hexadecimal digits. */
  readonly revision: string;
  /** A secret of the namespace whose `token` opens a gated repository. @default - the repository is open */
  readonly tokenSecret?: string;
}

/** A model that lies on a volume already. */
export interface VolumeSource {
  readonly kind: 'volume';
  readonly claimName: string;
  /** Folder on the volume. @default - its root */
  readonly path?: string;
}

/** Where the files of a model come from. */
export type ModelSource = ObjectStorageSource | HuggingFaceSource | VolumeSource;

/** Where fetched files are kept between starts. */
export type ModelCache =
  /** With the pod: on the node's disk, local NVMe where the kubelet has it. */
  | { readonly kind: 'pod' }
  /** On the node, so that the next pod there finds them: a folder of its own, e.g. `/mnt/k8s-disks/0/models`. */
  | { readonly kind: 'node'; readonly path: string }
  /** On a volume that all pods share. */
  | { readonly kind: 'volume'; readonly claimName: string };

/** Adds what is wrong with where a model comes from and where it is kept. */
export function checkModelFiles(problems: Problems, source: ModelSource, cache: ModelCache): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ModelSourceInvalid', prop, allowed, got, fix });
  if (source.kind === 'object-storage' && !/^[0-9a-f]{64}$/.test(source.sha256)) {
    wrong('sha256', '64 hexadecimal digits', source.sha256, 'Run `sha256sum SHA256SUMS` in the folder of the model.');
  }
  if (source.kind === 'object-storage' && (source.address === '' || source.address.endsWith('/'))) {
    wrong('address', 'an address without a slash at its end', source.address, 'Leave the last slash out.');
  }
  if (source.kind === 'hugging-face') {
    if (!/^[0-9a-f]{40}$/.test(source.revision)) {
      const fix = 'Copy the commit from the history of the repository: a branch or a tag may move.';
      wrong('revision', 'a commit, 40 hexadecimal digits', source.revision, fix);
    }
    if (!/^[\w.-]+\/[\w.-]+$/.test(source.repository)) {
      wrong('repository', 'organisation/name', source.repository, 'Copy it from the page of the model.');
    }
  }
  if (source.kind === 'hugging-face' && source.tokenSecret !== undefined && !isSecretName(source.tokenSecret)) {
    wrong('tokenSecret', 'the name of a secret', source.tokenSecret, 'Name a secret of the namespace, not the token.');
  }
  if (source.kind === 'volume' && source.path?.split('/').includes('..')) {
    wrong('path', 'a folder of the volume', source.path, 'Write it without `..`.');
  }
  const claim = source.kind === 'volume' ? source.claimName : cache.kind === 'volume' ? cache.claimName : undefined;
  if (claim !== undefined && !isDnsLabel(claim)) wrong('claimName', 'the name of a claim', claim, 'Name a claim.');
  if (cache.kind === 'node' && !/^\/[^/]+\/.*[^/]$/.test(cache.path)) {
    wrong('cache.path', 'an absolute path below a folder of the node', cache.path, 'Take a folder of its own.');
  }
}

/** Adds a problem where the size of a model is none. */
export function checkModelSize(problems: Problems, sizeGiB: number, prop = 'sizeGiB'): void {
  if (Number.isFinite(sizeGiB) && sizeGiB > 0) return;
  problems.add({
    code: 'ModelSourceInvalid',
    prop,
    allowed: 'a positive number of GiB',
    got: sizeGiB,
    fix: 'Add up the files of the model.',
  });
}

/** Secrets are named as DNS subdomains. */
function isSecretName(text: string): boolean {
  return text.length <= 253 && text.split('.').every(isDnsLabel);
}
