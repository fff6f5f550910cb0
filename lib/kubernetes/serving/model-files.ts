import type { ProblemCollector } from '../../core/errors';
import { isDnsLabel } from '../manifest';

/** Model in object storage, with a file `SHA256SUMS` next to its files. */
export interface ObjectStorageSource {
  /** Kind of the source. */
  readonly kind: 'object-storage';
  /** Address without a trailing slash, for example `s3://models/llama/v3`. */
  readonly address: string;
  /** SHA-256 checksum of the file `SHA256SUMS`, which lists the checksums of the files of the model in the format of `sha256sum`. */
  readonly sha256: string;
  /** Container image with `sh`, `sha256sum` and the programs of `copy`. */
  readonly image: string;
  /** Shell command that copies one file from `$from` to `$to` and creates the folders of `$to`. */
  readonly copy: string;
}

/** One revision of a Hugging Face repository. */
export interface HuggingFaceSource {
  /** Kind of the source. */
  readonly kind: 'hugging-face';
  /** Repository in the format `organization/name`. */
  readonly repository: string;
  /** Commit with 40 hexadecimal digits. A branch or a tag can move. */
  readonly revision: string;
  /** Name of a secret in the namespace whose key `token` gives access to a gated repository. @default - the repository is not gated */
  readonly tokenSecret?: string;
}

/** Model on an existing volume. */
export interface VolumeSource {
  /** Kind of the source. */
  readonly kind: 'volume';
  /** Name of the persistent volume claim. */
  readonly claimName: string;
  /** Folder on the volume. @default - the root of the volume */
  readonly path?: string;
}

/** Location of the files of a model. */
export type ModelSource = ObjectStorageSource | HuggingFaceSource | VolumeSource;

/** Cache for the files of a model between starts. */
export type ModelCache =
  /** In the pod: on the disk of the node, or on local NVMe if the kubelet uses it. */
  | { readonly kind: 'pod' }
  /** On the node, for the next pod on the same node. Use a dedicated folder, for example `/mnt/k8s-disks/0/models`. */
  | { readonly kind: 'node'; readonly path: string }
  /** On a volume that all pods share. */
  | { readonly kind: 'volume'; readonly claimName: string };

/** Adds problems for the location and the cache of a model. */
export function checkModelFiles(problems: ProblemCollector, source: ModelSource, cache: ModelCache): void {
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ModelSourceInvalid', prop, allowed, got, fix });
  if (source.kind === 'object-storage' && !/^[0-9a-f]{64}$/.test(source.sha256)) {
    wrong('sha256', '64 hexadecimal digits', source.sha256, 'Run `sha256sum SHA256SUMS` in the folder of the model.');
  }
  if (source.kind === 'object-storage' && (source.address === '' || source.address.endsWith('/'))) {
    wrong('address', 'an address without a trailing slash', source.address, 'Remove the last slash.');
  }
  if (source.kind === 'hugging-face') {
    if (!/^[0-9a-f]{40}$/.test(source.revision)) {
      const fix = 'Copy the commit from the history of the repository, because a branch or a tag can move.';
      wrong('revision', 'a commit with 40 hexadecimal digits', source.revision, fix);
    }
    if (!/^[\w.-]+\/[\w.-]+$/.test(source.repository)) {
      wrong('repository', 'in the format organization/name', source.repository, 'Copy it from the page of the model.');
    }
  }
  if (source.kind === 'hugging-face' && source.tokenSecret !== undefined && !isSecretName(source.tokenSecret)) {
    wrong(
      'tokenSecret',
      'the name of a secret',
      source.tokenSecret,
      'Use a secret in the namespace, not the token itself.',
    );
  }
  if (source.kind === 'volume' && source.path?.split('/').includes('..')) {
    wrong('path', 'a folder of the volume', source.path, 'Remove `..` from the path.');
  }
  const claim = source.kind === 'volume' ? source.claimName : cache.kind === 'volume' ? cache.claimName : undefined;
  if (claim !== undefined && !isDnsLabel(claim)) {
    wrong('claimName', 'the name of a persistent volume claim', claim, 'Use a claim in the namespace of the model.');
  }
  if (cache.kind === 'node' && !/^\/[^/]+\/.*[^/]$/.test(cache.path)) {
    wrong(
      'cache.path',
      'an absolute path with at least two folders',
      cache.path,
      'Use a dedicated folder of the node.',
    );
  }
}

/** Adds a problem if the size of a model is invalid. */
export function checkModelSize(problems: ProblemCollector, sizeGiB: number, prop = 'sizeGiB'): void {
  if (Number.isFinite(sizeGiB) && sizeGiB > 0) return;
  problems.add({
    code: 'ModelSourceInvalid',
    prop,
    allowed: 'a positive number of GiB',
    got: sizeGiB,
    fix: 'Use the total size of the files of the model.',
  });
}

/** Returns whether a name is a DNS subdomain, like the name of a secret. */
function isSecretName(name: string): boolean {
  return name.length <= 253 && name.split('.').every(isDnsLabel);
}
