import type { FileSystemVolumeProps } from '../../kubernetes/training-objects';
import type { ICpfsFileSystem } from './cpfs-file-system';

/** Path of the export in the mount command, as the console shows it. */
const EXPORT_PATH = '/share';

/**
 * Options of the mount command in the guide of ACK. Without `noresvport`, a client may not reconnect after a network failure.
 *
 * @see https://github.com/kubernetes-sigs/alibaba-cloud-csi-driver/tree/master/pkg/nas
 */
const MOUNT_OPTIONS = ['rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport', 'vers=3'];

/** Add-on of ACK that mounts CPFS on nodes. csi-plugin 1.33 and later also needs its feature gate `AlinasMountProxy`. */
export const CPFS_ADD_ON = 'cnfs-nas-daemon';

/**
 * The volume of a file system for the CSI driver of ACK, over NFS. Nodes need an x86 processor and another operating system than ContainerOS.
 *
 * @param volumeName name of the volume, which the driver requires as its handle
 * @returns undefined if the address of the file system is unknown
 */
export function cpfsVolume(
  { mountAddress }: Pick<ICpfsFileSystem, 'mountAddress'>,
  volumeName: string,
): Omit<FileSystemVolumeProps, 'name' | 'namespace'> | undefined {
  if (!mountAddress) return undefined;
  const { server, path = EXPORT_PATH } = mountAddress;
  return {
    driver: 'nasplugin.csi.alibabacloud.com',
    volumeHandle: volumeName,
    volumeAttributes: { mountProtocol: 'cpfs-nfs', server, path, volumeAs: 'subpath' },
    // The number limits nothing. A claim cannot shrink, so it stays the same when the file system grows.
    capacityGiB: 3_600,
    mountOptions: MOUNT_OPTIONS,
  };
}
