import type { IMlNetwork } from '../network/network-attributes';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { ILogWorkspace } from '../operations/log-workspace';
import type { IResourceGroup } from '../props/resource-group';
import type { ContentPolicy } from './content-policy';
import type { ModelCapacity } from './model-capacity';

/** When Azure upgrades the model version of a deployment. */
export enum ModelUpgrade {
  /** Never. The deployment stops on the day that Azure retires its version. */
  NEVER = 'NoAutoUpgrade',
  /** On the day that Azure retires its version. */
  WHEN_RETIRED = 'OnceCurrentVersionExpired',
  /** Each time that Azure changes the default version. */
  WHEN_DEFAULT_CHANGES = 'OnceNewDefaultVersionAvailable',
}

/** A model of the Microsoft Foundry catalog, with its capacity. */
export interface FoundryModel {
  /** Name of the model in the catalog, for example `gpt-5.4-mini`. */
  readonly model: string;
  /** Version of the model, for example `2026-03-17`. */
  readonly version: string;
  /** Deployment type and capacity. */
  readonly capacity: ModelCapacity;
  /** Publisher of the model, in the words of the catalog. @default 'OpenAI' */
  readonly format?: string;
  /** When Azure upgrades the version. @default ModelUpgrade.WHEN_RETIRED */
  readonly upgrade?: ModelUpgrade;
}

/** Properties for `FoundryDeployment`. */
export interface FoundryDeploymentProps {
  /** Resource group of the account. Regional deployment types process prompts in its region. */
  readonly resourceGroup: IResourceGroup;
  /** The only network that can reach the account. */
  readonly network: IMlNetwork;
  /** Models by the name that requests use: 2 to 64 letters, digits and any of `-._`. */
  readonly models: Readonly<Record<string, FoundryModel>>;
  /** Content filter for prompts and answers. @default ContentPolicy.of(), which blocks harmful content, attacks and protected material */
  readonly contentPolicy?: ContentPolicy;
  /** Key of the data at rest. @default - a new key with a rotation every 90 days */
  readonly encryptionKey?: IEncryptionKey;
  /** Workspace for audit and request logs, without prompts. @default - a new workspace with a retention of one year */
  readonly logs?: ILogWorkspace;
  /**
   * Name of the account, unique in Azure: 2 to 60 lower-case letters, digits and hyphens.
   *
   * @default - derived from the construct path and the subscription
   */
  readonly accountName?: string;
}
