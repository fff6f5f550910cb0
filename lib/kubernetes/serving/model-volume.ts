import { FETCH_HUGGING_FACE, FETCH_OBJECTS } from './fetch-scripts';
import type { HuggingFaceSource, ModelCache, ModelSource, ObjectStorageSource } from './model-files';
import { ROOT_SECURITY, SERVER_SECURITY } from './security';

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
