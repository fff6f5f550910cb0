import { Token } from 'aws-cdk-lib';
import type { Problems } from '../core/errors';
import type { Capacity } from './capacity';
import type { EfaNodeGroupOptions } from './efa-node-group';
import { checkInterconnect } from './interconnect';
import { type AwsMachine, NODES_PER_GROUP, NodeOs } from './machine';
import { isGiven, isKnown } from './tokens';

/** Adds everything that contradicts itself in a group of accelerator nodes. */
export function checkNodeGroup(problems: Problems, options: EfaNodeGroupOptions): void {
  const { machine, interconnect, capacity } = options;
  checkNodes(problems, options);
  checkInterconnect(problems, machine, interconnect);
  checkImage(problems, options);
  checkDisks(problems, options);
  checkUltraServer(problems, options);
  checkLabels(problems, options);
  if (capacity) checkCapacity(problems, machine, capacity);
}

function checkNodes(problems: Problems, { machine, nodes, nodeQuota = NODES_PER_GROUP }: EfaNodeGroupOptions): void {
  const most = machine.maxNodesPerFabric < NODES_PER_GROUP ? machine.maxNodesPerFabric : nodeQuota;
  if (!isGiven(problems, 'nodes', `an integer from 1 to ${most} for ${machine.name}`, nodes)) return;
  if (Number.isInteger(nodes) && nodes >= 1 && nodes <= most) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'nodes',
    allowed: `an integer from 1 to ${most} for ${machine.name}`,
    got: nodes,
    fix: nodes > most ? splitOf(machine) : 'Give at least one whole node, as a number.',
  });
}

const SYSTEMS = Object.values(NodeOs);

// Of the 16 KiB that user data may have, EKS adds its own part and this library a few hundred bytes: EC2 user guide, "User data".
const COMMANDS_BYTES = 12 * 1024;

function splitOf(machine: AwsMachine): string {
  if (machine.maxNodesPerFabric < NODES_PER_GROUP) return 'Make a group of its own for each UltraServer.';
  return 'Split the nodes over several groups, or state a raised quota with nodeQuota.';
}

function checkImage(problems: Problems, { machine, os, commands = [], ignoredXids }: EfaNodeGroupOptions): void {
  if (machine.amiType(os) === undefined || (os !== undefined && !SYSTEMS.includes(os))) {
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
  const counts = sizes.join(' or ');
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'UltraServerCapacity', prop, allowed, got, fix });
  if (capacity?.market !== 'capacity-block') {
    const got = capacity?.market ?? 'on-demand';
    wrong(
      'capacity',
      `a capacity block: ${machine.name} is sold no other way`,
      got,
      "Use Capacity.capacityBlock('cr-…').",
    );
  }
  if (!sizes.includes(nodes)) {
    wrong(
      'nodes',
      `${counts}: ${machine.name} is sold as whole UltraServers, one a group`,
      nodes,
      `Make nodes ${counts}.`,
    );
  }
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
  { usesReservation, reservationId, machine: reserved, until }: Capacity,
): void {
  if (usesReservation && !Token.isUnresolved(reservationId) && !RESERVATION_ID.test(reservationId ?? '')) {
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

// The name of its acceptance job, `<name>-acceptance`, may have 40 characters: Kubeflow Trainer names pods after it.
const GROUP_NAME = /^[a-z]([-a-z0-9]{0,27}[a-z0-9])?$/;

/** Adds a problem where the name of a group cannot name the objects that are named after it. */
export function checkGroupName(problems: Problems, name: string, prop = 'name'): void {
  if (GROUP_NAME.test(name)) return;
  problems.add({
    code: 'GroupName',
    prop,
    allowed: '1 to 29 lower-case letters, digits and "-", beginning with a letter and ending with none of "-"',
    got: name,
    fix: 'Rename the group: queues, flavors, runtimes and its acceptance job carry its name.',
  });
}

/** Adds a problem for each label that the library sets itself. */
function checkLabels(problems: Problems, { labels = {} }: EfaNodeGroupOptions): void {
  for (const key of Object.keys(labels).filter((label) => label.startsWith('ai-infra/'))) {
    problems.add({
      code: 'NodeLabel',
      prop: `labels.${key}`,
      allowed: 'a label outside ai-infra/, which queues and charts select nodes by',
      got: labels[key],
      fix: 'Rename the label.',
    });
  }
}
