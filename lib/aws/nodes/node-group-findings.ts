import { nothingTakesOver, reservationEnds } from '../../core/capacity-findings';
import { recordScarce, SPOT } from '../capacity/capacity-findings';
import type { EfaNodeGroup } from './efa-node-group';
import type { EfaNodeGroupOptions } from './node-group-options';
import { record } from '../template/findings';
import { NODES_PER_GROUP } from '../machine/machine';
import { recordMachineFindings } from '../machine/machine-findings';
import { efaCardsOf } from '../network/network-layout';

/** Records what is doubtful about a group of accelerator nodes. */
export function recordNodeGroupFindings(group: EfaNodeGroup, options: EfaNodeGroupOptions): void {
  recordMachineFindings(group, group.machine);
  recordFabric(group, options);
  recordCapacity(group);
}

function recordFabric(group: EfaNodeGroup, { nodeQuota = NODES_PER_GROUP }: EfaNodeGroupOptions): void {
  const { machine, nodes, efaInterfacesPerNode: wired } = group;
  const offered = efaCardsOf(machine).length;
  if (nodes > 1 && wired === 0) {
    record(group, {
      id: 'fabric/no-efa',
      level: 'warning',
      message: `${nodes} nodes of ${machine.name} talk over TCP: ${machine.hasEfa ? 'EFA is switched off' : 'the machine has no EFA'}.`,
      fix: machine.hasEfa
        ? 'Leave interconnect out.'
        : 'Take a machine with EFA for work that spans nodes, or acknowledge this.',
      evidence: `efaInterfaces ${machine.spec.efaInterfaces} in AWS_MACHINES['${machine.name}']`,
    });
  } else if (wired > 0 && wired < offered) {
    record(group, {
      id: 'fabric/not-full',
      level: 'warning',
      message: `${wired} of ${offered} EFA interfaces of ${machine.name} are wired: about ${Math.round((machine.spec.networkGbps * wired) / offered)} of ${machine.spec.networkGbps} Gbps.`,
      fix: 'Use Interconnect.efa(), or acknowledge this.',
      evidence: `efaInterfaces ${machine.spec.efaInterfaces} in AWS_MACHINES['${machine.name}']`,
    });
  }
  if (nodes > NODES_PER_GROUP && nodeQuota > NODES_PER_GROUP) {
    record(group, {
      id: 'quota/nodes-per-group',
      level: 'info',
      message: `${nodes} nodes need a raised quota of nodes in a managed node group.`,
      fix: 'Raise quota L-BD136A63 before the deployment.',
      evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html',
    });
  }
}

function recordCapacity(group: EfaNodeGroup): void {
  const { machine, nodes, capacity } = group;
  const [smallest = 1] = machine.spec.ultraServerNodes ?? [];
  if (nodes % smallest !== 0) {
    record(group, {
      id: 'fabric/partial-ultraserver',
      level: 'warning',
      message: `${nodes} nodes of ${machine.name} do not fill whole UltraServers of ${smallest}.`,
      fix: `Make nodes a multiple of ${smallest}.`,
      evidence: `ultraServerNodes in AWS_MACHINES['${machine.name}']`,
    });
  }
  recordScarce(group, machine, capacity);
  if (capacity.market === 'spot' && !capacity.fallback) {
    record(group, nothingTakesOver(machine.name, SPOT));
  }
  if (capacity.market === 'capacity-block' && capacity.desiredNodes === 0) {
    record(group, {
      id: 'capacity/stands-at-zero',
      level: 'info',
      message: `The group of the capacity block wants no node: EKS makes it before the block begins, and updates it only so.`,
      fix: 'Set desiredNodes once the block has begun, and 0 again before a change of the group.',
      evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html',
    });
  }
  if (capacity.until) {
    const fix = 'Renew it before, or scale the group to zero.';
    const then = '; the nodes then run without it';
    record(group, reservationEnds(`${nodes} ${machine.name}`, capacity.until, then, fix));
  }
}
