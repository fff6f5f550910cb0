import { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { fits, oneOf, required, type Shape, TEXT } from '../../core/shapes';
import { isUnknown } from '../../terraform/tokens';
import { CurrentProject } from '../operations/current-project';
import {
  AccessContextManagerServicePerimeterDryRunResource,
  AccessContextManagerServicePerimeterResource,
} from '../provider/google';
import { PerimeterMode } from './service-perimeter-props';

/** Properties for `PerimeterMember`. */
export interface PerimeterMemberProps {
  /** The perimeter that stands, `accessPolicies/<number>/servicePerimeters/<name>`. Whoever made it must ignore changes of its projects. */
  readonly perimeter: string;
  /** The configuration of it that the project joins. @default PerimeterMode.DRY_RUN */
  readonly mode?: PerimeterMode;
}

const SHAPE: Shape<PerimeterMemberProps> = { perimeter: required(TEXT), mode: oneOf(Object.values(PerimeterMode)) };

const PERIMETER_NAME = /^accessPolicies\/\d+\/servicePerimeters\/[A-Za-z]\w*$/;

/** The project of the stack as a member of a perimeter that someone else owns. */
export class PerimeterMember extends Construct {
  public readonly resource:
    AccessContextManagerServicePerimeterResource | AccessContextManagerServicePerimeterDryRunResource;

  constructor(scope: Construct, id: string, props: PerimeterMemberProps) {
    super(scope, id);
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
  const problems = new Problems();
  if (fits(problems, props, SHAPE) && !isUnknown(props.perimeter) && !PERIMETER_NAME.test(props.perimeter)) {
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
