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

/** A guardrail that a function applies: its id, its version, and the right to use it. */
export interface AppliedGuardrail {
  readonly guardrailId: string;
  readonly version: string;
  grantApply(grantee: IGrantable): Grant;
}

/** The guardrail of a screening, made below a construct where it has to be. */
export function guardrailOf(
  scope: Construct,
  { options, existingGuardrail }: PromptScreening,
  removalPolicy: RemovalPolicy,
): AppliedGuardrail | undefined {
  if (existingGuardrail) return appliedExisting(scope, existingGuardrail);
  return options && new GatewayGuardrail(scope, 'Guardrail', { ...options, removalPolicy });
}

/** Properties for `GatewayGuardrail`. */
export interface GatewayGuardrailProps extends GuardrailOptions {
  /** What becomes of the key when it leaves the stack. */
  readonly removalPolicy: RemovalPolicy;
}

/** A Bedrock guardrail for prompts and answers, at a version of its own for each set of policies. */
export class GatewayGuardrail extends Construct implements AppliedGuardrail {
  public readonly resource: CfnGuardrail;
  public readonly encryptionKey: Key;
  public readonly guardrailId: string;
  /** The version that is applied: an edit in the console changes nothing until it is deployed from here. */
  public readonly version: string;

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
    // A version keeps the policies that it was made of: other policies need another one, and a new description makes it.
    const version = new CfnGuardrailVersion(this, 'Version', {
      guardrailIdentifier: this.resource.attrGuardrailId,
      description: `Policies ${createHash('sha256').update(JSON.stringify(policies)).digest('hex').slice(0, 16)}`,
    });
    this.guardrailId = this.resource.attrGuardrailId;
    this.version = version.attrVersion;
  }

  grantApply(grantee: IGrantable): Grant {
    this.encryptionKey.grantDecrypt(grantee);
    return grantApply(grantee, this.resource.attrGuardrailArn);
  }
}

function appliedExisting(scope: Construct, { guardrailId, version }: ExistingGuardrail): AppliedGuardrail {
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

/** The policies of a guardrail. Bedrock refuses an empty one, so each is there only where it says something. */
function policiesOf(options: GuardrailOptions): Policies {
  const { promptAttacks = ScreeningStrength.HIGH, harmfulContent = ScreeningStrength.MEDIUM } = options;
  const filters = [
    // An answer attacks no prompt: Bedrock takes no strength for it.
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

/** What is done about personal data, by type. */
export function piiOf({ pii }: GuardrailOptions): Readonly<Record<string, PiiAction>> {
  return pii ?? Object.fromEntries(BLOCKED_PII.map((type) => [type, PiiAction.BLOCK]));
}
