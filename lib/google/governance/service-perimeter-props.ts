/** Whether a perimeter refuses, or only logs what it would refuse. */
export enum PerimeterMode {
  /** Logs what it would refuse, and refuses nothing. */
  DRY_RUN = 'dry-run',
  /** Refuses. */
  ENFORCED = 'enforced',
}

/** Requests from outside that a perimeter lets in. */
export interface PerimeterIngress {
  /** Who, e.g. `serviceAccount:…`, `user:…`, `group:…`. @default - anyone whom IAM lets */
  readonly identities?: readonly string[];
  /** From where: access levels, `accessPolicies/…/accessLevels/…`, or projects, `projects/<number>`. @default - anywhere */
  readonly from?: readonly string[];
  /** To which services, e.g. `storage.googleapis.com`, or `*`. */
  readonly services: readonly string[];
}

/** Requests from inside that a perimeter lets out. */
export interface PerimeterEgress {
  /** Who, e.g. `serviceAccount:…`. @default - anyone whom IAM lets */
  readonly identities?: readonly string[];
  /** To which projects outside: `projects/<number>`, or `*`. */
  readonly to: readonly string[];
  /** To which services, e.g. `storage.googleapis.com`, or `*`. */
  readonly services: readonly string[];
}

/** What a perimeter restricts, and for whom not. */
export interface ServicePerimeterOptions {
  /** Number of the access policy of the organization: `gcloud access-context-manager policies list`. */
  readonly accessPolicy: string;
  /** @default PerimeterMode.DRY_RUN */
  readonly mode?: PerimeterMode;
  /** Services that nobody outside reaches, e.g. `storage.googleapis.com`. @default - those of the resources of the stack, and what its clusters use */
  readonly services?: readonly string[];
  /** Numbers of the projects inside. @default - the project of the stack */
  readonly projects?: readonly string[];
  /** Access levels whose requests come in everywhere, `accessPolicies/…/accessLevels/…`. @default - none */
  readonly accessLevels?: readonly string[];
  /** @default - nobody from outside */
  readonly ingress?: readonly PerimeterIngress[];
  /** @default - nobody to outside */
  readonly egress?: readonly PerimeterEgress[];
}
