import { Problems } from '../core/errors';
import { checkNames, type KubernetesManifest } from './manifest';

/** Properties for `fileSystemVolume`. */
export interface FileSystemVolumeProps {
  /** Name of the claim; the volume's name is that of the namespace and it. */
  readonly name: string;
  /** Namespace of the claim. */
  readonly namespace: string;
  /** CSI driver, e.g. `fsx.csi.aws.com`. */
  readonly driver: string;
  /** What the driver knows the file system by. */
  readonly volumeHandle: string;
  /** What else the driver must know, e.g. `{ dnsname, mountname }`. @default - nothing */
  readonly volumeAttributes?: Readonly<Record<string, string>>;
  /** Size of the file system: informs, and limits nothing. */
  readonly capacityGiB: number;
  /** @default - the driver's */
  readonly mountOptions?: readonly string[];
}

/**
 * An existing file system as a volume, and a claim that is bound to it and to nothing else. Deleting the claim, or the cluster,
 * deletes no data.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume
 */
export function fileSystemVolume(
  props: FileSystemVolumeProps,
): [volume: KubernetesManifest, claim: KubernetesManifest] {
  const { name, namespace, driver, volumeHandle, volumeAttributes, capacityGiB, mountOptions } = props;
  check(props);
  const volumeName = `${namespace}-${name}`;
  const storage = `${capacityGiB}Gi`;
  const shared = { accessModes: ['ReadWriteMany'], volumeMode: 'Filesystem', storageClassName: '' };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volumeName },
      spec: {
        ...shared,
        capacity: { storage },
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name },
        csi: { driver, volumeHandle, ...(volumeAttributes && { volumeAttributes: { ...volumeAttributes } }) },
        ...(mountOptions && { mountOptions: [...mountOptions] }),
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace },
      spec: { ...shared, volumeName, resources: { requests: { storage } } },
    },
  ];
}

function check({ name, namespace, driver, volumeHandle, capacityGiB }: FileSystemVolumeProps): void {
  const problems = new Problems();
  checkNames(problems, { name, namespace });
  for (const [prop, value] of Object.entries({ driver, volumeHandle })) {
    if (value) continue;
    problems.add({ code: 'VolumeInvalid', prop, allowed: 'given', got: value, fix: 'Take it from the file system.' });
  }
  if (!Number.isSafeInteger(capacityGiB) || capacityGiB < 1) {
    problems.add({
      code: 'VolumeInvalid',
      prop: 'capacityGiB',
      allowed: 'a whole number of at least 1',
      got: capacityGiB,
      fix: 'Give the size of the file system.',
    });
  }
  problems.throwIfAny();
}
