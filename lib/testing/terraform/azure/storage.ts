import type { Exposure, Sections } from '../../architecture';
import {
  block,
  type Props,
  records,
  amount,
  details,
  MANAGED,
  type Reader,
  type Readers,
  type Resource,
  type View,
} from '../../view';

/** Readers of storage and keys on Azure. */
export const AZURE_STORAGE_READERS: Readers = {
  azurerm_storage_account: account,
  azurerm_storage_account_customer_managed_key: ({ props }, view) =>
    view.find(props.storage_account_id) ? {} : undefined,
  azurerm_storage_container_immutability_policy: ({ props }, view) =>
    view.find(props.storage_container_resource_manager_id) ? {} : undefined,
  azurerm_storage_container: ({ name, props }, view) => {
    const access = view.text(props.container_access_type) ?? 'private';
    if (access === 'private') return undefined;
    return { exposure: [{ name, kind: 'storage container', why: `everyone can read each ${access}` }] };
  },
  azurerm_managed_lustre_file_system: ({ name, props }, view) => {
    const size = view.number(props.storage_capacity_in_tb);
    return {
      storage: [
        {
          name,
          kind: `Managed Lustre ${view.text(props.sku_name) ?? ''}`.trim(),
          sizeGiB: typeof size === 'number' ? size * 1024 : size,
          encryption: view.encryption(block(props.encryption_key).key_url),
        },
      ],
    };
  },
  azurerm_managed_disk: ({ name, props }, view) => ({
    storage: [
      {
        name,
        kind: `disk ${view.text(props.storage_account_type) ?? ''}`.trim(),
        sizeGiB: view.number(props.disk_size_gb),
        encryption: view.encryption(props.disk_encryption_set_id),
      },
    ],
    ...(view.text(props.network_access_policy) === 'AllowAll' &&
      view.flag(props.public_network_access_enabled) !== false && {
        exposure: [{ name, kind: 'disk', why: 'exports are allowed from every network' }],
      }),
  }),
  azurerm_servicebus_queue: ({ name, props }, view) => ({
    queues: [
      {
        name,
        kind: 'Service Bus queue',
        ...details({ tries: view.text(props.max_delivery_count), kept: view.text(props.default_message_ttl) }),
      },
    ],
  }),
  azurerm_key_vault: vault,
  azurerm_key_vault_key: ({ name, props }) => ({
    keys: [
      {
        name,
        kind: 'Key Vault key',
        ...details({ rotation: props.rotation_policy === undefined ? 'does not rotate' : 'rotates' }),
      },
    ],
  }),
};

function account(resource: Resource, view: View): Partial<Sections> {
  const { name, props } = resource;
  const blobs = block(props.blob_properties);
  const kept = amount(view.number(block(blobs.delete_retention_policy).days), 'days');
  return {
    storage: [
      {
        name,
        kind: `storage account ${[view.text(props.account_tier), view.text(props.account_replication_type)].filter(Boolean).join(' ')}`,
        encryption: view.encryption(keyOf(resource, view), MANAGED),
        retention: kept && `deleted blobs kept for ${kept}`,
        ...details({
          hierarchical: view.flag(props.is_hns_enabled) === true && 'yes',
          versions: view.flag(blobs.versioning_enabled) === true && 'kept',
          lock: lockOf(resource, view),
          'shared keys': view.flag(props.shared_access_key_enabled) === false ? 'rejected' : 'accepted',
        }),
      },
    ],
    exposure: reach(view, name, 'storage account', props, block(props.network_rules)),
  };
}

/** Returns the key of an account, which is a block or a separate resource. */
function keyOf(resource: Resource, view: View): unknown {
  const { key_vault_key_id: own } = block(resource.props.customer_managed_key);
  const [apart] = view
    .ofType('azurerm_storage_account_customer_managed_key')
    .filter(({ props }) => view.find(props.storage_account_id) === resource);
  return own ?? apart?.props.key_vault_key_id ?? apart?.props.key_vault_id;
}

/** Returns how long the blobs of an account cannot be deleted, and whether the lock is permanent. */
function lockOf(account: Resource, view: View): string | undefined {
  const locks = view.ofType('azurerm_storage_container_immutability_policy').filter(({ props }) => {
    const container = view.find(props.storage_container_resource_manager_id);
    return container && view.find(container.props.storage_account_id) === account;
  });
  const texts = locks.map(({ props }) => {
    const days = amount(view.number(props.immutability_period_in_days), 'days') ?? '';
    return view.flag(props.locked) === true ? `${days}, permanent` : days;
  });
  return texts.join(', ') || undefined;
}

/** Returns the exposure of a service. By default Azure opens services to every network, but callers need credentials. */
export function reach(view: View, name: string, kind: string, props: Props, rules: Props): Exposure[] {
  if (view.flag(props.public_network_access_enabled) === false) return [];
  const anonymous = kind === 'storage account' && view.flag(props.allow_nested_items_to_be_public) !== false;
  const callers = anonymous ? 'containers can be made public' : 'with credentials';
  if (view.text(rules.default_action) === 'Deny') return [];
  return [{ name, kind, why: `open to every network, ${callers}` }];
}

function vault({ name, props }: Resource, view: View): ReturnType<Reader> {
  const days = amount(view.number(props.soft_delete_retention_days), 'days');
  return {
    keys: [
      {
        name,
        kind: 'Key Vault',
        ...details({
          purge: view.flag(props.purge_protection_enabled) === true ? 'purge protected' : 'can be purged',
          kept: days && `deleted keys kept for ${days}`,
        }),
      },
    ],
    exposure: reach(view, name, 'Key Vault', props, records(props.network_acls)[0] ?? {}),
  };
}
