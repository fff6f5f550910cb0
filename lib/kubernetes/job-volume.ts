import type { ProblemCollector } from '../core/errors';
import { assertProps, BOOLEAN, brand, NUMBER, required, STRING } from '../core/prop-schema';
import { isObjectName } from './manifest';
import { type AcceleratorPool, NODE_MOUNTS } from './pool';

/** Where a job mounts a volume. */
export interface MountOptions {
  /** Absolute path in the container. */
  readonly mountPath: string;
  /** Whether the job cannot write to the volume. @default false */
  readonly readOnly?: boolean;
}

/** Options for scratch space. */
export interface ScratchOptions {
  /** Absolute path in the container. */
  readonly mountPath: string;
  /** Size above which the pod is evicted. @default - all disk space that the node offers to pods */
  readonly sizeGiB?: number;
}

/** Volume of a driver on the nodes that needs no claim. */
export interface InlineVolume {
  /** Name of the CSI driver. */
  readonly driver: string;
  /** Attributes for the driver. */
  readonly volumeAttributes: Readonly<Record<string, string>>;
  /** Annotations that the pods of the job need. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

const MOUNT = { mountPath: required(STRING), readOnly: BOOLEAN };

/**
 * Volume that a training job mounts. The objects must exist in the namespace `training`.
 *
 * @example
 * ```ts
 * import { JobVolume } from 'ai-infra-constructs/aws';
 *
 * const volumes = [JobVolume.claim('tokenized', { mountPath: '/data', readOnly: true }), JobVolume.scratch({ mountPath: '/scratch' })];
 * ```
 */
export class JobVolume {
  /** Mounts a persistent volume claim. It must allow access from many nodes. */
  static claim(claimName: string, options: MountOptions): JobVolume {
    assertProps({ claimName, ...options }, { claimName: required(STRING), ...MOUNT });
    return new JobVolume(options, { persistentVolumeClaim: { claimName } }, claimName);
  }

  /** Mounts each key of a ConfigMap as a file. Such files are read-only. */
  static configMap(name: string, options: Pick<MountOptions, 'mountPath'>): JobVolume {
    assertProps({ name, ...options }, { name: required(STRING), mountPath: MOUNT.mountPath });
    return new JobVolume({ ...options, readOnly: true }, { configMap: { name } }, name);
  }

  /** Mounts each key of a secret as a file. Such files are read-only. */
  static secret(secretName: string, options: Pick<MountOptions, 'mountPath'>): JobVolume {
    assertProps({ secretName, ...options }, { secretName: required(STRING), mountPath: MOUNT.mountPath });
    return new JobVolume({ ...options, readOnly: true }, { secret: { secretName } }, secretName);
  }

  /** Creates an empty folder on the disk of each node. It is deleted with the pod. */
  static scratch(options: ScratchOptions): JobVolume {
    assertProps(options, { mountPath: MOUNT.mountPath, sizeGiB: NUMBER }, { name: 'options' });
    const { mountPath, sizeGiB } = options;
    return new JobVolume({ mountPath }, { emptyDir: sizeGiB === undefined ? {} : { sizeLimit: `${sizeGiB}Gi` } });
  }

  /** @internal Mounts a volume of a CSI driver without a claim. */
  static inline({ driver, volumeAttributes, annotations }: InlineVolume, options: MountOptions): JobVolume {
    const { readOnly = false } = options;
    return new JobVolume(options, { csi: { driver, readOnly, volumeAttributes } }, undefined, annotations);
  }

  /** Absolute path in the container. */
  public readonly mountPath: string;
  /** Whether the job cannot write to the volume. */
  public readonly readOnly: boolean;

  private constructor(
    { mountPath, readOnly = false }: MountOptions,
    /** @internal Source of the volume in a pod. */
    public readonly source: Readonly<Record<string, unknown>>,
    /** @internal Name of the object with the content. */
    public readonly objectName?: string,
    /** @internal Annotations that the pods of the job need. */
    public readonly annotations?: Readonly<Record<string, string>>,
  ) {
    this.mountPath = mountPath;
    this.readOnly = readOnly;
  }
}

brand(JobVolume, 'kubernetes.JobVolume');

/** Fields of a pod that mounts volumes. */
export interface PodVolumes {
  /** Volumes of the pod. */
  readonly volumes: readonly unknown[];
  /** Mounts of the container. */
  readonly volumeMounts: readonly unknown[];
  /** Annotations of the pod. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** Returns the fields of a pod for volumes. */
export function podVolumes(given: readonly JobVolume[] = []): PodVolumes {
  const named = given.map((volume, index) => ({ volume, name: `job-volume-${index}` }));
  return {
    volumes: named.map(({ name, volume: { source } }) => ({ name, ...source })),
    volumeMounts: named.map(({ name, volume: { mountPath, readOnly } }) => ({
      name,
      mountPath,
      ...(readOnly && { readOnly }),
    })),
    annotations: Object.assign({}, ...given.map(({ annotations }) => annotations)) as Record<string, string>,
  };
}

/** Adds a problem for each bucket among the volumes of a job if jobs have no identity that can read it. */
export function checkBucketAccess(
  problems: ProblemCollector,
  volumes: readonly JobVolume[] = [],
  identity: object | undefined,
): void {
  if (identity) return;
  volumes.forEach(({ source }, index) => {
    if (!source.csi) return;
    problems.add({
      code: 'JobVolume',
      prop: `volumes[${index}]`,
      allowed: 'a bucket that jobs can access: `datasets` or `checkpoints` of the cluster',
      got: 'a bucket on a cluster without datasets and checkpoints',
      fix: 'Set `datasets` of the cluster to this bucket if jobs read it, or `checkpoints` if they write it.',
    });
  });
}

const PATH = /^(\/[^/:\s]+)+$/;

/** Adds problems for the volumes of a job: names, sizes, and mount paths that are invalid, used twice, or used by this library. */
export function checkVolumes(
  problems: ProblemCollector,
  volumes: readonly JobVolume[] = [],
  { fabric }: AcceleratorPool,
): void {
  const { hostPaths = [], files = [] } = fabric?.pod ?? {};
  const taken = new Set([...NODE_MOUNTS, ...[...hostPaths, ...files].flatMap(({ mountPath }) => mountPath ?? [])]);
  volumes.forEach(({ mountPath, objectName, source }, index) => {
    const at = problems.within(`volumes[${index}]`);
    const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
      at.add({ code: 'JobVolume', prop, allowed, got, fix });
    if (objectName !== undefined && !isObjectName(objectName)) {
      wrong('name', 'a name of a Kubernetes object: lowercase letters, digits, "-" and "."', objectName, 'Fix it.');
    }
    const { sizeLimit } = (source.emptyDir ?? {}) as { sizeLimit?: string };
    if (sizeLimit !== undefined && !/^[1-9]\d*Gi$/.test(sizeLimit)) {
      wrong('sizeGiB', 'a whole number of at least 1', sizeLimit, 'Set the size in GiB, or leave it out.');
    }
    if (!PATH.test(mountPath) || mountPath.split('/').includes('..')) {
      wrong(
        'mountPath',
        'an absolute path without ":", ".." and a slash at the end',
        mountPath,
        'Use a path like /data.',
      );
    } else if (taken.has(mountPath)) {
      const allowed = 'a path that no other volume, the fabric, and the shared file system use';
      wrong('mountPath', allowed, mountPath, 'Choose another path.');
    }
    taken.add(mountPath);
  });
}
