import { Token } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { checkArtifactSize } from '../../core/artifact-size';
import type { ProblemCollector } from '../../core/errors';
import { assertProps, required, brand } from '../../core/prop-schema';
import { GRANTABLE } from '../props/prop-types';
import { isKnown } from '../props/tokens';
import { bucketOf, type IDataBucket } from '../storage/data-bucket';
import { MODEL_ARCHIVE_OPTIONS, MODEL_FILES_OPTIONS } from '../prop-schemas';

/** Options that every artifact has. */
export interface ModelArtifactOptions {
  /** Bucket with the artifact, in the region of the endpoint: a `DataBucket` with purpose `MODELS`, or another bucket. */
  readonly bucket: IDataBucket;
  /** Version of the model, for example `v3`. Must be part of the key or prefix, because the content there must never change. */
  readonly version: string;
  /** Size of the model as the server reads it, in gigabytes (10⁹ bytes). Determines timeouts and disk sizes. */
  readonly sizeGB: number;
}

/** Options for a model in one archive. */
export interface ModelArchiveOptions extends ModelArtifactOptions {
  /** Key of the archive. Must end with `.tar.gz`. */
  readonly key: string;
  /** SHA-256 digest of the archive, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Options for a model in separate files. */
export interface ModelFilesOptions extends ModelArtifactOptions {
  /** Prefix of the keys of all files. Must end with `/`. */
  readonly prefix: string;
  /** SHA-256 digest of the list of files and digests that `sha256sum` writes. @default - no digest proves the content */
  readonly sha256?: string;
}

interface State extends ModelArtifactOptions {
  /** Key of the archive or prefix of the files. */
  readonly location: string;
  readonly sha256?: string;
}

/**
 * One version of a model in a bucket. SageMaker reads the location at each start of an instance and supports neither object versions nor
 * digests. So each version has its own location, whose key or prefix contains the version.
 *
 * @example
 * ```ts
 * import { DataBucket, DataPurpose, ModelArtifact } from 'ai-infra-constructs/aws';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const stack = new Stack(new App(), 'Models');
 * const bucket = new DataBucket(stack, 'Models', { purpose: DataPurpose.MODELS });
 * ModelArtifact.files({ bucket, prefix: 'chat/v3/', version: 'v3', sizeGB: 16.1 });
 * ```
 */
export class ModelArtifact {
  /** One `.tar.gz` archive, which SageMaker unpacks. Serverless endpoints support only archives. */
  static archive(options: ModelArchiveOptions): ModelArtifact {
    assertProps(options, MODEL_ARCHIVE_OPTIONS, { name: 'options' });
    return new ModelArtifact('archive', { ...options, location: options.key });
  }

  /** Separate files. They load faster, because SageMaker does not unpack them. */
  static files(options: ModelFilesOptions): ModelArtifact {
    assertProps(options, MODEL_FILES_OPTIONS, { name: 'options' });
    return new ModelArtifact('files', { ...options, location: options.prefix });
  }

  /** Version of the model. */
  public readonly version: string;
  /** Size of the model, in gigabytes (10⁹ bytes). */
  public readonly sizeGB: number;
  /** SHA-256 digest of the content. @default - no digest proves the content */
  public readonly sha256?: string;

  private constructor(
    /** @internal */
    public readonly kind: 'archive' | 'files',
    private readonly state: State,
  ) {
    this.version = state.version;
    this.sizeGB = state.sizeGB;
    this.sha256 = state.sha256;
  }

  /** S3 URI of the artifact. */
  get url(): string {
    return this.bucket.s3UrlForObject(this.state.location);
  }

  private get bucket(): IBucket {
    return bucketOf(this.state.bucket);
  }

  /** Allows a principal to read and decrypt the artifact, but nothing else in its bucket. */
  grantRead(grantee: IGrantable): Grant {
    assertProps({ grantee }, { grantee: required(GRANTABLE) });
    const { location } = this.state;
    const objects = Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject'],
      resourceArns: [this.bucket.arnForObjects(this.kind === 'files' ? `${location}*` : location)],
    });
    const list = Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [this.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': [`${location}*`] } },
    });
    const read = objects.combine(list);
    const key = this.bucket.encryptionKey?.grantDecrypt(grantee);
    return key ? read.combine(key) : read;
  }

  /** @internal The model data of a SageMaker container. */
  get source(): Pick<CfnModel.ContainerDefinitionProperty, 'modelDataUrl' | 'modelDataSource'> {
    if (this.kind === 'archive') return { modelDataUrl: this.url };
    return {
      modelDataSource: { s3DataSource: { s3DataType: 'S3Prefix', compressionType: 'None', s3Uri: this.url } },
    };
  }

  /** @internal Adds what is wrong with the artifact. */
  check(problems: ProblemCollector): void {
    const of = problems.within('artifact');
    checkLocation(of, this.kind, this.state);
    const { sha256, sizeGB } = this.state;
    if (sha256 !== undefined && !Token.isUnresolved(sha256) && !SHA256.test(sha256)) {
      of.add({
        code: 'ModelDigest',
        prop: 'sha256',
        allowed: '64 hexadecimal digits in lower case',
        got: sha256,
        fix: 'Copy the digest from the output of `sha256sum`.',
      });
    }
    if (isKnown(of, 'sizeGB', sizeGB)) checkArtifactSize(of, sizeGB);
  }
}

brand(ModelArtifact, 'aws.ModelArtifact');
const SHA256 = /^[0-9a-f]{64}$/;

function checkLocation(problems: ProblemCollector, kind: ModelArtifact['kind'], { location, version }: State): void {
  const prop = kind === 'archive' ? 'key' : 'prefix';
  if (Token.isUnresolved(location) || Token.isUnresolved(version)) return;
  const end = kind === 'archive' ? '.tar.gz' : '/';
  const wrong = (allowed: string, fix: string) =>
    problems.add({ code: 'ModelLocation', prop, allowed, got: location, fix });
  if (!location.endsWith(end) || location.startsWith('/') || location.length > MAX_KEY_CHARACTERS) {
    wrong(`a key that ends with ${end} and does not start with /`, 'Use the S3 key without the name of the bucket.');
  } else if (!VERSION.test(version)) {
    problems.add({
      code: 'ModelLocation',
      prop: 'version',
      allowed: 'a string of 1 to 63 letters, digits, ., _ and -, because it becomes a tag',
      got: version,
      fix: 'Rename the version here and in the key.',
    });
  } else if (!includesVersion(location, version)) {
    wrong(
      `a key that contains the version ${version}, with /, ., _ or - around it`,
      `Store each version under its own key, for example chat/${version}${end}.`,
    );
  }
}

const VERSION = /^[A-Za-z0-9._-]{1,63}$/;

/** Whether a location contains the version between separators: `chat/v3/` contains `v3`, `chat/v30/` does not. */
function includesVersion(location: string, version: string): boolean {
  return `/${location}/`.split(version).some((before, index, parts) => {
    const after = parts[index + 1];
    return after !== undefined && /[/._-]$/.test(before) && /^[/._-]/.test(after);
  });
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html, less the scheme and the bucket within SageMaker's 1024.
const MAX_KEY_CHARACTERS = 900;
