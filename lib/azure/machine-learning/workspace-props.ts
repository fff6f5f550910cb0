import { DataClass } from '../../core/data-class';
import { FLAG, having, type Kind, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { type IMlNetwork, ML_NETWORK } from '../network/network-attributes';
import { ENCRYPTION_KEY, type IEncryptionKey } from '../operations/encryption-key';
import { type IResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
import { MANAGED_NETWORK, type ManagedNetwork } from './managed-network';

/** A resource that a workspace uses, made here or elsewhere: the resource of the provider is one. */
export interface IWorkspaceResource {
  /** Resource id. */
  readonly id: string;
}

/** The storage account of a workspace: a `StorageAccount` of the provider tells of itself what a workspace cannot use. */
export interface IWorkspaceStorage extends IWorkspaceResource {
  /** `Standard`: a workspace takes no other. */
  readonly accountTierInput?: string;
  /** A workspace takes none with a hierarchical namespace. */
  readonly isHnsEnabledInput?: unknown;
}

/** Properties for `MachineLearningWorkspace`. */
export interface MachineLearningWorkspaceProps {
  /** The group that it stands in, without locks: they keep its machines from scaling. */
  readonly resourceGroup: IResourceGroup;
  /** The network from which it is reached, with what belongs to it. @default - none: make a private endpoint elsewhere */
  readonly network?: IMlNetwork;
  /** What its machines reach. @default ManagedNetwork.approvedOutbound() */
  readonly outbound?: ManagedNetwork;
  /** Its storage account: Standard, without a hierarchical namespace. @default - a new one that takes no keys */
  readonly storageAccount?: IWorkspaceStorage;
  /** Its vault for secrets, with rights by role. @default - a new one */
  readonly keyVault?: IWorkspaceResource;
  /** Its registry of images. @default - a new one, of the tier Premium, which has private endpoints */
  readonly containerRegistry?: IWorkspaceResource;
  /** Where its endpoints and jobs tell of themselves. @default - a new one, with a Log Analytics workspace */
  readonly applicationInsights?: IWorkspaceResource;
  /** The key of its metadata, and of storage and registry that are made. It can never change. @default - a new key for confidential and restricted data; keys of Microsoft otherwise */
  readonly encryptionKey?: IEncryptionKey;
  /** How sensitive its data is. From confidential on it is a high-impact workspace: scratch disks are encrypted, and less is told to Microsoft. @default DataClass.INTERNAL */
  readonly dataClass?: DataClass;
  /** Whether it is reached from the internet, by those who may. @default false */
  readonly publicAccess?: boolean;
  /** Name of a compute of the workspace that builds images: a registry behind a firewall builds none itself. @default - none: bring images that are built */
  readonly imageBuildCompute?: string;
  /** Its name, 3 to 33 characters. @default - made of its path */
  readonly workspaceName?: string;
}

const RESOURCE: Kind = having('a resource with an id', ['id'], 'Give { id }, or the resource of the provider.');

/** The kinds of its props. */
export const MACHINE_LEARNING_WORKSPACE: Shape<MachineLearningWorkspaceProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  network: ML_NETWORK,
  outbound: MANAGED_NETWORK,
  storageAccount: RESOURCE,
  keyVault: RESOURCE,
  containerRegistry: RESOURCE,
  applicationInsights: RESOURCE,
  encryptionKey: ENCRYPTION_KEY,
  dataClass: oneOf(Object.values(DataClass)),
  publicAccess: FLAG,
  imageBuildCompute: TEXT,
  workspaceName: TEXT,
};
