import { followsNodes, isOpen, type StorageSizing } from './open-storage';

/** A parallel file system that a cluster is to have: a new one of some options, one that exists, or none. */
export abstract class ChosenStorage<O extends StorageSizing, F extends object> {
  protected constructor(
    protected readonly options: O | undefined,
    protected readonly fileSystem: F | undefined,
  ) {}

  /** Whether there is a file system at all. */
  get isAny(): boolean {
    return this.options !== undefined || this.fileSystem !== undefined;
  }

  /** Whether a file system is to be made. */
  get isNew(): boolean {
    return this.options !== undefined;
  }

  /** Whether size or throughput of a new file system are left to be chosen. */
  get isOpen(): boolean {
    return isOpen(this.options);
  }

  /** Whether the size of a new file system follows the job or the nodes. */
  get followsNodes(): boolean {
    return followsNodes(this.options);
  }
}
