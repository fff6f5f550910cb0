import { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { validateProps } from '../../core/prop-schema';
import { isUnknown } from '../../terraform/tokens';
import { checkProviders } from '../../terraform/provider-checks';
import { CurrentProject } from '../operations/current-project';
import {
  AccessContextManagerServicePerimeterDryRunResource,
  AccessContextManagerServicePerimeterResource,
} from '../provider/google';
import { PerimeterMode } from './service-perimeter';
import { PERIMETER_MEMBER_PROPS } from '../prop-schemas';

/** Properties for `PerimeterMember`. */
export interface PerimeterMemberProps {
  /** Existing perimeter: `accessPolicies/<number>/servicePerimeters/<name>`. Its owner must ignore changes to its list of projects. */
  readonly perimeter: string;
  /** Configuration of the perimeter that the project joins. @default PerimeterMode.DRY_RUN */
  readonly mode?: PerimeterMode;
}

const PERIMETER_NAME = /^accessPolicies\/\d+\/servicePerimeters\/[A-Za-z]\w*$/;

/**
 * Adds the project of the stack to an existing perimeter.
 *
 * @example
 * ```ts
 * import { PerimeterMember } from 'ai-infra-constructs/google';
 * import { TerraformStack } from 'cdktf';
 *
 * declare const stack: TerraformStack;
 * new PerimeterMember(stack, 'Member', { perimeter: 'accessPolicies/123456/servicePerimeters/research' });
 * ```
 */
export class PerimeterMember extends Construct {
  /** The membership in Terraform. */
  public readonly resource:
    AccessContextManagerServicePerimeterResource | AccessContextManagerServicePerimeterDryRunResource;

  constructor(scope: Construct, id: string, props: PerimeterMemberProps) {
    super(scope, id);
    checkProviders(this);
    check(this, props);
    const config = {
      perimeterName: props.perimeter,
      resource: `projects/${CurrentProject.of(this).projectNumber}`,
    };
    this.resource =
      (props.mode ?? PerimeterMode.DRY_RUN) === PerimeterMode.DRY_RUN
        ? new AccessContextManagerServicePerimeterDryRunResource(this, 'DryRun', config)
        : new AccessContextManagerServicePerimeterResource(this, 'Resource', config);
  }
}

function check(scope: Construct, props: PerimeterMemberProps): void {
  const problems = new ProblemCollector();
  if (
    validateProps(problems, props, PERIMETER_MEMBER_PROPS) &&
    !isUnknown(props.perimeter) &&
    !PERIMETER_NAME.test(props.perimeter)
  ) {
    problems.add({
      code: 'PerimeterInvalid',
      prop: 'perimeter',
      allowed: 'accessPolicies/<number>/servicePerimeters/<name>',
      got: props.perimeter,
      fix: 'Copy it from `gcloud access-context-manager perimeters list`.',
    });
  }
  problems.throwIfAny(scope);
}
