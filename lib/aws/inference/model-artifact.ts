import { Token } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { checkArtifactSize } from '../../core/artifact-size';
import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import { DATA_STORE, GRANTEE } from '../props/shapes';
import { isKnown } from '../props/tokens';
import { bucketOf } from '../storage/data-store';
import type { DataStore } from '../storage/data-store';

/** What holds of any artefact. */
export interface ModelArtifactOptions {
  /** The bucket that holds it, in the region of the endpoint: a `DataBucket` of the purpose `MODELS`, or another. */
  readonly bucket: DataStore;
  /** The version that is served, e.g. `v3`. It must stand in the key or prefix: what is there must never change. */
  readonly version: string;
  /** Gigabytes (10⁹ bytes) of the model as the server reads it: timeouts and disks follow from it. */
  readonly sizeGB: number;
}

/** A model in one file. */
export interface ModelArchiveOptions extends ModelArtifactOptions {
  /** The object, which ends in `.tar.gz`. */
  readonly key: string;
  /** SHA-256 of the object, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A model as it is, file by file. */
export interface ModelFilesOptions extends ModelArtifactOptions {
  /** What the keys of all files begin with: it ends in `/`. */
  readonly prefix: string;
  /** SHA-256 of the list of files and their digests, as `sha256sum` writes it. @default - nothing proves the content */
  readonly sha256?: string;
}

interface State extends ModelArtifactOptions {
  readonly place: string;
  readonly sha256?: string;
}

/**
 * The weights, and what belongs to them, of one version of a model. SageMaker reads the place as it is at each start of an instance and
 * knows neither versions of objects nor digests, so the place itself is pinned: it names the version, and holds nothing else.
 */
export class ModelArtifact {
  /** One archive, which SageMaker unpacks: `….tar.gz`. The only kind for serverless endpoints. */
  static archive(options: ModelArchiveOptions): ModelArtifact {
    demand(options, ARCHIVE, { name: 'options' });
    return new ModelArtifact('archive', { ...options, place: options.key });
  }

  /** The files themselves: they load faster, since nothing is unpacked. */
  static files(options: ModelFilesOptions): ModelArtifact {
    demand(options, FILES, { name: 'options' });
    return new ModelArtifact('files', { ...options, place: options.prefix });
  }

  public readonly version: string;
  public readonly sizeGB: number;
  /** @default - nothing proves the content */
  public readonly sha256?: string;

  private constructor(
    public readonly kind: 'archive' | 'files',
    private readonly state: State,
  ) {
    this.version = state.version;
    this.sizeGB = state.sizeGB;
    this.sha256 = state.sha256;
  }

  /** Where it is: `s3://…`. */
  get url(): string {
    return this.bucket.s3UrlForObject(this.state.place);
  }

  private get bucket(): IBucket {
    return bucketOf(this.state.bucket);
  }

  /** Lets someone read it and nothing else of its bucket, and decrypt it. */
  grantRead(grantee: IGrantable): void {
    demand({ grantee }, { grantee: required(GRANTEE) });
    const { place } = this.state;
    const principal = grantee.grantPrincipal;
    principal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [this.bucket.arnForObjects(this.kind === 'files' ? `${place}*` : place)],
      }),
    );
    principal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [this.bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': [`${place}*`] } },
      }),
    );
    this.bucket.encryptionKey?.grantDecrypt(grantee);
  }

  /** @internal The model as a container of SageMaker names it. */
  get source(): Pick<CfnModel.ContainerDefinitionProperty, 'modelDataUrl' | 'modelDataSource'> {
    if (this.kind === 'archive') return { modelDataUrl: this.url };
    return {
      modelDataSource: { s3DataSource: { s3DataType: 'S3Prefix', compressionType: 'None', s3Uri: this.url } },
    };
  }

  /** @internal Adds what is wrong with it. */
  check(problems: Problems): void {
    const of = problems.within('artifact');
    checkPlace(of, this.kind, this.state);
    const { sha256, sizeGB } = this.state;
    if (sha256 !== undefined && !Token.isUnresolved(sha256) && !SHA256.test(sha256)) {
      of.add({
        code: 'ModelDigest',
        prop: 'sha256',
        allowed: '64 hexadecimal digits in lower case',
        got: sha256,
        fix: 'Copy it from `sha256sum`.',
      });
    }
    if (isKnown(of, 'sizeGB', sizeGB)) checkArtifactSize(of, sizeGB);
  }
}

/** An artefact, of whichever copy of the package. */
export const MODEL_ARTIFACT: Kind = branded(
  ModelArtifact,
  'ModelArtifact',
  'a ModelArtifact',
  'Use ModelArtifact.files({ bucket, prefix, version, sizeGB }) or ModelArtifact.archive(…).',
);

const ARTIFACT: Shape<ModelArtifactOptions> = {
  bucket: required(DATA_STORE),
  version: required(TEXT),
  sizeGB: required(NUMBER),
};

const ARCHIVE: Shape<ModelArchiveOptions> = { ...ARTIFACT, key: required(TEXT), sha256: required(TEXT) };

const FILES: Shape<ModelFilesOptions> = { ...ARTIFACT, prefix: required(TEXT), sha256: TEXT };

const SHA256 = /^[0-9a-f]{64}$/;

function checkPlace(problems: Problems, kind: ModelArtifact['kind'], { place, version }: State): void {
  const prop = kind === 'archive' ? 'key' : 'prefix';
  if (Token.isUnresolved(place) || Token.isUnresolved(version)) return;
  const end = kind === 'archive' ? '.tar.gz' : '/';
  const wrong = (allowed: string, fix: string) =>
    problems.add({ code: 'ModelLocation', prop, allowed, got: place, fix });
  if (!place.endsWith(end) || place.startsWith('/') || place.length > MOST_KEY_CHARACTERS) {
    wrong(`a key that ends in ${end} and does not begin with /`, 'Name it as S3 does, without the bucket.');
  } else if (!VERSION.test(version)) {
    problems.add({
      code: 'ModelLocation',
      prop: 'version',
      allowed: '1 to 63 letters, digits, ., _ and -: it becomes a tag',
      got: version,
      fix: 'Write it so in the key, too.',
    });
  } else if (!names(place, version)) {
    wrong(
      `one that names the version ${version}`,
      `Keep each version in a place of its own, e.g. chat/${version}${end}`,
    );
  }
}

const VERSION = /^[A-Za-z0-9._-]{1,63}$/;

/** Whether a place has the version as a part of its own: `v3` stands in `chat/v3/`, and not in `chat/v30/`. */
function names(place: string, version: string): boolean {
  return `/${place}/`.split(version).some((before, index, parts) => {
    const after = parts[index + 1];
    return after !== undefined && /[/._-]$/.test(before) && /^[/._-]/.test(after);
  });
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html, less the scheme and the bucket within SageMaker's 1024.
const MOST_KEY_CHARACTERS = 900;
