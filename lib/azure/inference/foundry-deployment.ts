import { createHash } from 'node:crypto';
import type { ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, required, STRING } from '../../core/prop-schema';
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
