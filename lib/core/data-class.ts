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
