import { Lazy, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { physicalName } from '../../terraform/names';
import { CurrentProject } from '../operations/current-project';
import {
  AccessContextManagerServicePerimeter,
  type AccessContextManagerServicePerimeterConfig,
} from '../provider/google';
import { servicesOf } from './restricted-services';
import { checkPerimeter } from './service-perimeter-checks';
import { recordPerimeterFindings } from './service-perimeter-findings';
import {
  type PerimeterEgress,
  type PerimeterIngress,
  PerimeterMode,
  type ServicePerimeterOptions,
} from './service-perimeter-props';

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
      restrictedServices: services
        ? [...services]
        : Lazy.listValue({ produce: () => servicesOf(TerraformStack.of(this)) }),
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
