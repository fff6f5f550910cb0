import { DataClass } from '../../core/data-class';
import type { IMlNetwork } from '../network/network-attributes';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { IResourceGroup } from '../props/resource-group';
import type { ManagedNetwork } from './managed-network';

/** A resource that a workspace uses, such as a resource of the provider. */
export interface IWorkspaceResource {
  /** Resource id. */
  readonly id: string;
}

/** The storage account of a workspace. A `StorageAccount` of the provider has these attributes. */
export interface IWorkspaceStorage extends IWorkspaceResource {
  /** Tier of the account. A workspace requires `Standard`. @default - unknown */
  readonly accountTierInput?: string;
  /** Whether the account has a hierarchical namespace, which a workspace does not support. @default - unknown */
  readonly isHnsEnabledInput?: unknown;
}

/** Properties for `MachineLearningWorkspace`. */
export interface MachineLearningWorkspaceProps {
  /** Resource group of the workspace. It must have no locks, because they prevent compute clusters from scaling. */
  readonly resourceGroup: IResourceGroup;
  /** Network with private endpoints for the workspace and its new parts. @default - none: create private endpoints elsewhere */
  readonly network?: IMlNetwork;
  /** Managed network for outbound traffic. @default ManagedNetwork.approvedOutbound() */
  readonly outbound?: ManagedNetwork;
  /** Storage account: Standard tier, without a hierarchical namespace. @default - a new account without keys */
  readonly storageAccount?: IWorkspaceStorage;
  /** Key vault for secrets, with Azure RBAC. @default - a new vault */
  readonly keyVault?: IWorkspaceResource;
  /** Container registry. @default - a new registry in the Premium tier, which supports private endpoints */
  readonly containerRegistry?: IWorkspaceResource;
  /** Application Insights for endpoints and jobs. @default - a new one with a Log Analytics workspace */
  readonly applicationInsights?: IWorkspaceResource;
  /**
   * Key for metadata, new storage account, and new registry. It can never change.
   *
   * @default - a new key for confidential and restricted data; Microsoft-managed keys otherwise
   */
  readonly encryptionKey?: IEncryptionKey;
  /**
   * Sensitivity of the data. Confidential and restricted data make it a high business impact workspace, with encrypted scratch disks and less telemetry
   * to Microsoft.
   *
   * @default DataClass.INTERNAL
   */
  readonly dataClass?: DataClass;
  /** Whether the workspace has public network access. Callers need a role assignment. @default false */
  readonly publicAccess?: boolean;
  /** Name of a compute cluster that builds images, because a registry behind a firewall cannot. @default - none: use prebuilt images */
  readonly imageBuildCompute?: string;
  /** Name of the workspace, 3 to 33 characters. @default - derived from the construct path */
  readonly workspaceName?: string;
}
