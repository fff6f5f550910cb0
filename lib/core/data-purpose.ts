/** The content of a data bucket. It determines how long noncurrent versions are kept and where cold objects go. */
export enum DataPurpose {
  /** Training and evaluation data, which is cold between runs. Noncurrent versions are kept for 30 days. */
  DATASETS = 'datasets',
  /** Training checkpoints, which are large and overwritten often. Noncurrent versions are kept for 7 days. */
  CHECKPOINTS = 'checkpoints',
  /** Model weights and artifacts. Noncurrent versions are kept for 90 days. */
  MODELS = 'models',
  /** Logs and metrics of runs, which expire after one year by default. Noncurrent versions are kept for 30 days. */
  LOGS = 'logs',
}

/** The default settings of a purpose. */
export interface PurposeRow {
  /** Whether the service moves cold objects automatically. It costs a fee per object, but reads are free. */
  readonly tiering: boolean;
  /** Days that noncurrent versions are kept. */
  readonly oldVersionDays: number;
  /** Days after which objects expire. Unset: never. */
  readonly expirationDays?: number;
}

/** The defaults of this library for each purpose. */
export const PURPOSES: Record<DataPurpose, PurposeRow> = {
  [DataPurpose.DATASETS]: { tiering: true, oldVersionDays: 30 },
  [DataPurpose.CHECKPOINTS]: { tiering: false, oldVersionDays: 7 },
  [DataPurpose.MODELS]: { tiering: true, oldVersionDays: 90 },
  [DataPurpose.LOGS]: { tiering: false, oldVersionDays: 30, expirationDays: 365 },
};

/** How long a bucket keeps objects, in whole days. */
export interface Retention {
  /** Days after which an object expires. Unset: never. */
  readonly expirationDays?: number;
  /** Days that a noncurrent version is kept. Unset: the bucket has no versioning. */
  readonly oldVersionDays?: number;
}
