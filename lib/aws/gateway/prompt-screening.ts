import { assertProps, brand } from '../../core/prop-schema';
import { EXISTING_GUARDRAIL, GUARDRAIL_OPTIONS } from '../prop-schemas';
import { createHash } from 'node:crypto';
import { ArnFormat, Names, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnGuardrail, type CfnGuardrailProps, CfnGuardrailVersion } from 'aws-cdk-lib/aws-bedrock';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/**
 * Types of personal data that a Bedrock guardrail detects.
 *
 * Source: Bedrock Runtime API, GuardrailPiiEntityType, as the AWS SDK for JavaScript declares it; read 2026-11.
 */
export const PII_TYPES = [
  'ADDRESS',
  'AGE',
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'CA_HEALTH_NUMBER',
  'CA_SOCIAL_INSURANCE_NUMBER',
  'CREDIT_DEBIT_CARD_CVV',
  'CREDIT_DEBIT_CARD_EXPIRY',
  'CREDIT_DEBIT_CARD_NUMBER',
  'DRIVER_ID',
  'EMAIL',
  'INTERNATIONAL_BANK_ACCOUNT_NUMBER',
  'IP_ADDRESS',
  'LICENSE_PLATE',
  'MAC_ADDRESS',
  'NAME',
  'PASSWORD',
  'PHONE',
  'PIN',
  'SWIFT_CODE',
  'UK_NATIONAL_HEALTH_SERVICE_NUMBER',
  'UK_NATIONAL_INSURANCE_NUMBER',
  'UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER',
  'URL',
  'USERNAME',
  'US_BANK_ACCOUNT_NUMBER',
  'US_BANK_ROUTING_NUMBER',
  'US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER',
  'US_PASSPORT_NUMBER',
  'US_SOCIAL_SECURITY_NUMBER',
  'VEHICLE_IDENTIFICATION_NUMBER',
] as const;

/** Type of personal data, by its name in Bedrock. */
export type PiiType = (typeof PII_TYPES)[number];

/** Types that are blocked by default, in prompts and in answers. Our choice. */
export const BLOCKED_PII: readonly PiiType[] = [
  'AWS_ACCESS_KEY',
  'AWS_SECRET_KEY',
  'CREDIT_DEBIT_CARD_CVV',
  'CREDIT_DEBIT_CARD_NUMBER',
  'INTERNATIONAL_BANK_ACCOUNT_NUMBER',
  'PASSWORD',
  'US_BANK_ACCOUNT_NUMBER',
  'US_SOCIAL_SECURITY_NUMBER',
];

/** Strength of a filter. A high strength also blocks content that is harmful with low confidence. */
export enum ScreeningStrength {
  /** Blocks nothing. */
  NONE = 'NONE',
  /** Blocks content of high confidence. */
  LOW = 'LOW',
  /** Blocks content of medium confidence and above. */
  MEDIUM = 'MEDIUM',
  /** Blocks content of low confidence and above. */
  HIGH = 'HIGH',
}

/** Action on personal data. */
export enum PiiAction {
  /** Refuses a request or an answer that contains such data. */
  BLOCK = 'BLOCK',
  /** Replaces such data by a placeholder in an answer, and cuts off a streamed answer. Requests can contain such data. */
  MASK_ANSWERS = 'ANONYMIZE',
}

/** A topic that the guardrail blocks. */
export interface DeniedTopic {
  /** Definition of the topic, up to 200 characters. */
  readonly definition: string;
  /** Up to five example prompts, each up to 100 characters. @default - no examples */
  readonly examples?: readonly string[];
}

/** Options for a new guardrail. */
export interface GuardrailOptions {
  /** Filter for prompts that try to override the instructions of the model. @default ScreeningStrength.HIGH */
  readonly promptAttacks?: ScreeningStrength;
  /** Filter for hate, insults, sexual content, violence and misconduct, in prompts and answers. @default ScreeningStrength.MEDIUM */
  readonly harmfulContent?: ScreeningStrength;
  /** Actions on personal data by type. @default - blocks payment cards, bank accounts, social security numbers and credentials */
  readonly pii?: Readonly<Partial<Record<PiiType, PiiAction>>>;
  /** Denied topics by name. @default - no topics */
  readonly deniedTopics?: Readonly<Record<string, DeniedTopic>>;
}

/** An existing guardrail. */
export interface ExistingGuardrail {
  /** ID or ARN of the guardrail. */
  readonly guardrailId: string;
  /** Number of the version, or `DRAFT`, which changes when someone edits the guardrail. */
  readonly version: string;
}

/** Screening of prompts before the model, and of answers before the caller. */
export class PromptScreening {
  /** Screens with a new Bedrock guardrail. It has its own KMS key, and a new version when its policies change. */
  static guardrail(options: GuardrailOptions = {}): PromptScreening {
    assertProps(options, GUARDRAIL_OPTIONS, { name: 'options' });
    return new PromptScreening(options);
  }

  /** Screens with an existing Bedrock guardrail of the account and region of the stack. */
  static fromGuardrail(guardrail: ExistingGuardrail): PromptScreening {
    assertProps(guardrail, EXISTING_GUARDRAIL, { name: 'guardrail' });
    return new PromptScreening(undefined, guardrail);
  }

  /** No screening in the gateway. */
  static none(): PromptScreening {
    return new PromptScreening();
  }

  private constructor(
    /** @internal Policies of a new guardrail. */
    public readonly options?: GuardrailOptions,
    /** @internal */
    public readonly existingGuardrail?: ExistingGuardrail,
  ) {}

  /** Whether the gateway screens. */
  get screens(): boolean {
    return this.options !== undefined || this.existingGuardrail !== undefined;
  }
}

brand(PromptScreening, 'aws.PromptScreening');

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
    inputAction: action === PiiAction.BLOCK ? action : 'NONE',
    inputEnabled: action === PiiAction.BLOCK,
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
