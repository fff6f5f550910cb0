import { ProblemCollector } from '../core/errors';
import { checkNames, type KubernetesManifest } from './manifest';

/** Properties for `fileSystemVolume`. */
export interface FileSystemVolumeProps {
  /** Name of the claim. The name of the volume is `<namespace>-<name>`. */
  readonly name: string;
  /** Namespace of the claim. */
  readonly namespace: string;
  /** Name of the CSI driver, for example `fsx.csi.aws.com`. */
  readonly driver: string;
  /** Handle that identifies the file system for the driver. */
  readonly volumeHandle: string;
  /** Other attributes for the driver, for example `{ dnsname, mountname }`. @default - none */
  readonly volumeAttributes?: Readonly<Record<string, string>>;
  /** Size of the file system. It is only informative. */
  readonly capacityGiB: number;
  /** Mount options. @default - chosen by the driver */
  readonly mountOptions?: readonly string[];
}

/**
 * Creates a volume for an existing file system, and a claim that is bound to this volume. Deleting the claim or the cluster does not delete
 * data.
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
  const problems = new ProblemCollector();
  checkNames(problems, { name, namespace });
  for (const [prop, value] of Object.entries({ driver, volumeHandle })) {
    if (value) continue;
    problems.add({ code: 'VolumeInvalid', prop, allowed: 'set', got: value, fix: 'Copy it from the file system.' });
  }
  if (!Number.isSafeInteger(capacityGiB) || capacityGiB < 1) {
    problems.add({
      code: 'VolumeInvalid',
      prop: 'capacityGiB',
      allowed: 'a whole number of at least 1',
      got: capacityGiB,
      fix: 'Set the size of the file system.',
    });
  }
  problems.throwIfAny();
}
