import { followsNodes, isOpen, type StorageSizing } from './open-storage';

/** The choice of a parallel file system for a cluster: a new one with options, an existing one, or no file system. */
export abstract class ChosenStorage<O extends StorageSizing, F extends object> {
  protected constructor(
    /** @internal Options of a new file system. */
    protected readonly options: O | undefined,
    /** @internal An existing file system. */
    protected readonly fileSystem: F | undefined,
  ) {}

  /** Whether the cluster has a file system. */
  get isAny(): boolean {
    return this.options !== undefined || this.fileSystem !== undefined;
  }

  /** Whether the file system is new. */
  get isNew(): boolean {
    return this.options !== undefined;
  }

  /** Whether the library chooses the size or the throughput of a new file system. */
  get isOpen(): boolean {
    return isOpen(this.options);
  }

  /** Whether the size of a new file system depends on the job or the nodes. */
  get followsNodes(): boolean {
    return followsNodes(this.options);
  }
}
