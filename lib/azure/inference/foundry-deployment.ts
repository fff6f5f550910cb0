import { createHash } from 'node:crypto';
import type { ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { demand, required, TEXT } from '../../core/shapes';
import { plainText } from '../../terraform/plain-text';
import type { IContentSafety } from '../gateway/prompt-screening';
import type { IInferenceTarget } from '../gateway/inference-target';
import { AzapiResource } from '../provider/azapi';
import { CognitiveAccountRaiBlocklist, CognitiveDeployment, type RoleAssignment } from '../provider/azurerm';
import { AiAccount } from './ai-account';
import { ContentPolicy, type ContentPolicyOptions } from './content-policy';
import { FOUNDRY_TYPES, policyBody } from './content-policy-body';
import { checkFoundryDeployment } from './foundry-deployment-checks';
import { recordFoundryFindings } from './foundry-deployment-findings';
import { type FoundryDeploymentProps, type FoundryModel, ModelUpgrade } from './foundry-deployment-props';

const POLICY_NAME = 'inference';

/**
 * Models of the catalogue of Microsoft Foundry: an account without keys that one network reaches, a policy that judges prompts and answers,
 * and deployments, made one after the other, since an account takes one change at a time.
 *
 * @see https://learn.microsoft.com/en-us/azure/ai-foundry/foundry-models/concepts/endpoints
 */
export class FoundryDeployment extends Construct implements IInferenceTarget, IContentSafety {
  public readonly account: AiAccount;
  /** The policy that was made. @default - one of the account was named */
  public readonly policy?: AzapiResource;
  /** The deployments, by the name of their model. */
  public readonly deployments: Readonly<Record<string, CognitiveDeployment>>;
  /** What a token of a caller must be for. */
  public readonly tokenAudience = 'https://cognitiveservices.azure.com';
  /** The content policy judges prompts and answers. */
  public readonly screens = true;
  private last: ITerraformDependable;

  constructor(scope: Construct, id: string, props: FoundryDeploymentProps) {
    super(scope, id);
    const problems = new Problems();
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

  /** Address below which the paths of the OpenAI protocol lie. */
  get url(): string {
    return `https://${this.account.name}.openai.azure.com/openai/v1`;
  }

  /** Address of the other services of the account, such as Content Safety. */
  get endpoint(): string {
    return `https://${this.account.name}.cognitiveservices.azure.com`;
  }

  /** Lets a principal, by its object id, call the models. What calls them must wait for this: depend on what is returned. */
  grantInvoke(id: string, principalId: string): RoleAssignment {
    demand({ id, principalId }, { id: required(TEXT), principalId: required(TEXT) }, { scope: this });
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

  /** A term keeps its address wherever it stands in the list. */
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
