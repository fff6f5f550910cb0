import type { Problems } from '../../core/errors';
import { branded, demand, type Kind, NUMBER, required, type Shape, TEXT } from '../../core/shapes';
import { isKnown, isUnknown } from '../../terraform/tokens';

/** What is known of any model. */
export interface ModelSizeOptions {
  /** Size of its files, in GiB. */
  readonly sizeGiB: number;
}

/** A model of the Hugging Face hub. */
export interface HubModelOptions extends ModelSizeOptions {
  /** The commit, 40 hexadecimal digits: only that names always the same files. */
  readonly revision: string;
}

/** A share of Azure Files over NFS. */
export interface NfsShareOptions extends ModelSizeOptions {
  /** Name of the storage account: of premium files, without a demand for encryption in transit, reached by a private endpoint. */
  readonly accountName: string;
  /** Name of the share. */
  readonly shareName: string;
  /** Folder on the share. @default - its root */
  readonly path?: string;
}

type Source =
  | { readonly kind: 'image'; readonly path: string }
  | { readonly kind: 'hub'; readonly repository: string; readonly revision: string }
  | ({ readonly kind: 'share' } & NfsShareOptions);

/** Where the files of a share are in a container. */
export const MODEL_MOUNT = '/models';

/**
 * Disk of a replica of more than one core, in GiB, whatever its accelerator is.
 *
 * @see https://learn.microsoft.com/en-us/azure/container-apps/storage-mounts#ephemeral-storage
 */
const REPLICA_DISK_GIB = 8;

/** Where the files of a model come from. A replica has 8 GiB of disk: larger models come with the image, or from a share. */
export class ContainerAppModel {
  /** Files in the image of the server, by their folder. */
  static inImage(path: string, options: ModelSizeOptions): ContainerAppModel {
    demand({ path }, { path: required(TEXT) });
    demand(options, SIZE, { name: 'options' });
    return new ContainerAppModel({ kind: 'image', path }, options.sizeGiB);
  }

  /** Files on a share of Azure Files, by NFS: it knows no keys, and lets in whoever reaches it. */
  static nfsShare(options: NfsShareOptions): ContainerAppModel {
    demand(options, SHARE, { name: 'options' });
    return new ContainerAppModel({ kind: 'share', ...options }, options.sizeGiB);
  }

  /** A commit of an open repository, `organisation/name`, which each replica downloads; vLLM alone, up to 7 GiB. */
  static huggingFace(repository: string, options: HubModelOptions): ContainerAppModel {
    demand({ repository }, { repository: required(TEXT) });
    demand(options, HUB, { name: 'options' });
    return new ContainerAppModel({ kind: 'hub', repository, revision: options.revision }, options.sizeGiB);
  }

  private constructor(
    /** Where it comes from. */
    public readonly source: Source,
    /** Size of its files, in GiB. */
    public readonly sizeGiB: number,
  ) {}

  /** Where a server finds it: a folder, or a repository. */
  get path(): string {
    const { source } = this;
    if (source.kind === 'hub') return source.repository;
    if (source.kind === 'image') return source.path;
    return source.path === undefined ? MODEL_MOUNT : `${MODEL_MOUNT}/${source.path.replace(/^\/+/, '')}`;
  }

  /** What tells vLLM which commit it is. */
  get args(): readonly string[] {
    return this.source.kind === 'hub' ? ['--revision', this.source.revision] : [];
  }

  /** Adds what is wrong with it. */
  check(problems: Problems): void {
    const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
      problems.add({ code: 'ModelSourceInvalid', prop, allowed, got, fix });
    const { source, sizeGiB } = this;
    if (isKnown(problems, 'sizeGiB', sizeGiB) && !(Number.isFinite(sizeGiB) && sizeGiB > 0))
      wrong('sizeGiB', 'more than 0', sizeGiB, 'Add up its files.');
    if (source.kind === 'image' && !isUnknown(source.path) && !FOLDER.test(source.path))
      wrong('path', 'an absolute path in the image', source.path, 'Begin it with a slash.');
    if (source.kind === 'hub') checkHub(wrong, source, sizeGiB);
    if (source.kind === 'share') checkShare(wrong, source);
  }
}

/** A model, of whichever copy of the package. */
export const CONTAINER_APP_MODEL: Kind = branded(
  ContainerAppModel,
  'AzureContainerAppModel',
  'a ContainerAppModel',
  'Use ContainerAppModel.nfsShare({ … }) or its like.',
);

const SIZE: Shape<ModelSizeOptions> = { sizeGiB: required(NUMBER) };
const HUB: Shape<HubModelOptions> = { ...SIZE, revision: required(TEXT) };
const SHARE: Shape<NfsShareOptions> = { ...SIZE, accountName: required(TEXT), shareName: required(TEXT), path: TEXT };

const FOLDER = /^\/[^\s]+$/;
const ACCOUNT = /^[a-z0-9]{3,24}$/;
/** @see https://learn.microsoft.com/en-us/rest/api/storageservices/naming-and-referencing-shares--directories--files--and-metadata */
const SHARE_NAME = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

type Wrong = (prop: string, allowed: string, got: unknown, fix: string) => void;

function checkHub(wrong: Wrong, source: { repository: string; revision: string }, sizeGiB: number): void {
  const { repository, revision } = source;
  if (!isUnknown(revision) && !/^[0-9a-f]{40}$/.test(revision))
    wrong('revision', 'a commit, 40 hexadecimal digits', revision, 'Copy it from the history: a branch may move.');
  if (!isUnknown(repository) && !/^[\w.-]+\/[\w.-]+$/.test(repository))
    wrong('repository', 'organisation/name', repository, 'Copy it from the page of the model.');
  if (sizeGiB > REPLICA_DISK_GIB - 1) {
    const allowed = `at most ${REPLICA_DISK_GIB - 1}: a replica has ${REPLICA_DISK_GIB} GiB of disk`;
    wrong('sizeGiB', allowed, sizeGiB, 'Use ContainerAppModel.nfsShare() or inImage().');
  }
}

function checkShare(wrong: Wrong, { accountName, shareName, path }: NfsShareOptions): void {
  if (!isUnknown(accountName) && !ACCOUNT.test(accountName))
    wrong('accountName', '3 to 24 lower-case letters and digits', accountName, 'Write the name alone.');
  if (!isUnknown(shareName) && !SHARE_NAME.test(shareName))
    wrong('shareName', '3 to 63 lower-case letters, digits and single hyphens', shareName, 'Write the name alone.');
  if (path !== undefined && !isUnknown(path) && path.split('/').includes('..'))
    wrong('path', 'a folder of the share', path, 'Write it without `..`.');
}
