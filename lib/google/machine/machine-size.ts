import type { Problems } from '../../core/errors';
import type { GoogleMachine } from './machine';

/** Whether cores and memory of a machine are known; adds a problem where they are not. @param why they must be */
export function checkMachineSize(problems: Problems, { name, spec }: GoogleMachine, why: string): boolean {
  if (spec.vcpus !== undefined && spec.memoryGB !== undefined) return true;
  problems.add({
    code: 'MachineSize',
    prop: 'machine',
    allowed: `a machine whose cores and memory the table has: ${why}`,
    got: name,
    fix: 'Describe it with GoogleMachine.of, with what `gcloud compute machine-types describe` says.',
  });
  return false;
}

/** Why models need them. */
export const PODS_SHARE = 'pods ask for a share of them';
