import { record } from '../../terraform/findings';
import type { ServicePerimeter } from './service-perimeter';
import { PerimeterMode, type ServicePerimeterOptions } from './service-perimeter-props';

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
