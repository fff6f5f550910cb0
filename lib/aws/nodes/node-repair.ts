import type { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import type { AwsMachine } from '../machine/machine';

/** XIDs that a faulty program raises: 13 is a graphics engine exception, 31 a memory page fault. */
const PROGRAM_XIDS = [13, 31];

const MIN_WAIT_MINUTES = 10;

/**
 * Node auto repair: EKS replaces or restarts a node if its accelerator, kernel, or network fails. It ignores errors that a faulty program
 * raises. Otherwise the crash of one job restarts the node of the next job.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/node-repair.html
 */
export function repairConfig(
  machine: AwsMachine,
  ignoredXids: readonly number[] = PROGRAM_XIDS,
): CfnNodegroup.NodeRepairConfigProperty {
  if (machine.chip.vendor !== 'NVIDIA' || ignoredXids.length === 0) return { enabled: true };
  return {
    enabled: true,
    nodeRepairConfigOverrides: ignoredXids.map((xid) => ({
      nodeMonitoringCondition: 'AcceleratedHardwareReady',
      nodeUnhealthyReason: `NvidiaXID${xid}Error`,
      minRepairWaitTimeMins: MIN_WAIT_MINUTES,
      repairAction: 'NoAction',
    })),
  };
}
