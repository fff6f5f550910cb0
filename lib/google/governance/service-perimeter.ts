import { Lazy, TerraformResource, TerraformStack } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { physicalName } from '../../terraform/names';
import { CurrentProject } from '../operations/current-project';
import {
  AccessContextManagerServicePerimeter,
  type AccessContextManagerServicePerimeterConfig,
} from '../provider/google';
import { validateProps } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import { SERVICE_PERIMETER_OPTIONS } from '../prop-schemas';
import { record } from '../../terraform/findings';
import { providerKey } from '../../terraform/chosen-provider';
import { checkProviders } from '../../terraform/provider-checks';

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
  /** Services that nobody outside can reach, for example `storage.googleapis.com`. @default - the services of the resources of the project in the stack, and of its clusters */
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

/** Properties for `ServicePerimeter`. */
export type ServicePerimeterProps = ServicePerimeterOptions;

type Spec = NonNullable<AccessContextManagerServicePerimeterConfig['spec']>;

/**
 * A VPC Service Controls perimeter. It keeps the data of its projects inside, independent of IAM permissions.
 *
 * Start in dry run mode. Read the rejected requests in the audit logs, allow the legitimate ones, and then enforce the perimeter.
 *
 * @see https://cloud.google.com/vpc-service-controls/docs/overview
 * @example
 * ```ts
 * import { ServicePerimeter } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new ServicePerimeter(stack, 'Perimeter', {
 *   accessPolicy: '123456',
 *   ingress: [{ identities: ['serviceAccount:ci@my-project.iam.gserviceaccount.com'], services: ['*'] }],
 * });
 * ```
 */
export class ServicePerimeter extends Construct {
  /** The perimeter in Terraform. */
  public readonly resource: AccessContextManagerServicePerimeter;
  /** Whether the perimeter rejects requests or only logs them. */
  public readonly mode: PerimeterMode;

  constructor(scope: Construct, id: string, props: ServicePerimeterProps) {
    super(scope, id);
    checkProviders(this);
    const problems = new ProblemCollector();
    checkPerimeter(problems, props);
    problems.throwIfAny(this);
    this.mode = props.mode ?? PerimeterMode.DRY_RUN;
    const parent = `accessPolicies/${props.accessPolicy}`;
    // The name can contain only letters, digits and underscores.
    const name = physicalName(this, LONGEST_NAME).replaceAll('-', '_');
    const dryRun = this.mode === PerimeterMode.DRY_RUN;
    this.resource = new AccessContextManagerServicePerimeter(this, 'Resource', {
      parent,
      name: `${parent}/servicePerimeters/${name}`,
      title: name,
      perimeterType: 'PERIMETER_TYPE_REGULAR',
      useExplicitDryRunSpec: dryRun,
      ...(dryRun ? { spec: this.spec(props) } : { status: this.spec(props) }),
    });
    recordPerimeterFindings(this, props);
  }

  /** Full name of the perimeter: `accessPolicies/…/servicePerimeters/…`. */
  get name(): string {
    return this.resource.name;
  }

  private spec({ services, projects, accessLevels, ingress, egress }: ServicePerimeterOptions): Spec {
    const inside = projects ?? [CurrentProject.of(this).projectNumber];
    return {
      resources: inside.map((number) => `projects/${number}`),
      // Evaluated at synthesis, when the stack is complete.
      restrictedServices: services ? [...services] : Lazy.listValue({ produce: () => servicesOf(this) }),
      accessLevels: accessLevels && [...accessLevels],
      ingressPolicies: ingress?.map(ingressPolicy),
      egressPolicies: egress?.map(egressPolicy),
    };
  }
}

/** A limit of this library. The provider documents none. */
const LONGEST_NAME = 50;

function ingressPolicy({ identities, from, services }: PerimeterIngress) {
  const sources = (from ?? ['*']).map((one) =>
    one.startsWith('projects/') ? { resource: one } : { accessLevel: one },
  );
  return {
    ingressFrom: { ...identified(identities), sources },
    ingressTo: { resources: ['*'], operations: operationsOf(services) },
  };
}

