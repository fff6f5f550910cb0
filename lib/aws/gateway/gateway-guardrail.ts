import { createHash } from 'node:crypto';
import { ArnFormat, Names, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnGuardrail, type CfnGuardrailProps, CfnGuardrailVersion } from 'aws-cdk-lib/aws-bedrock';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { BLOCKED_PII } from './pii-types';
import {
  type ExistingGuardrail,
  type GuardrailOptions,
  PiiAction,
  type PromptScreening,
  ScreeningStrength,
} from './prompt-screening';

/** A guardrail that the gateway applies. */
export interface IAppliedGuardrail {
  /** ID or ARN of the guardrail. */
  readonly guardrailId: string;
  /** Version of the guardrail. */
  readonly version: string;
  /** Allows a principal to apply the guardrail. */
  grantApply(grantee: IGrantable): Grant;
}

/** Returns the guardrail of a screening, and creates it if it is new. */
export function guardrailOf(
  scope: Construct,
  screening: PromptScreening,
  removalPolicy: RemovalPolicy,
): IAppliedGuardrail | undefined {
  const { options, existingGuardrail } = screening;
  if (existingGuardrail) return appliedExisting(scope, existingGuardrail);
  return options && new GatewayGuardrail(scope, 'Guardrail', { ...options, removalPolicy });
}

/** Properties for `GatewayGuardrail`. */
export interface GatewayGuardrailProps extends GuardrailOptions {
  /** Removal policy of the key. */
  readonly removalPolicy: RemovalPolicy;
}

/** A Bedrock guardrail for prompts and answers, with a new version for each set of policies. */
export class GatewayGuardrail extends Construct implements IAppliedGuardrail {
  /** The guardrail. */
  public readonly resource: CfnGuardrail;
  /** KMS key of the guardrail. */
  public readonly encryptionKey: Key;
  /** ID of the guardrail. */
  public readonly guardrailId: string;
  /** The version that the gateway applies. An edit in the console has no effect on it. */
  public readonly version: string;

  /** @internal */
  constructor(scope: Construct, id: string, props: GatewayGuardrailProps) {
    super(scope, id);
    const { removalPolicy } = props;
    const policies = policiesOf(props);
    this.encryptionKey = new Key(this, 'Key', { enableKeyRotation: true, removalPolicy });
    this.resource = new CfnGuardrail(this, 'Resource', {
      name: Names.uniqueResourceName(this, { maxLength: 50, separator: '-' }),
      blockedInputMessaging: 'The request was refused by a content policy.',
      blockedOutputsMessaging: 'The answer was withheld by a content policy.',
      kmsKeyArn: this.encryptionKey.keyArn,
      ...policies,
    });
    // A version never changes. A new description replaces the version when the policies change.
    const version = new CfnGuardrailVersion(this, 'Version', {
      guardrailIdentifier: this.resource.attrGuardrailId,
      description: `Policies ${createHash('sha256').update(JSON.stringify(policies)).digest('hex').slice(0, 16)}`,
    });
    this.guardrailId = this.resource.attrGuardrailId;
    this.version = version.attrVersion;
  }

  /** Allows a principal to apply the guardrail, and to decrypt it. */
  grantApply(grantee: IGrantable): Grant {
    const decrypt = this.encryptionKey.grantDecrypt(grantee);
    return decrypt.combine(grantApply(grantee, this.resource.attrGuardrailArn));
  }
}

function appliedExisting(scope: Construct, { guardrailId, version }: ExistingGuardrail): IAppliedGuardrail {
  const arn = guardrailId.startsWith('arn:')
    ? guardrailId
    : Stack.of(scope).formatArn({
        service: 'bedrock',
        resource: 'guardrail',
        resourceName: guardrailId,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      });
  return { guardrailId, version, grantApply: (grantee) => grantApply(grantee, arn) };
}

function grantApply(grantee: IGrantable, arn: string): Grant {
  return Grant.addToPrincipal({ grantee, actions: ['bedrock:ApplyGuardrail'], resourceArns: [arn] });
}

type Policies = Pick<
  CfnGuardrailProps,
  'contentPolicyConfig' | 'sensitiveInformationPolicyConfig' | 'topicPolicyConfig'
>;

const HARMFUL = ['HATE', 'INSULTS', 'SEXUAL', 'VIOLENCE', 'MISCONDUCT'];

/** The policies of a guardrail. Bedrock rejects an empty policy, so empty ones are left out. */
function policiesOf(options: GuardrailOptions): Policies {
  const { promptAttacks = ScreeningStrength.HIGH, harmfulContent = ScreeningStrength.MEDIUM } = options;
  const filters = [
    // Prompt attacks are only in prompts, so Bedrock supports no output strength for them.
    { type: 'PROMPT_ATTACK', inputStrength: promptAttacks, outputStrength: ScreeningStrength.NONE },
    ...HARMFUL.map((type) => ({ type, inputStrength: harmfulContent, outputStrength: harmfulContent })),
  ].filter(({ inputStrength }) => inputStrength !== ScreeningStrength.NONE);
  const pii = Object.entries(piiOf(options)).map(([type, action]) => ({
    type,
    action,
    inputAction: PiiAction.BLOCK,
    inputEnabled: true,
    outputAction: action,
    outputEnabled: true,
  }));
  const topics = Object.entries(options.deniedTopics ?? {}).map(([name, { definition, examples }]) => ({
    name,
    definition,
    examples: examples && [...examples],
    type: 'DENY',
  }));
  return {
    ...(filters.length > 0 && { contentPolicyConfig: { filtersConfig: filters } }),
    ...(pii.length > 0 && { sensitiveInformationPolicyConfig: { piiEntitiesConfig: pii } }),
    ...(topics.length > 0 && { topicPolicyConfig: { topicsConfig: topics } }),
  };
}

/** The actions on personal data by type, with their defaults. */
export function piiOf({ pii }: GuardrailOptions): Readonly<Record<string, PiiAction>> {
  return pii ?? Object.fromEntries(BLOCKED_PII.map((type) => [type, PiiAction.BLOCK]));
}
