/** A GKE cluster: a new `ControlPlane` or an existing cluster. */
export interface IGkeCluster {
  /** Name or ID of the cluster. */
  readonly name: string;
  /** Region or zone of the control plane, known at synthesis. */
  readonly location: string;
  /** GKE version. @default - unknown; versions are not validated */
  readonly kubernetesVersion?: string;
}

/** Attributes of an existing GKE cluster. */
export type ControlPlaneAttributes = IGkeCluster;
