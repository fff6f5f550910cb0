import type { ProblemCollector } from '../../core/errors';
import type { GoogleMachine } from './machine';

/** Whether the vCPUs and memory of a machine are known. Adds a problem if they are not. @param why the reason that they are needed */
export function checkMachineSize(problems: ProblemCollector, { name, spec }: GoogleMachine, why: string): boolean {
  if (spec.vcpus !== undefined && spec.memoryGB !== undefined) return true;
  problems.add({
    code: 'MachineSize',
    prop: 'machine',
    allowed: `a machine with known vCPUs and memory, because ${why}`,
    got: name,
    fix: 'Use GoogleMachine.of with the output of `gcloud compute machine-types describe`.',
  });
  return false;
}

/** The reason for models. */
export const PODS_SHARE = 'pods request a part of them';
