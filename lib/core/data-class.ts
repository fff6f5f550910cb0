/** Sensitivity of data. A data class sets minimum protections for a bucket; it never weakens your own settings. */
export enum DataClass {
  /** Public data: open datasets, released models. */
  PUBLIC = 'public',
  /** Internal data whose disclosure would cause little harm. */
  INTERNAL = 'internal',
  /** Data whose disclosure would cause harm: unreleased models, customer content. */
  CONFIDENTIAL = 'confidential',
  /** Regulated data, or data under contract: health, financial, or personal data. */
  RESTRICTED = 'restricted',
}

/** The minimum protections of a data class. Encryption, TLS, access logs, and blocked public access apply to every class. */
export interface DataClassFloor {
  readonly versioned: boolean;
  readonly customerKey: boolean;
  readonly retained: boolean;
  /** Minimum number of days that noncurrent versions are kept or locked. */
  readonly oldVersionDays: number;
}

/** The minimum protections that this library sets for each class. */
export const DATA_CLASS_FLOORS = {
  [DataClass.PUBLIC]: { versioned: false, customerKey: false, retained: false, oldVersionDays: 0 },
  [DataClass.INTERNAL]: { versioned: false, customerKey: false, retained: false, oldVersionDays: 0 },
  [DataClass.CONFIDENTIAL]: { versioned: true, customerKey: true, retained: false, oldVersionDays: 0 },
  [DataClass.RESTRICTED]: { versioned: true, customerKey: true, retained: true, oldVersionDays: 90 },
} as const satisfies Record<DataClass, DataClassFloor>;
