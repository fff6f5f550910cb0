/** What a data bucket holds: it decides how long old versions stay and where cold objects go. */
export enum DataPurpose {
  /** Training and evaluation data: read in waves, cold in between. Old versions stay 30 days. */
  DATASETS = 'datasets',
  /** Training checkpoints: large, overwritten often, hot until they are worthless. Old versions stay 7 days. */
  CHECKPOINTS = 'checkpoints',
  /** Model weights and artefacts: few, and worth restoring. Old versions stay 90 days. */
  MODELS = 'models',
  /** Logs and metrics of runs: gone after a year, unless the bucket says otherwise. Old versions stay 30 days. */
  LOGS = 'logs',
}

/** The defaults of a purpose. */
export interface PurposeRow {
  /** Whether the store moves cold objects by itself: it costs a fee per object, and nothing to read them back. */
  readonly tiering: boolean;
  /** Days that replaced and deleted versions stay. */
  readonly oldVersionDays: number;
  /** Days after which objects go. Absent: never. */
  readonly keepDays?: number;
}

/** This library's own choice for each purpose. */
export const PURPOSES: Record<DataPurpose, PurposeRow> = {
  [DataPurpose.DATASETS]: { tiering: true, oldVersionDays: 30 },
  [DataPurpose.CHECKPOINTS]: { tiering: false, oldVersionDays: 7 },
  [DataPurpose.MODELS]: { tiering: true, oldVersionDays: 90 },
  [DataPurpose.LOGS]: { tiering: false, oldVersionDays: 30, keepDays: 365 },
};

/** How long a bucket keeps things, in whole days. */
export interface Retention {
  /** Days after which an object goes. Absent: never. */
  readonly keepDays?: number;
  /** Days that a replaced or deleted version stays. Absent: the bucket has no versions. */
  readonly oldVersionDays?: number;
}
