import type { CfnNodegroup } from 'aws-cdk-lib/aws-eks';
import type { AwsMachine } from '../machine/machine';

/** XIDs that a faulty program raises: 13 is a graphics engine exception, 31 a memory page fault. */
const PROGRAM_XIDS = [13, 31];

const LEAST_WAIT_MINUTES = 10;

/**
 * Node auto repair: EKS replaces or restarts a node whose accelerator, kernel or network fails. Errors that a program raises by itself
 * are left out, since a crash of one job would otherwise restart the node under the next.
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
      minRepairWaitTimeMins: LEAST_WAIT_MINUTES,
      repairAction: 'NoAction',
    })),
  };
}
