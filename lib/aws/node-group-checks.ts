import { Token } from 'aws-cdk-lib';
import type { Problems } from '../core/errors';
import { isDnsLabel } from '../kubernetes/manifest';
import type { Capacity } from './capacity';
import type { EfaNodeGroupOptions } from './efa-node-group';
import { checkInterconnect } from './interconnect';
import { type AwsMachine, NODES_PER_GROUP, NodeOs } from './machine';
import { isKnown } from './tokens';

/** Adds everything that contradicts itself in a group of accelerator nodes. */
export function checkNodeGroup(problems: Problems, options: EfaNodeGroupOptions): void {
  const { machine, interconnect, capacity } = options;
  checkNodes(problems, options);
  checkInterconnect(problems, machine, interconnect);
  checkImage(problems, options);
  checkDisks(problems, options);
  checkUltraServer(problems, options);
  if (capacity) checkCapacity(problems, machine, capacity);
}

function checkNodes(problems: Problems, { machine, nodes, nodeQuota = NODES_PER_GROUP }: EfaNodeGroupOptions): void {
  if (!isKnown(problems, 'nodes', nodes)) return;
  const most = machine.maxNodesPerFabric < NODES_PER_GROUP ? machine.maxNodesPerFabric : nodeQuota;
  if (Number.isInteger(nodes) && nodes >= 1 && nodes <= most) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'nodes',
    allowed: `an integer from 1 to ${most} for ${machine.name}`,
    got: nodes,
    fix:
      nodes > most
        ? 'Split the nodes over several groups, or state a raised quota with nodeQuota.'
        : 'Give at least one whole node.',
  });
}

// Of the 16 KiB that user data may have, EKS adds its own part and this library a few hundred bytes: EC2 user guide, "User data".
const COMMANDS_BYTES = 12 * 1024;

function checkImage(problems: Problems, { machine, os, commands = [], ignoredXids }: EfaNodeGroupOptions): void {
  if (machine.amiType(os) === undefined) {
    problems.add({
      code: 'AmiUnsupported',
      prop: 'os',
      allowed: `${machine.amiType() ? NodeOs.AMAZON_LINUX_2023 : 'a system that EKS has an image for'} for ${machine.name}`,
      got: os ?? NodeOs.AMAZON_LINUX_2023,
      fix: machine.amiType() ? 'Leave os out.' : 'Take a machine whose accelerator EKS images support.',
    });
  }
  if (os === NodeOs.BOTTLEROCKET && commands.length > 0) {
    problems.add({
      code: 'NodeCommands',
      prop: 'commands',
      allowed: `left out on ${NodeOs.BOTTLEROCKET}, which has no shell`,
      got: commands,
      fix: `Use ${NodeOs.AMAZON_LINUX_2023}, or a bootstrap container of your own.`,
    });
  }
  const length = Buffer.byteLength(commands.join('\n'));
  if (length > COMMANDS_BYTES) {
    problems.add({
      code: 'UserDataTooLong',
      prop: 'commands',
      allowed: `at most ${COMMANDS_BYTES} bytes, since a launch template takes 16 KiB of user data in all`,
      got: `${length} bytes`,
      fix: 'Fetch a script from a bucket and run it.',
    });
  }
  if (machine.isNeuron && ignoredXids !== undefined) {
    problems.add({
      code: 'NeuronOption',
      prop: 'ignoredXids',
      allowed: `left out for ${machine.name}: XIDs are errors of NVIDIA drivers`,
      got: ignoredXids,
      fix: 'Remove ignoredXids.',
    });
  }
}

// A gp3 volume takes 16,384 GiB, and the EKS images need 20 GiB: EBS user guide, "General Purpose SSD volumes"; EKS AMI default size.
const ROOT_VOLUME_GIB = { least: 20, most: 16_384 };