function egressPolicy({ identities, to, services }: PerimeterEgress) {
  return {
    egressFrom: identified(identities),
    egressTo: { resources: [...to], operations: operationsOf(services) },
  };
}

function identified(identities: readonly string[] | undefined) {
  return identities ? { identities: [...identities] } : { identityType: 'ANY_IDENTITY' };
}

/** All methods of each service. A rule for all services has no method list. */
function operationsOf(services: readonly string[]) {
  return services.map((serviceName) =>
    serviceName === '*' ? { serviceName } : { serviceName, methodSelectors: [{ method: '*' }] },
  );
}

// Source of the formats: documentation of the provider, google 6.50.0, access_context_manager_service_perimeter.
const NUMBER = /^\d+$/;
const PROJECT = /^projects\/\d+$/;
const ACCESS_LEVEL = /^accessPolicies\/\d+\/accessLevels\/[A-Za-z]\w*$/;
const SERVICE = /^[a-z][a-z0-9-]*\.googleapis\.com$/;
const IDENTITY = /^(user|group|serviceAccount|principal|principalSet):\S+$/;

type Format = (value: string) => boolean;

const isAny: Format = (value) => value === '*';
const matches =
  (...patterns: readonly RegExp[]): Format =>
  (value) =>
    patterns.some((pattern) => pattern.test(value));
const isService: Format = matches(SERVICE);
const isServiceOrAny: Format = (value) => isAny(value) || isService(value);

/** Adds each value with a format that Access Context Manager rejects. */
export function checkPerimeter(problems: ProblemCollector, options: ServicePerimeterOptions): void {
  if (!validateProps(problems, options, SERVICE_PERIMETER_OPTIONS)) return;
  const { accessPolicy, services, projects, accessLevels, ingress = [], egress = [] } = options;
  each(problems, 'accessPolicy', [accessPolicy], matches(NUMBER), 'the number of an access policy', false);
  each(problems, 'services', services, isService, 'a service, for example storage.googleapis.com');
  each(problems, 'projects', projects, matches(NUMBER), 'the number of a project');
  each(problems, 'accessLevels', accessLevels, matches(ACCESS_LEVEL), LEVEL);
  if (services?.length === 0) empty(problems, 'services');
  ingress.forEach((rule, index) => {
    const within = problems.within(`ingress[${index}]`);
    checkRule(within, rule);
    each(within, 'from', rule.from, matches(ACCESS_LEVEL, PROJECT), `${LEVEL}, or projects/<number>`);
  });
  egress.forEach((rule, index) => {
    const within = problems.within(`egress[${index}]`);
    checkRule(within, rule);
    each(within, 'to', rule.to, (value) => isAny(value) || PROJECT.test(value), 'projects/<number>, or *');
    if (rule.to.length === 0) empty(within, 'to');
  });
}

const LEVEL = 'accessPolicies/<number>/accessLevels/<name>';

function checkRule(problems: ProblemCollector, { identities, services }: Omit<PerimeterIngress, 'from'>): void {
  each(problems, 'identities', identities, matches(IDENTITY), 'user:…, group:…, serviceAccount:… or a principal');
  each(problems, 'services', services, isServiceOrAny, 'a service, for example storage.googleapis.com, or *');
  if (services.length === 0) empty(problems, 'services');
}

function each(
  problems: ProblemCollector,
  prop: string,
  values: readonly string[] | undefined,
  hasFormat: Format,
  allowed: string,
  indexed = true,
): void {
  values?.forEach((got, index) => {
    if (isUnknown(got) || hasFormat(got)) return;
    problems.add({
      code: 'PerimeterInvalid',
      prop: indexed ? `${prop}[${index}]` : prop,
      allowed,
      got,
      fix: 'Copy it from Access Context Manager or `gcloud projects describe`.',
    });
  });
}

function empty(problems: ProblemCollector, prop: string): void {
  const allowed = 'a list with at least one item';
  problems.add({
    code: 'PerimeterInvalid',
    prop,
    allowed,
    got: [],
    fix: 'Add an item, or remove the list or its rule.',
  });
}

/** Records the findings of a perimeter. */
export function recordPerimeterFindings(perimeter: ServicePerimeter, options: ServicePerimeterOptions): void {
  recordMode(perimeter, options);
  recordHoles(perimeter, options);
}

