import { TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, CONSTRUCT, required, STRING, validateProps } from '../../core/prop-schema';
import { onceForProvider, providerKey } from '../../terraform/chosen-provider';
import { physicalName } from '../../terraform/names';
import { checkProviders } from '../../terraform/provider-checks';
import { checkBounds, isUnknown } from '../../terraform/tokens';
import { KmsAlias, KmsKey } from '../provider/alicloud';
import { ENCRYPTION_KEY_PROPS } from '../prop-schemas';

/** A KMS key for data at rest: a new `EncryptionKey` or an existing key. */
export interface IEncryptionKey {
  /** ID of the key. */
  readonly keyId: string;
}

/** Properties for `EncryptionKey`. */
export interface EncryptionKeyProps {
  /**
   * ID of the KMS instance that stores the key, for example `kst-hzz65f176a0ogplgq0000`. Without an instance, an account has one key in each region.
   *
   * @default - the default key of the region
   * @see https://www.alibabacloud.com/help/en/kms/user-guide/manage-keys-2
   */
  readonly kmsInstanceId?: string;
  /**
   * Days until KMS creates a new version of the key, from 7 to 365, or 0 for no rotation. Rotation of the default key is a paid option of the account.
   *
   * @default - 90 with `kmsInstanceId`, 0 without it
   */
  readonly rotationDays?: number;
}

const ROTATION_DAYS = 90;
/** @see https://www.alibabacloud.com/help/doc-detail/134270.htm */
const ROTATION_BOUNDS = { min: 7, max: 365 };
/** Days that a deleted key can be restored. KMS allows 7 to 366 days. */
const PENDING_DAYS = 30;
const KEY_ID = /^(key-[a-z0-9-]{6,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/**
 * A KMS key for data at rest. In a KMS instance, it rotates every 90 days. Without an instance, it is the default key of the region, which must not exist
 * yet. Terraform never destroys a key, because data under a destroyed key is lost.
 *
 * @example
 * ```ts
 * import { DataBucket, EncryptionKey } from 'ai-infra-constructs/alicloud';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const encryptionKey = new EncryptionKey(stack, 'Key');
 * new DataBucket(stack, 'Datasets', { encryptionKey });
 * ```
 */
export class EncryptionKey extends Construct implements IEncryptionKey {
  /**
   * The key without a KMS instance of a stack and its provider. Constructs that need a key and get none share it. It is created on first use.
   */
  static of(scope: IConstruct): EncryptionKey {
    assertProps({ scope }, { scope: required(CONSTRUCT) });
    const existing = defaultKeysOf(scope).get(providerKey(scope, 'alicloud'));
    return existing ?? onceForProvider(scope, 'alicloud', SHARED_ID, (holder) => new EncryptionKey(holder, SHARED_ID));
  }

  /** An existing key in the region of the provider. @param keyId ID of the key, for example `key-hzz63d2c8d3dfv8cv****` */
  static fromEncryptionKeyId(scope: Construct, id: string, keyId: string): IEncryptionKey {
    return new ExistingKey(scope, id, keyId);
  }

  /** The key in Terraform. */
  public readonly resource: KmsKey;
  /** The name of the key in Terraform. */
  public readonly alias: KmsAlias;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps = {}) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    const { kmsInstanceId, rotationDays = kmsInstanceId === undefined ? 0 : ROTATION_DAYS } = checkedProps(
      problems,
      props,
    );
    if (kmsInstanceId === undefined) checkOnlyDefaultKey(problems, this);
    problems.throwIfAny(this);
    const name = physicalName(this);
    this.resource = new KmsKey(this, 'Resource', {
      description: name,
      dkmsInstanceId: kmsInstanceId,
      automaticRotation: rotationDays === 0 ? 'Disabled' : 'Enabled',
      // In seconds, as the API returns it. Another unit would be a change in every plan.
      rotationInterval: rotationDays === 0 ? undefined : `${rotationDays * DAY_SECONDS}s`,
      deletionProtection: 'Enabled',
      pendingWindowInDays: PENDING_DAYS,
      // The instance decides the level: a hardware instance returns HSM, and the provider would replace the key.
      lifecycle: { preventDestroy: true, ignoreChanges: ['protection_level'] },
    });
    this.alias = new KmsAlias(this, 'Alias', { aliasName: `alias/${name}`, keyId: this.resource.id });
  }

  /** ID of the key. */
  get keyId(): string {
    return this.resource.id;
  }
}

const DAY_SECONDS = 86_400;
const SHARED_ID = 'AiInfraAlicloudKey';
const DEFAULT_KEYS = Symbol.for('ai-infra-constructs.alicloudDefaultKeys');

/** The keys without a KMS instance of a stack, by provider. */
function defaultKeysOf(scope: IConstruct): Map<string, EncryptionKey> {
  const stack = TerraformStack.of(scope) as TerraformStack & { [DEFAULT_KEYS]?: Map<string, EncryptionKey> };
  return (stack[DEFAULT_KEYS] ??= new Map<string, EncryptionKey>());
}

/** Adds a problem if the stack already has a key without a KMS instance for the same provider. */
function checkOnlyDefaultKey(problems: ProblemCollector, key: EncryptionKey): void {
  const keys = defaultKeysOf(key);
  const provider = providerKey(key, 'alicloud');
  const other = keys.get(provider);
  if (!other) {
    keys.set(provider, key);
    return;
  }
  problems.add({
    code: 'KeyWithoutInstance',
    prop: 'kmsInstanceId',
    allowed: `set, because ${other.node.path} is already the only key without a KMS instance`,
    got: undefined,
    fix: 'Use EncryptionKey.of(stack), which returns that key, or set kmsInstanceId.',
  });
}

function checkedProps(problems: ProblemCollector, props: EncryptionKeyProps): EncryptionKeyProps {
  if (!validateProps(problems, props, ENCRYPTION_KEY_PROPS)) return {};
  if (props.rotationDays !== 0)
    checkBounds(problems, 'KeyRotation', 'rotationDays', props.rotationDays, ROTATION_BOUNDS, ', or 0');
  return props;
}

class ExistingKey extends Construct implements IEncryptionKey {
  constructor(
    scope: Construct,
    id: string,
    readonly keyId: string,
  ) {
    super(scope, id);
    assertProps({ keyId }, { keyId: required(STRING) }, { scope: this });
    if (isUnknown(keyId) || KEY_ID.test(keyId)) return;
    const problems = new ProblemCollector();
    problems.add({
      code: 'ResourceIdInvalid',
      prop: 'keyId',
      allowed: 'the ID of a key, for example key-hzz63d2c8d3dfv8cv0001',
      got: keyId,
      fix: 'Copy it from `aliyun kms ListKeys`, without acs:kms and without an alias.',
    });
    problems.throwIfAny(this);
  }
}