function checkDisks(problems: Problems, { machine, scratch, rootVolumeGiB }: EfaNodeGroupOptions): void {
  if (scratch && machine.spec.localNvmeGB === 0) {
    problems.add({
      code: 'LocalNvmeMissing',
      prop: 'scratch',
      allowed: `false: ${machine.name} has no local NVMe`,
      got: scratch,
      fix: 'Leave scratch out and size rootVolumeGiB for what the pods write.',
    });
  }
  if (!isKnown(problems, 'rootVolumeGiB', rootVolumeGiB)) return;
  const { least, most } = ROOT_VOLUME_GIB;
  if (Number.isInteger(rootVolumeGiB) && rootVolumeGiB >= least && rootVolumeGiB <= most) return;
  problems.add({
    code: 'VolumeOutOfRange',
    prop: 'rootVolumeGiB',
    allowed: `a whole number of GiB from ${least} to ${most}`,
    got: rootVolumeGiB,
    fix: 'Keep datasets and checkpoints on the file system; the root volume holds images and logs.',
  });
}

function checkUltraServer(problems: Problems, { machine, nodes, capacity }: EfaNodeGroupOptions): void {
  const sizes = machine.spec.ultraServerNodes;
  if (!sizes || machine.isNeuron || Token.isUnresolved(nodes) || nodes > Math.max(...sizes)) return;
  if (capacity?.market === 'capacity-block' && sizes.includes(nodes)) return;
  problems.add({
    code: 'UltraServerCapacity',
    prop: capacity?.market === 'capacity-block' ? 'nodes' : 'capacity',
    allowed: `a capacity block with ${sizes.join(' or ')} nodes: ${machine.name} is sold as whole UltraServers, one a group`,
    got: `${nodes} nodes on ${capacity?.market ?? 'on-demand'}`,
    fix: `Use Capacity.capacityBlock('cr-…') and nodes: ${sizes.join(' or ')}.`,
  });
}

function checkCapacity(problems: Problems, machine: AwsMachine, capacity: Capacity): void {
  if (!machine.markets.includes(capacity.market) && !(machine.isUltraServer && !machine.isNeuron)) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: `one of ${machine.markets.join(', ')} for ${machine.name}`,
      got: capacity.market,
      fix: 'Buy it in a market where it is sold.',
    });
  }
  checkReservation(problems, machine, capacity);
  const { fallback } = capacity;
  if (fallback && fallback.market !== 'on-demand') {
    problems.add({
      code: 'CapacityFallback',
      prop: 'capacity.fallback',
      allowed: 'Capacity.onDemand(): one launch uses one kind of reserved capacity, and never together with spot',
      got: fallback.market,
      fix: 'Put reserved capacity into a group of its own.',
    });
  }
}

const RESERVATION_ID = /^cr-([0-9a-f]{8}|[0-9a-f]{17})$/;

function checkReservation(
  problems: Problems,
  machine: AwsMachine,
  { reservationId, machine: reserved, until }: Capacity,
): void {
  if (reservationId !== undefined && !Token.isUnresolved(reservationId) && !RESERVATION_ID.test(reservationId)) {
    problems.add({
      code: 'CapacityReservationId',
      prop: 'capacity.reservationId',
      allowed: '"cr-" and 8 or 17 hexadecimal digits',
      got: reservationId,
      fix: 'Copy the id from `aws ec2 describe-capacity-reservations`.',
    });
  }
  if (reserved && reserved.name !== machine.name) {
    problems.add({
      code: 'ReservationMachine',
      prop: 'capacity.machine',
      allowed: `${machine.name}, the machine of the nodes`,
      got: reserved.name,
      fix: `Use a reservation of ${machine.name}, or make the nodes ${reserved.name}.`,
    });
  }
  if (until && !(until.getTime() > Date.now())) {
    problems.add({
      code: 'CapacityDate',
      prop: 'capacity.until',
      allowed: 'a date in the future',
      got: Number.isNaN(until.getTime()) ? 'an invalid date' : until.toISOString(),
      fix: 'Give the day on which the reservation should end, or leave it out.',
    });
  }
}

/** Adds a problem where the name of a group cannot name Kubernetes objects. */
export function checkGroupName(problems: Problems, name: string, prop = 'name'): void {
  if (isDnsLabel(name)) return;
  problems.add({
    code: 'GroupName',
    prop,
    allowed: 'a DNS label: lower-case letters, digits and "-", at most 63',
    got: name,
    fix: 'Rename the group: queues, flavors and runtimes carry its name.',
  });
}
