import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, having, type Kind, required, type Shape, TEXT } from '../../core/shapes';
import { physicalName } from '../../terraform/names';
import { isUnknown } from '../../terraform/tokens';
import { checkRegion } from '../props/location';
import { KmsCryptoKey, KmsCryptoKeyIamMember, KmsKeyRing } from '../provider/google';
import { CurrentProject, type ServiceAgent } from './current-project';

/** Properties for `EncryptionKey`. */
export interface EncryptionKeyProps {
  /** The region of what it encrypts: a key of another region is refused. */
  readonly location: string;
}

const SHAPE: Shape<EncryptionKeyProps> = { location: required(TEXT) };

/** 90 days, as Google advises. @see https://cloud.google.com/kms/docs/key-rotation */
const ROTATION = `${90 * 86_400}s`;

/**
 * A Cloud KMS key for data at rest, new every 90 days. Key rings can never be deleted, and data under a destroyed key is lost: neither
 * leaves with the stack.
 */
export class EncryptionKey extends Construct {
  public readonly resource: KmsCryptoKey;
  /** The region that it stands in. */
  public readonly location: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const problems = new Problems();
    if (fits(problems, props, SHAPE)) checkRegion(problems, 'location', props.location);
    problems.throwIfAny(this);
    this.location = props.location;
    const name = physicalName(this);
    const ring = new KmsKeyRing(this, 'Ring', { name, location: props.location });
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

  /** Lets the agent of a service encrypt and decrypt. What it encrypts must wait for this: depend on what is returned. */
  grantTo(service: ServiceAgent): KmsCryptoKeyIamMember {
    const id = `Grant-${service}`;
    const found = this.node.tryFindChild(id) as KmsCryptoKeyIamMember | undefined;
    return (
      found ??
      new KmsCryptoKeyIamMember(this, id, {
        cryptoKeyId: this.keyId,
        role: 'roles/cloudkms.cryptoKeyEncrypterDecrypter',
        member: CurrentProject.of(this).agentOf(service),
      })
    );
  }
}

/** Adds a problem where a key stands in another region than what it is to encrypt. */
export function checkKeyRegion(problems: Problems, key: EncryptionKey | undefined, region: string): void {
  // A key of an older copy of the package does not tell.
  if (!key?.location || isUnknown(key.location) || isUnknown(region) || key.location === region) return;
  problems.add({
    code: 'LocationInvalid',
    prop: 'encryptionKey',
    allowed: `a key in ${region}, where that stands which it encrypts`,
    got: key.location,
    fix: `Make new EncryptionKey(scope, id, { location: '${region}' }), or leave it out.`,
  });
}

/** A key, of whichever copy of the package. */
export const ENCRYPTION_KEY: Kind = having(
  'an EncryptionKey',
  ['keyId', 'grantTo'],
  'Use new EncryptionKey(scope, id, { location }).',
);
