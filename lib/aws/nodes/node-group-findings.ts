import { noFallback, reservationEnds } from '../../core/capacity-findings';
import { recordScarce, SPOT } from '../capacity/capacity-findings';
import type { EfaNodeGroup } from './efa-node-group';
import type { EfaNodeGroupOptions } from './node-group-options';
import { record } from '../template/findings';
import { NODES_PER_GROUP } from '../machine/machine';
import { recordMachineFindings } from '../machine/machine-findings';
import { efaCardsOf } from '../network/network-layout';

/** Records the findings of a group of accelerator nodes. */
export function recordNodeGroupFindings(group: EfaNodeGroup, options: EfaNodeGroupOptions): void {
  recordMachineFindings(group, group.machine);
  recordFabric(group, options);
  recordCapacity(group);
}

function recordFabric(group: EfaNodeGroup, { nodeOptions = {} }: EfaNodeGroupOptions): void {
  const { nodeQuota = NODES_PER_GROUP } = nodeOptions;
  const { machine, nodes, efaInterfacesPerNode: wired } = group;
  const offered = efaCardsOf(machine).length;
  if (nodes > 1 && wired === 0) {
    record(group, {
      id: 'fabric/no-efa',
      level: 'warning',
      message: `${nodes} ${machine.name} nodes communicate over TCP: ${machine.hasEfa ? 'EFA is switched off' : 'the machine has no EFA'}.`,
      fix: machine.hasEfa
        ? 'Remove interconnect.'
        : 'Use a machine with EFA for jobs on several nodes, or acknowledge this finding.',
      evidence: `efaInterfaces ${machine.spec.efaInterfaces} in AWS_MACHINES['${machine.name}']`,
    });
  } else if (wired > 0 && wired < offered) {
    record(group, {
      id: 'fabric/not-full',
      level: 'warning',
      message: `${machine.name} uses ${wired} of its ${offered} EFA interfaces: about ${Math.round((machine.spec.networkGbps * wired) / offered)} of ${machine.spec.networkGbps} Gbps.`,
      fix: 'Use Interconnect.efa(), or acknowledge this finding.',
      evidence: `efaInterfaces ${machine.spec.efaInterfaces} in AWS_MACHINES['${machine.name}']`,
    });
  }
  if (nodes > NODES_PER_GROUP && nodeQuota > NODES_PER_GROUP) {
    record(group, {
      id: 'quota/nodes-per-group',
      level: 'info',
      message: `${nodes} nodes need a higher quota of nodes in a managed node group.`,
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
      fix: `Set nodes to a multiple of ${smallest}.`,
      evidence: `ultraServerNodes in AWS_MACHINES['${machine.name}']`,
    });
  }
  recordScarce(group, machine, capacity);
  if (capacity.market === 'spot' && !capacity.fallback) {
    record(group, noFallback(machine.name, SPOT));
  }
  if (capacity.market === 'capacity-block' && capacity.desiredNodes === 0) {
    record(group, {
      id: 'capacity/scaled-to-zero',
      level: 'info',
      message:
        'The node group for the capacity block has a desired size of 0. EKS can create and update it only in this state.',
      fix: 'Set desiredNodes when the block has started. Set it to 0 before each change of the group.',
      evidence: 'https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html',
    });
  }
  if (capacity.until) {
    const fix = 'Renew the reservation before that day, or scale the group to zero.';
    const then = '; the nodes then run without it';
    record(group, reservationEnds(`${nodes} ${machine.name}`, capacity.until, then, fix));
  }
}
