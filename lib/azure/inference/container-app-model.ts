import type { ProblemCollector } from '../../core/errors';
import { assertProps, required, STRING, brand } from '../../core/prop-schema';
import { isKnown, isUnknown } from '../../terraform/tokens';
import { HUB_MODEL_OPTIONS, MODEL_SIZE_OPTIONS, NFS_SHARE_OPTIONS } from '../prop-schemas';

/** Size of a model. */
export interface ModelSizeOptions {
  /** Size of the files, in GiB. */
  readonly sizeGiB: number;
}

/** A model of the Hugging Face hub. */
export interface HubModelOptions extends ModelSizeOptions {
  /** Commit of the repository, 40 hexadecimal digits. A commit never changes. */
  readonly revision: string;
}

/** Options for a file share of Azure Files with NFS. */
export interface NfsShareOptions extends ModelSizeOptions {
  /** Name of the storage account: premium files, without required encryption in transit, with a private endpoint. */
  readonly accountName: string;
  /** Name of the file share. */
  readonly shareName: string;
  /** Folder on the share. @default - the root folder */
  readonly path?: string;
}

type Source =
  | { readonly kind: 'image'; readonly path: string }
  | { readonly kind: 'hub'; readonly repository: string; readonly revision: string }
  | ({ readonly kind: 'share' } & NfsShareOptions);

/** Mount path of a file share in a container. */
export const MODEL_MOUNT = '/models';

/**
 * Ephemeral disk of a replica with more than one core, in GiB, for all GPUs.
 *
 * @see https://learn.microsoft.com/en-us/azure/container-apps/storage-mounts#ephemeral-storage
 */
const REPLICA_DISK_GIB = 8;

/** Source of the files of a model. A replica has 8 GiB of disk: put larger models in the image, or on a file share. */
export class ContainerAppModel {
  /** Files in the image of the server. @param path folder of the files */
  static inImage(path: string, options: ModelSizeOptions): ContainerAppModel {
    assertProps({ path }, { path: required(STRING) });
    assertProps(options, MODEL_SIZE_OPTIONS, { name: 'options' });
    return new ContainerAppModel({ kind: 'image', path }, options.sizeGiB);
  }

  /** Files on a file share of Azure Files with NFS. NFS has no authentication: everyone with network access can read the share. */
  static nfsShare(options: NfsShareOptions): ContainerAppModel {
    assertProps(options, NFS_SHARE_OPTIONS, { name: 'options' });
    return new ContainerAppModel({ kind: 'share', ...options }, options.sizeGiB);
  }

  /** A commit of a public repository, `organization/name`, that each replica downloads. Supports only vLLM, and at most 7 GiB. */
  static huggingFace(repository: string, options: HubModelOptions): ContainerAppModel {
    assertProps({ repository }, { repository: required(STRING) });
    assertProps(options, HUB_MODEL_OPTIONS, { name: 'options' });
    return new ContainerAppModel({ kind: 'hub', repository, revision: options.revision }, options.sizeGiB);
  }

  private constructor(
    /** @internal The source itself. */
    readonly source: Source,
    /** Size of the files, in GiB. */
    public readonly sizeGiB: number,
  ) {}

  /** Folder or repository of the model, for the server. */
  get path(): string {
    const { source } = this;
    if (source.kind === 'hub') return source.repository;
    if (source.kind === 'image') return source.path;
    return source.path === undefined ? MODEL_MOUNT : `${MODEL_MOUNT}/${source.path.replace(/^\/+/, '')}`;
  }

  /** Arguments of vLLM for the commit. */
  get args(): readonly string[] {
    return this.source.kind === 'hub' ? ['--revision', this.source.revision] : [];
  }

  /** @internal Adds each problem of the model. */
  check(problems: ProblemCollector): void {
    const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
      problems.add({ code: 'ModelSourceInvalid', prop, allowed, got, fix });
    const { source, sizeGiB } = this;
    if (isKnown(problems, 'sizeGiB', sizeGiB) && !(Number.isFinite(sizeGiB) && sizeGiB > 0))
      wrong('sizeGiB', 'a number above 0', sizeGiB, 'Add up the sizes of its files.');
    if (source.kind === 'image' && !isUnknown(source.path) && !FOLDER.test(source.path))
      wrong('path', 'an absolute path in the image', source.path, 'Add a slash at the beginning.');
    if (source.kind === 'hub') checkHub(wrong, source, sizeGiB);
    if (source.kind === 'share') checkShare(wrong, source);
  }
}

brand(ContainerAppModel, 'azure.ContainerAppModel');
const FOLDER = /^\/[^\s]+$/;
const ACCOUNT = /^[a-z0-9]{3,24}$/;
/** @see https://learn.microsoft.com/en-us/rest/api/storageservices/naming-and-referencing-shares--directories--files--and-metadata */
const SHARE_NAME = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

type Wrong = (prop: string, allowed: string, got: unknown, fix: string) => void;

function checkHub(wrong: Wrong, source: { repository: string; revision: string }, sizeGiB: number): void {
  const { repository, revision } = source;
  if (!isUnknown(revision) && !/^[0-9a-f]{40}$/.test(revision))
    wrong(
      'revision',
      'a commit, 40 hexadecimal digits',
      revision,
      'Copy it from the commit history. A branch can change.',
    );
  if (!isUnknown(repository) && !/^[\w.-]+\/[\w.-]+$/.test(repository))
    wrong('repository', 'organization/name', repository, 'Copy it from the page of the model.');
  if (sizeGiB > REPLICA_DISK_GIB - 1) {
    const allowed = `at most ${REPLICA_DISK_GIB - 1}, because a replica has ${REPLICA_DISK_GIB} GiB of disk`;
    wrong('sizeGiB', allowed, sizeGiB, 'Use ContainerAppModel.nfsShare() or inImage().');
  }
}

function checkShare(wrong: Wrong, { accountName, shareName, path }: NfsShareOptions): void {
  if (!isUnknown(accountName) && !ACCOUNT.test(accountName))
    wrong('accountName', '3 to 24 lower-case letters and digits', accountName, 'Use only the name, not the address.');
  if (!isUnknown(shareName) && !SHARE_NAME.test(shareName))
    wrong(
      'shareName',
      '3 to 63 lower-case letters, digits and single hyphens',
      shareName,
      'Use only the name, not the address.',
    );
  if (path !== undefined && !isUnknown(path) && path.split('/').includes('..'))
    wrong('path', 'a folder of the share', path, 'Remove `..` from the path.');
}
