import { createHash } from 'node:crypto';
import type { ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, required, STRING } from '../../core/prop-schema';
import { plainText } from '../../terraform/names';
import type { IContentSafety } from '../gateway/prompt-screening';
import type { IInferenceTarget } from '../gateway/inference-target';
import { AzapiResource } from '../provider/azapi';
import { CognitiveAccountRaiBlocklist, CognitiveDeployment, type RoleAssignment } from '../provider/azurerm';
import { AiAccount } from './ai-account';
import { ContentPolicy, type ContentPolicyOptions, FOUNDRY_TYPES, policyBody } from './content-policy';
import { checkFoundryDeployment } from './foundry-deployment-checks';
import { record } from '../../terraform/findings';
import { checkProviders } from '../../terraform/provider-checks';
import { ProcessingLocation, type ModelCapacity } from './model-capacity';
import type { IMlNetwork } from '../network/ml-network';
import type { IEncryptionKey } from '../operations/encryption-key';
import type { ILogWorkspace } from '../operations/log-workspace';
import type { IResourceGroup } from '../props/resource-group';

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

const POLICY_NAME = 'inference';

/**
 * Models of the Microsoft Foundry catalog: an account without keys that only one network can reach, a content filter, and deployments. The
 * deployments are created one after another, because Azure allows one change of an account at a time.
 *
 * @see https://learn.microsoft.com/en-us/azure/ai-foundry/foundry-models/concepts/endpoints
 *
 * @example
 * ```ts
 * import { FoundryDeployment, MlNetwork, ModelCapacity, ResourceGroup } from 'ai-infra-constructs/azure';
 * import type { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const resourceGroup = new ResourceGroup(stack, 'Group', { location: 'swedencentral' });
 * const capacity = ModelCapacity.dataZoneStandard({ tokensPerMinute: 200_000 });
 * new FoundryDeployment(stack, 'Models', {
 *   resourceGroup,
 *   network: new MlNetwork(stack, 'Network', { resourceGroup }),
 *   models: { chat: { model: 'gpt-5.4-mini', version: '2026-03-17', capacity } },
 * });
 * ```
 */
export class FoundryDeployment extends Construct implements IInferenceTarget, IContentSafety {
  /** The account of the models. */
  public readonly account: AiAccount;
  /** The new content policy. @default - an existing policy */
  public readonly policy?: AzapiResource;
  /** Deployments by the name of their model. */
  public readonly deployments: Readonly<Record<string, CognitiveDeployment>>;
  /** Audience of the token that callers send. */
  public readonly tokenAudience = 'https://cognitiveservices.azure.com';
  /** Always true: the content policy screens prompts and answers. */
  public readonly screens = true;
  private last: ITerraformDependable;

  constructor(scope: Construct, id: string, props: FoundryDeploymentProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    checkFoundryDeployment(problems, props);
    problems.throwIfAny(this);
    const { models, contentPolicy = ContentPolicy.of() } = props;
    this.account = new AiAccount(this, 'Account', props);
    this.last = this.account.ready;
    this.policy = contentPolicy.options && this.addPolicy(contentPolicy.options);
    const policyName = contentPolicy.existingName ?? POLICY_NAME;
    this.deployments = Object.fromEntries(
      Object.entries(models).map(([name, model]) => [name, this.deploy(name, model, policyName)]),
    );
    recordFoundryFindings(this, props);
  }

  /** Base address of the OpenAI protocol. */
  get url(): string {
    return `https://${this.account.name}.openai.azure.com/openai/v1`;
  }

  /** Address of the other services of the account, for example Content Safety. */
  get endpoint(): string {
    return `https://${this.account.name}.cognitiveservices.azure.com`;
  }

  /** Grants a principal the right to call the models. Callers must depend on the result. @param principalId object id of the principal */
  grantInvoke(id: string, principalId: string): RoleAssignment {
    assertProps({ id, principalId }, { id: required(STRING), principalId: required(STRING) }, { scope: this });
    return this.account.grantInvoke(id, principalId);
  }

