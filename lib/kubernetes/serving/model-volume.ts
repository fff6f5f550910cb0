import type { HuggingFaceSource, ModelCache, ModelSource, ObjectStorageSource } from './model-files';
import { ROOT_SECURITY, SERVER_SECURITY } from './serving-pod';
import { assertProps, required, STRING } from '../../core/prop-schema';
import { HUB_MODEL_OPTIONS, VOLUME_MODEL_OPTIONS } from '../prop-schemas';

/** Volume with the files of a model, and the container that downloads them. */
export interface ModelVolume {
  /** Path of the model in the container. */
  readonly path: string;
  /** Volume of the pod. */
  readonly volume: Readonly<Record<string, unknown>>;
  /** Container that downloads the files before the server starts. @default - the files already exist */
  readonly fetcher?: Readonly<Record<string, unknown>>;
}

const MOUNT = '/models';
const NAME = 'model';

/** Resources of the fetcher. An init container does not increase the resources of the pod above those of the server. */
const FETCHER = { requests: { cpu: '1', memory: '2Gi' }, limits: { memory: '4Gi' } };

/** Returns the volume of a model, and the container that downloads the files. */
export function modelVolume(source: ModelSource, cache: ModelCache, image: string, sizeGiB: number): ModelVolume {
  if (source.kind === 'volume') {
    const path = source.path ? `${MOUNT}/${source.path.replace(/^\/+/, '')}` : MOUNT;
    return { path, volume: { name: NAME, persistentVolumeClaim: { claimName: source.claimName } } };
  }
  const digest = source.kind === 'object-storage' ? source.sha256 : source.revision;
  const fetcher = {
    ...(source.kind === 'object-storage' ? objectFetcher(source) : huggingFaceFetcher(source, image)),
    name: 'fetch-model',
    // The kubelet creates folders on the node as root.
    securityContext: cache.kind === 'node' ? ROOT_SECURITY : SERVER_SECURITY,
    resources: FETCHER,
    volumeMounts: [
      { name: NAME, mountPath: MOUNT },
      { name: 'temporary', mountPath: '/tmp' },
    ],
  };
  return { path: `${MOUNT}/${digest}`, volume: { name: NAME, ...volumeOf(cache, sizeGiB) }, fetcher };
}

/** Read-only mount of the model in the server. */
export const MODEL_MOUNT = { name: NAME, mountPath: MOUNT, readOnly: true };

function volumeOf(cache: ModelCache, sizeGiB: number): Record<string, unknown> {
  if (cache.kind === 'pod') return { emptyDir: { sizeLimit: `${sizeGiB}Gi` } };
  if (cache.kind === 'node') return { hostPath: { path: cache.path, type: 'DirectoryOrCreate' } };
  return { persistentVolumeClaim: { claimName: cache.claimName } };
}

function objectFetcher({ image, copy, address, sha256 }: ObjectStorageSource): Record<string, unknown> {
  return {
    image,
    command: ['sh', '-c', FETCH_OBJECTS],
    env: [...variables({ SOURCE: address, DIGEST: sha256, COPY: copy })],
  };
}

function huggingFaceFetcher({ repository, revision, tokenSecret }: HuggingFaceSource, image: string) {
  const token = { secretKeyRef: { name: tokenSecret, key: 'token' } };
  return {
    image,
    command: ['sh', '-c', FETCH_HUGGING_FACE],
    env: [
      ...variables({ SOURCE: repository, DIGEST: revision }),
      ...(tokenSecret === undefined ? [] : [{ name: 'HF_TOKEN', valueFrom: token }]),
    ],
  };
}

function variables(source: Readonly<Record<string, string>>): unknown[] {
  const values = { ...source, CACHE: MOUNT, HOME: '/tmp' };
  return [
    ...Object.entries(values).map(([name, value]) => ({ name, value })),
    { name: 'POD_UID', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } },
  ];
}

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

// The scripts never contain `${`, because manifests with variables can go through a substitution that does not understand shells. They
// never contain `$(`, because the kubelet would expand it.

/**
 * Copies a model and its list of checksums, `SHA256SUMS`, whose own checksum is known. Only copies files in the list, and fails if a checksum
 * does not match. Skips a model that is already complete. Renames the draft in one step, so that two pods can fetch the model at the same
 * time. `COPY` is a shell command that copies one file from `$from` to `$to`.
 */
export const FETCH_OBJECTS = String.raw`set -eu
target="$CACHE/$DIGEST"
[ -f "$target/.complete" ] && exit 0
draft="$CACHE/.draft-$POD_UID"
rm -rf "$draft"
mkdir -p "$draft"
copy() { from="$SOURCE/$1"; to="$draft/$1"; eval "$COPY"; }
copy SHA256SUMS
cd "$draft"
echo "$DIGEST  SHA256SUMS" | sha256sum -c - || { echo "the checksum of SHA256SUMS in $SOURCE does not match"; exit 1; }
while read -r sum name; do
  case "$sum" in ''|'#'*) continue;; esac
  case "$name" in
    '*'*) echo "$name: create SHA256SUMS in text mode"; exit 1;;
    /*|..|../*|*/..|*/../*) echo "$name: the path is outside the model"; exit 1;;
  esac
  copy "$name"
done < SHA256SUMS
sha256sum -c --quiet SHA256SUMS || { echo "a file in $SOURCE does not match SHA256SUMS"; exit 1; }
touch .complete
mv -T "$draft" "$target" || [ -f "$target/.complete" ]
rm -rf "$draft"
`;

/** Downloads one revision of a Hugging Face repository with the client in the vLLM image. */
export const FETCH_HUGGING_FACE = String.raw`set -eu
target="$CACHE/$DIGEST"
[ -f "$target/.complete" ] && exit 0
draft="$CACHE/.draft-$POD_UID"
rm -rf "$draft"
hf download "$SOURCE" --revision "$DIGEST" --local-dir "$draft"
touch "$draft/.complete"
mv -T "$draft" "$target" || [ -f "$target/.complete" ]
rm -rf "$draft"
`;
