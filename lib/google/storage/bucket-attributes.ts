/** A Cloud Storage bucket: a new `DataBucket` or an existing bucket. */
export interface IDataBucket {
  /** Name of the bucket. */
  readonly name: string;
}
