/** How sensitive data is. A class raises the floor of what a store must do; it never lowers what was asked. */
export enum DataClass {
  /** Meant for anyone: open datasets, released models. */
  PUBLIC = 'public',
  /** The organisation's own, of no great harm if it leaked. */
  INTERNAL = 'internal',
  /** Harm if it leaked: unreleased models, customer content. */
  CONFIDENTIAL = 'confidential',
  /** Regulated or contractually bound: health, finance, personal data. */
  RESTRICTED = 'restricted',
}

/** What a data class demands of a bucket. Encryption, TLS, access logs and no public access hold for every class. */
export interface DataClassFloor {
  readonly versioned: boolean;
  readonly customerKey: boolean;
  readonly retained: boolean;
  /** Days that replaced and deleted versions stay at least, or are locked. */
  readonly oldVersionDays: number;
}

/** This library's own floor for each class. */
export const DATA_CLASS_FLOORS = {
  [DataClass.PUBLIC]: { versioned: false, customerKey: false, retained: false, oldVersionDays: 0 },
  [DataClass.INTERNAL]: { versioned: false, customerKey: false, retained: false, oldVersionDays: 0 },
  [DataClass.CONFIDENTIAL]: { versioned: true, customerKey: true, retained: false, oldVersionDays: 0 },
  [DataClass.RESTRICTED]: { versioned: true, customerKey: true, retained: true, oldVersionDays: 90 },
} as const satisfies Record<DataClass, DataClassFloor>;
