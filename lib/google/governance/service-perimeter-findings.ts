import { record } from '../../terraform/findings';
import type { ServicePerimeter } from './service-perimeter';
import { PerimeterMode, type ServicePerimeterOptions } from './service-perimeter-props';

/** Records what is doubtful about a perimeter. */
export function recordPerimeterFindings(perimeter: ServicePerimeter, options: ServicePerimeterOptions): void {
  recordMode(perimeter, options);
  recordHoles(perimeter, options);
}

function recordMode(perimeter: ServicePerimeter, { accessLevels = [], ingress = [] }: ServicePerimeterOptions): void {
  if (perimeter.mode === PerimeterMode.DRY_RUN) {
    record(perimeter, {
      id: 'perimeter/dry-run',
      level: 'warning',
      message: 'The perimeter logs what it would refuse, and refuses nothing.',
      fix: 'Read the audit logs with dryRun=true, let in what belongs in, and set mode to PerimeterMode.ENFORCED.',
      evidence: 'https://cloud.google.com/vpc-service-controls/docs/dry-run-mode',
    });
    return;
  }
  if (accessLevels.length + ingress.length > 0) return;
  record(perimeter, {
    id: 'perimeter/locked',
    level: 'warning',
    message: 'Nobody from outside comes in, and so nobody who runs Terraform there.',
    fix: 'Let in the account of the deployment by ingress or accessLevels, or run Terraform in a project inside.',
    evidence: 'https://cloud.google.com/vpc-service-controls/docs/ingress-egress-rules',
  });
}

/** A rule for anyone, anywhere, to everything is as good as no perimeter. */
function recordHoles(perimeter: ServicePerimeter, { ingress = [], egress = [] }: ServicePerimeterOptions): void {
  const open = [
    ...ingress.map(({ identities, from }, index) => ((identities ?? from) ? undefined : `ingress[${index}]`)),
    ...egress.map(({ identities, to }, index) => (!identities && to.includes('*') ? `egress[${index}]` : undefined)),
  ].filter((rule) => rule !== undefined);
  if (open.length === 0) return;
  record(perimeter, {
    id: 'perimeter/open',
    level: 'warning',
    message: `${open.join(', ')} of the perimeter names neither who, nor a place outside: anyone whom IAM lets passes.`,
    fix: 'Name identities, access levels or projects.',
    evidence: 'https://cloud.google.com/vpc-service-controls/docs/ingress-egress-rules',
  });
}