  private addPolicy(options: ContentPolicyOptions): AzapiResource {
    for (const [name, { terms = [], patterns = [] }] of Object.entries(options.blocklists ?? {})) {
      const list = this.inTurn(
        new CognitiveAccountRaiBlocklist(this, `Blocklist-${name}`, {
          name,
          cognitiveAccountId: this.account.resource.id,
          dependsOn: [this.last],
        }),
      );
      for (const term of terms) this.addItem(list, name, term, false);
      for (const pattern of patterns) this.addItem(list, name, pattern, true);
    }
    return this.inTurn(
      new AzapiResource(this, 'Policy', {
        type: FOUNDRY_TYPES.policy,
        name: POLICY_NAME,
        parentId: this.account.resource.id,
        body: policyBody(options),
        locks: [this.account.resource.id],
        dependsOn: [this.last],
      }),
    );
  }

  /** The address of a term does not depend on its position in the list. */
  private addItem({ id: parentId }: CognitiveAccountRaiBlocklist, list: string, pattern: string, isRegex: boolean) {
    const name = `item-${createHash('sha256').update(`${isRegex}:${pattern}`).digest('hex').slice(0, 12)}`;
    this.inTurn(
      new AzapiResource(this, `Blocklist-${list}-${name}`, {
        type: FOUNDRY_TYPES.blocklistItem,
        name,
        parentId,
        body: { properties: { pattern: plainText(pattern), isRegex } },
        locks: [this.account.resource.id],
        dependsOn: [this.last],
      }),
    );
  }

  private deploy(name: string, model: FoundryModel, raiPolicyName: string): CognitiveDeployment {
    const { capacity, format = 'OpenAI', upgrade = ModelUpgrade.WHEN_RETIRED } = model;
    return this.inTurn(
      new CognitiveDeployment(this, `Model-${name}`, {
        name,
        cognitiveAccountId: this.account.resource.id,
        model: { format, name: model.model, version: model.version },
        sku: { name: capacity.sku, capacity: capacity.amount },
        versionUpgradeOption: upgrade,
        raiPolicyName,
        dependsOn: [this.last],
      }),
    );
  }

  private inTurn<T extends TerraformResource>(resource: T): T {
    this.last = resource;
    return resource;
  }
}

/** Records the findings of a deployment. */
export function recordFoundryFindings(scope: Construct, { models }: FoundryDeploymentProps): void {
  const named = Object.entries(models);
  const list = (chosen: typeof named) => chosen.map(([name]) => name).join(', ');
  const abroad = named.filter(([, { capacity }]) => capacity.processingLocation !== ProcessingLocation.REGION);
  const isGlobal = abroad.some(([, { capacity }]) => capacity.processingLocation === ProcessingLocation.GLOBAL);
  if (abroad.length > 0) {
    record(scope, {
      id: 'model/leaves-region',
      level: isGlobal ? 'warning' : 'info',
      message: `Azure can process prompts to ${list(abroad)} in ${isGlobal ? 'any region of the world' : 'other regions of the data zone'}. Only stored data stays in the region.`,
      fix: 'Use ModelCapacity.standard() or provisioned(), or acknowledge this finding.',
      evidence: 'https://learn.microsoft.com/en-us/azure/ai-foundry/foundry-models/concepts/deployment-types',
    });
  }
  const moving = named.filter(([, { upgrade }]) => upgrade === ModelUpgrade.WHEN_DEFAULT_CHANGES);
  if (moving.length > 0) {
    record(scope, {
      id: 'model/auto-upgrade',
      level: 'warning',
      message: `${list(moving)} can change to another version at any time, with other answers than the tested ones.`,
      fix: 'Use ModelUpgrade.WHEN_RETIRED, and change the version in your code.',
      evidence: 'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/how-to/working-with-models',
    });
  }
  const ending = named.filter(([, { upgrade }]) => upgrade === ModelUpgrade.NEVER);
  if (ending.length > 0) {
    record(scope, {
      id: 'model/retires',
      level: 'info',
      message: `${list(ending)} stops on the day that Azure retires its version.`,
      fix: 'Monitor the notices of Azure Service Health, or use ModelUpgrade.WHEN_RETIRED.',
      evidence: 'https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/model-retirements',
    });
  }
}
