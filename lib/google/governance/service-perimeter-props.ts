/** Whether a perimeter rejects requests or only logs them. */
export enum PerimeterMode {
  /** Only logs the requests that it would reject. */
  DRY_RUN = 'dry-run',
  /** Rejects requests. */
  ENFORCED = 'enforced',
}

/** An ingress rule: requests from outside that a perimeter allows. */
export interface PerimeterIngress {
  /** Identities, for example `serviceAccount:…`, `user:…` or `group:…`. @default - anyone with IAM permissions */
  readonly identities?: readonly string[];
  /** Sources: access levels, `accessPolicies/…/accessLevels/…`, or projects, `projects/<number>`. @default - any source */
  readonly from?: readonly string[];
  /** Services, for example `storage.googleapis.com`, or `*`. */
  readonly services: readonly string[];
}

/** An egress rule: requests from inside that a perimeter allows. */
export interface PerimeterEgress {
  /** Identities, for example `serviceAccount:…`. @default - anyone with IAM permissions */
  readonly identities?: readonly string[];
  /** Target projects: `projects/<number>`, or `*`. */
  readonly to: readonly string[];
  /** Services, for example `storage.googleapis.com`, or `*`. */
  readonly services: readonly string[];
}

/** Options for a perimeter. */
export interface ServicePerimeterOptions {
  /** Number of the access policy of the organization: `gcloud access-context-manager policies list`. */
  readonly accessPolicy: string;
  /** Whether the perimeter rejects requests or only logs them. @default PerimeterMode.DRY_RUN */
  readonly mode?: PerimeterMode;
  /** Services that nobody outside can reach, for example `storage.googleapis.com`. @default - the services of the resources in the stack, and of its clusters */
  readonly services?: readonly string[];
  /** Numbers of the projects in the perimeter. @default - the project of the stack */
  readonly projects?: readonly string[];
  /** Access levels that can reach all services, `accessPolicies/…/accessLevels/…`. @default - none */
  readonly accessLevels?: readonly string[];
  /** Ingress rules. @default - none */
  readonly ingress?: readonly PerimeterIngress[];
  /** Egress rules. @default - none */
  readonly egress?: readonly PerimeterEgress[];
}
