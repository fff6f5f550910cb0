import { having, type Kind } from '../../core/shapes';

/** A GKE cluster, made here or elsewhere. */
export interface IGkeCluster {
  /** Name, or id. */
  readonly name: string;
  /** Region or zone of its control plane, known at synthesis. */
  readonly location: string;
  /** GKE version, where it is stated. @default - that of its release channel */
  readonly version?: string;
}

/** A cluster, of whichever copy of the package. */
export const GKE_CLUSTER: Kind = having(
  'a GKE cluster { name, location }',
  ['name', 'location'],
  'Pass a ControlPlane, or { name, location } of a cluster that stands.',
);

/** A bucket by its name. */
export const NAMED_BUCKET: Kind = having(
  'a bucket',
  ['name'],
  'Pass a DataBucket, or { name } of a bucket that stands.',
);
