import { withMembers } from '../../core/member-kinds';
import type { Kind } from '../../core/shapes';

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
export const GKE_CLUSTER: Kind = withMembers(
  'a GKE cluster { name, location }',
  { name: 'string', location: 'string' },
  'Pass a ControlPlane, or { name, location } of a cluster that stands.',
);

/** A bucket by its name. */
export const NAMED_BUCKET: Kind = withMembers(
  'a bucket',
  { name: 'string' },
  'Pass a DataBucket, or { name } of a bucket that stands.',
);
