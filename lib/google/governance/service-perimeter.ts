import { Lazy, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
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
 * A perimeter of VPC Service Controls: data of its projects stays inside, whatever rights someone outside holds. Begin with a dry run, read
 * what it would refuse in the audit logs, let in what belongs in, and only then enforce it.
 *
 * @see https://cloud.google.com/vpc-service-controls/docs/overview
 */
export class ServicePerimeter extends Construct {
  public readonly resource: AccessContextManagerServicePerimeter;
  public readonly mode: PerimeterMode;

  constructor(scope: Construct, id: string, props: ServicePerimeterProps) {
    super(scope, id);
    const problems = new Problems();
    checkPerimeter(problems, props);
    problems.throwIfAny(this);
    this.mode = props.mode ?? PerimeterMode.DRY_RUN;
    const parent = `accessPolicies/${props.accessPolicy}`;
    // The name takes letters, digits and underscores only.
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

  /** The full name, `accessPolicies/…/servicePerimeters/…`. */
  get name(): string {
    return this.resource.name;
  }

  private spec({ services, projects, accessLevels, ingress, egress }: ServicePerimeterOptions): Spec {
    const inside = projects ?? [CurrentProject.of(this).projectNumber];
    return {
      resources: inside.map((number) => `projects/${number}`),
      // Read when all of the stack is made.
      restrictedServices: services
        ? [...services]
        : Lazy.listValue({ produce: () => servicesOf(TerraformStack.of(this)) }),
      accessLevels: accessLevels && [...accessLevels],
      ingressPolicies: ingress?.map(ingressPolicy),
      egressPolicies: egress?.map(egressPolicy),
    };
  }
}

/** A choice of this library: no limit is documented with the provider. */
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

/** Every method of each service. Of all services at once, no method is named. */
function operationsOf(services: readonly string[]) {
  return services.map((serviceName) =>
    serviceName === '*' ? { serviceName } : { serviceName, methodSelectors: [{ method: '*' }] },
  );
}
