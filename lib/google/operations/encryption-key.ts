import { Fn, type ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { assertProps, required, STRING, validateProps } from '../../core/prop-schema';
import { physicalName } from '../../terraform/names';
import { isUnknown } from '../../terraform/tokens';
import { chosenProvider } from '../../terraform/chosen-provider';
import { checkProviders } from '../../terraform/provider-checks';
import { checkRegion } from '../props/location';
import { KmsCryptoKey, KmsCryptoKeyIamMember, KmsKeyRing } from '../provider/google';
import { CurrentProject, type ServiceAgent } from './current-project';
import { ENCRYPTION_KEY_PROPS, EXISTING_KEY_OPTIONS } from '../prop-schemas';

/** A Cloud KMS key for data at rest: a new `EncryptionKey` or an existing key. */
export interface IEncryptionKey {
  /** `projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>`. */
  readonly keyId: string;
  /** Location of the key ring: a region for a new key. An existing key can also be in a multi-region. */
  readonly location: string;
  /**
   * Lets the agent of a service encrypt and decrypt with the key.
   *
   * @param user construct that uses the key, for the agent of its project: the agent of the key's project without it
   * @returns what a resource that uses the key must depend on; empty if the library grants nothing on this key
   */
  grantTo(service: ServiceAgent, user?: IConstruct): ITerraformDependable[];
}

/** Properties for `EncryptionKey`. */
export interface EncryptionKeyProps {
  /** Region of the key and of every resource that it encrypts. */
  readonly region: string;
}

/** Options for an existing Cloud KMS key. */
export interface ExistingKeyOptions {
  /**
   * Whether the library grants `roles/cloudkms.cryptoKeyEncrypterDecrypter` on the key to the service agents that use it. Set it to `false`
   * if the owner of the key grants the role.
   *
   * @default true
   */
  readonly grants?: boolean;
}

/** 90 days, the rotation period that Google recommends. @see https://cloud.google.com/kms/docs/key-rotation */
const ROTATION = `${90 * 86_400}s`;

const KEY_ID = /^projects\/[^/]+\/locations\/([^/]+)\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/;

/**
 * A Cloud KMS key for data at rest that rotates every 90 days. Terraform never destroys it: key rings cannot be deleted, and data under a
 * destroyed key is lost.
 *
 * @example
 * ```ts
 * import { DataBucket, EncryptionKey } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * const encryptionKey = new EncryptionKey(stack, 'Key', { region: 'us-central1' });
 * new DataBucket(stack, 'Datasets', { region: 'us-central1', encryptionKey });
 * ```
 */
export class EncryptionKey extends Construct implements IEncryptionKey {
  /**
   * An existing key, from this project or another one.
   *
   * @param keyId `projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>`, without a version
   */
  static fromEncryptionKeyId(
    scope: Construct,
    id: string,
    keyId: string,
    options: ExistingKeyOptions = {},
  ): IEncryptionKey {
    return new ExistingKey(scope, id, keyId, options);
  }

  /** The key in Terraform. */
  public readonly resource: KmsCryptoKey;
  /** Region of the key. */
  public readonly location: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    if (validateProps(problems, props, ENCRYPTION_KEY_PROPS)) checkRegion(problems, 'region', props.region);
    problems.throwIfAny(this);
    this.location = props.region;
    const name = physicalName(this);
    const ring = new KmsKeyRing(this, 'Ring', { name, location: props.region });
    this.resource = new KmsCryptoKey(this, 'Resource', {
      name,
      keyRing: ring.id,
      purpose: 'ENCRYPT_DECRYPT',
      rotationPeriod: ROTATION,
      lifecycle: { preventDestroy: true },
    });
  }

  /** `projects/…/locations/…/keyRings/…/cryptoKeys/…`. */
  get keyId(): string {
    return this.resource.id;
  }

  /**
   * Lets the agent of a service encrypt and decrypt with the key.
   *
   * @param user construct that uses the key, for the agent of its project: the agent of the key's project without it
   * @returns what a resource that uses the key must depend on
   */
  grantTo(service: ServiceAgent, user?: IConstruct): ITerraformDependable[] {
    return [grant(this, this.keyId, service, user)];
  }
}

class ExistingKey extends Construct implements IEncryptionKey {
  readonly location: string;
  private readonly grants: boolean;

  constructor(
    scope: Construct,
    id: string,
    readonly keyId: string,
    options: ExistingKeyOptions,
  ) {
    super(scope, id);
    checkProviders(this);
    assertProps({ keyId }, { keyId: required(STRING) }, { scope: this });
    assertProps(options, EXISTING_KEY_OPTIONS, { scope: this, name: 'options' });
    this.grants = options.grants ?? true;
    this.location = this.locationOf(keyId);
  }

  grantTo(service: ServiceAgent, user?: IConstruct): ITerraformDependable[] {
    return this.grants ? [grant(this, this.keyId, service, user)] : [];
  }

  private locationOf(keyId: string): string {
    if (isUnknown(keyId)) return Fn.element(Fn.split('/', keyId), 3) as string;
    const [, location] = KEY_ID.exec(keyId) ?? [];
    if (location !== undefined) return location;
    const problems = new ProblemCollector();
    problems.add({
      code: 'ResourceIdInvalid',
      prop: 'keyId',
      allowed: 'projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>',
      got: keyId,
      fix: 'Copy it from `gcloud kms keys list`, without a version.',
    });
    problems.throwIfAny(this);
    return '';
  }
}

/** One grant per service and project, as a child of the key. A user in another stack counts for the project of the key. */
function grant(
  key: Construct,
  cryptoKeyId: string,
  service: ServiceAgent,
  user: IConstruct = key,
): KmsCryptoKeyIamMember {
  const inStack = TerraformStack.of(user) === TerraformStack.of(key) ? user : key;
  const project = chosenProvider(inStack, 'google')?.alias;
  const id =
    project === chosenProvider(key, 'google')?.alias ? `Grant-${service}` : `Grant-${service}-${project ?? 'default'}`;
  const existing = key.node.tryFindChild(id) as KmsCryptoKeyIamMember | undefined;
  return (
    existing ??
    new KmsCryptoKeyIamMember(key, id, {
      cryptoKeyId,
      role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter',
      member: CurrentProject.of(inStack).agentOf(service),
    })
  );
}

/** Adds a problem if a key is in another region than the resource that it encrypts. */
export function checkKeyRegion(problems: ProblemCollector, key: IEncryptionKey | undefined, region: string): void {
  // A key from an older copy of the package has no location.
  if (!key?.location || isUnknown(key.location) || isUnknown(region) || key.location === region) return;
  problems.add({
    code: 'LocationInvalid',
    prop: 'encryptionKey',
    allowed: `a key in ${region}, the region of the resource it encrypts`,
    got: key.location,
    fix: `Pass a key in ${region}, or leave it out to create one.`,
  });
}
