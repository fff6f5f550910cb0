import { type Kind, objectOf, oneOf, recordOf, required, type Shape, TEXT } from '../../core/shapes';
import { ML_NETWORK, type IMlNetwork } from '../network/network-attributes';
import { ENCRYPTION_KEY, type IEncryptionKey } from '../operations/encryption-key';
import { type ILogWorkspace, LOG_WORKSPACE } from '../operations/log-workspace';
import { type IResourceGroup, RESOURCE_GROUP } from '../props/resource-group';
import { CONTENT_POLICY, type ContentPolicy } from './content-policy';
import { MODEL_CAPACITY, type ModelCapacity } from './model-capacity';

/** When a deployment takes another version of its model. */
export enum ModelUpgrade {
  /** Never: the deployment stops answering on the day that its version is retired. */
  NEVER = 'NoAutoUpgrade',
  /** On the day that its version is retired. */
  WHEN_RETIRED = 'OnceCurrentVersionExpired',
  /** Whenever Azure names another version the default. */
  WHEN_DEFAULT_CHANGES = 'OnceNewDefaultVersionAvailable',
}

/** A model of the catalogue, and how much of it. */
export interface FoundryModel {
  /** Its name in the catalogue, e.g. `gpt-5.4-mini`. */
  readonly model: string;
  /** Its version, e.g. `2026-03-17`. */
  readonly version: string;
  /** How it is bought, and how much of it. */
  readonly capacity: ModelCapacity;
  /** Its publisher, as the catalogue names it. @default 'OpenAI' */
  readonly format?: string;
  /** When it takes another version. @default ModelUpgrade.WHEN_RETIRED */
  readonly upgrade?: ModelUpgrade;
}

/** Properties for `FoundryDeployment`. */
export interface FoundryDeploymentProps {
  /** Where the account stands, and prompts of regional capacity are processed. */
  readonly resourceGroup: IResourceGroup;
  /** The network that the account is reached from: no other way leads to it. */
  readonly network: IMlNetwork;
  /** The models by name: requests call them by it. 2 to 64 letters, digits and any of `-._`. */
  readonly models: Readonly<Record<string, FoundryModel>>;
  /** What judges prompts and answers. @default ContentPolicy.of(): harm, attacks and protected material are refused */
  readonly contentPolicy?: ContentPolicy;
  /** The key of what the account stores. @default - a new key that rotates every 90 days */
  readonly encryptionKey?: IEncryptionKey;
  /** Where it is logged who asked when, and never what. @default - a new workspace, which keeps it for a year */
  readonly logs?: ILogWorkspace;
  /** Name of the account, unique in the world: 2 to 60 lower-case letters, digits and hyphens. @default - from its path and subscription */
  readonly accountName?: string;
}

const MODEL: Kind = objectOf<FoundryModel>(
  {
    model: required(TEXT),
    version: required(TEXT),
    capacity: required(MODEL_CAPACITY),
    format: TEXT,
    upgrade: oneOf(Object.values(ModelUpgrade)),
  },
  'a model { model, version, capacity }',
);

/** The kinds of the props of a deployment. */
export const FOUNDRY_DEPLOYMENT: Shape<FoundryDeploymentProps> = {
  resourceGroup: required(RESOURCE_GROUP),
  network: required(ML_NETWORK),
  models: required(recordOf(MODEL)),
  contentPolicy: CONTENT_POLICY,
  encryptionKey: ENCRYPTION_KEY,
  logs: LOG_WORKSPACE,
  accountName: TEXT,
};
