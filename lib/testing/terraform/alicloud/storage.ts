import { amount, details, MANAGED, type Readers, UNENCRYPTED } from '../../view';

/** Readers of file systems on Alibaba Cloud. */
export const ALICLOUD_STORAGE_READERS: Readers = {
  alicloud_nas_file_system: ({ name, props }, view) => ({
    storage: [
      {
        name,
        kind: view.text(props.file_system_type) === 'cpfs' ? 'CPFS' : 'NAS',
        sizeGiB: view.number(props.capacity),
        throughput: throughputOf(view.text(props.storage_type)),
        encryption:
          props.kms_key_id !== undefined
            ? view.encryption(props.kms_key_id)
            : view.number(props.encrypt_type) === 1
              ? MANAGED
              : UNENCRYPTED,
        ...details({ zone: view.text(props.zone_id) }),
      },
    ],
  }),
  // They belong to a file system.
  alicloud_nas_protocol_service: ({ props }, view) => (view.find(props.file_system_id) ? {} : undefined),
  alicloud_nas_protocol_mount_target: ({ props }, view) => (view.find(props.file_system_id) ? {} : undefined),
  alicloud_nas_mount_target: ({ props }, view) => (view.find(props.file_system_id) ? {} : undefined),
  alicloud_nas_fileset: ({ props }, view) => (view.find(props.file_system_id) ? {} : undefined),
  alicloud_nas_data_flow: ({ props }, view) => (view.find(props.file_system_id) ? {} : undefined),
};

/** The throughput in the name of a tier: `advance_100`. */
function throughputOf(tier = ''): string | undefined {
  return amount(Number(/^advance_(\d+)$/.exec(tier)?.[1] ?? NaN) || undefined, 'MB/s per TiB');
}