function recordMode(perimeter: ServicePerimeter, { accessLevels = [], ingress = [] }: ServicePerimeterOptions): void {
  if (perimeter.mode === PerimeterMode.DRY_RUN) {
    record(perimeter, {
      id: 'perimeter/dry-run',
      level: 'warning',
      message: 'The perimeter only logs the requests that it would reject.',
      fix: 'Read the audit logs with dryRun=true, allow the legitimate requests, and set `mode` to PerimeterMode.ENFORCED.',
      evidence: 'https://cloud.google.com/vpc-service-controls/docs/dry-run-mode',
    });
    return;
  }
  if (accessLevels.length + ingress.length > 0) return;
  record(perimeter, {
    id: 'perimeter/locked',
    level: 'warning',
    message: 'The perimeter rejects every request from outside, including Terraform runs from outside.',
    fix: 'Allow the account of the deployment with `ingress` or `accessLevels`, or run Terraform in a project of the perimeter.',
    evidence: 'https://cloud.google.com/vpc-service-controls/docs/ingress-egress-rules',
  });
}

/** A rule for any identity and any source is like no perimeter. */
function recordHoles(perimeter: ServicePerimeter, { ingress = [], egress = [] }: ServicePerimeterOptions): void {
  const open = [
    ...ingress.map(({ identities, from }, index) => ((identities ?? from) ? undefined : `ingress[${index}]`)),
    ...egress.map(({ identities, to }, index) => (!identities && to.includes('*') ? `egress[${index}]` : undefined)),
  ].filter((rule) => rule !== undefined);
  if (open.length === 0) return;
  record(perimeter, {
    id: 'perimeter/open',
    level: 'warning',
    message: `${open.join(', ')} of the perimeter has no identities and no source or target, so the rule allows anyone with IAM permissions.`,
    fix: 'Add identities, access levels or projects.',
    evidence: 'https://cloud.google.com/vpc-service-controls/docs/ingress-egress-rules',
  });
}

/**
 * The API of each resource type, by the prefix of the type.
 *
 * Perimeters fully support all of them (GA): docs.cloud.google.com/vpc-service-controls/docs/restricted-vip-services, a copy of
 * 2026-04-12; read 2026-11-26. IAM, service networking and billing are left out, because restricting them would block Terraform.
 */
const SERVICES: Readonly<Record<string, string>> = {
  google_artifact_registry_: 'artifactregistry',
  google_batch_: 'batch',
  google_bigquery_: 'bigquery',
  google_cloud_run_: 'run',
  google_compute_: 'compute',
  google_container_: 'container',
  google_data_loss_prevention_: 'dlp',
  google_kms_: 'cloudkms',
  google_logging_: 'logging',
  google_lustre_: 'lustre',
  google_monitoring_: 'monitoring',
  google_notebooks_: 'notebooks',
  google_pubsub_: 'pubsub',
  google_secret_manager_: 'secretmanager',
  google_storage_: 'storage',
  google_vertex_ai_: 'aiplatform',
};

/** Other APIs that GKE uses: for images, image streaming, logs and metrics. */
const OF_CLUSTERS = ['artifactregistry', 'containerfilesystem', 'logging', 'monitoring'];

/** The services of the resources in the stack and the project of a construct, sorted. A perimeter restricts them. */
export function servicesOf(scope: IConstruct): string[] {
  const key = providerKey(scope, 'google');
  const types = TerraformStack.of(scope)
    .node.findAll()
    .filter((each) => TerraformResource.isTerraformResource(each))
    .filter((each) => providerKey(each, 'google') === key)
    .map(({ terraformResourceType }) => terraformResourceType);
  const used = new Set(types.flatMap((type) => serviceOf(type) ?? []));
  if (used.has('container')) for (const service of OF_CLUSTERS) used.add(service);
  return [...used].sort().map((service) => `${service}.googleapis.com`);
}

function serviceOf(type: string): string | undefined {
  const prefix = Object.keys(SERVICES).find((each) => type.startsWith(each));
  return prefix === undefined ? undefined : SERVICES[prefix];
}
