import type { Problems } from '../../core/errors';
import { checkAllocatable } from '../../kubernetes';
import { checkCapacity, checkUltraServer } from '../capacity/capacity-checks';
import type { EfaNodeGroupOptions } from './node-group-options';
import { checkInterconnect } from '../network/interconnect';
import { type AwsMachine, NODES_PER_GROUP, NodeOs } from '../machine/machine';
import { efaCardsOf } from '../network/network-layout';
import { checkNodeLabels } from './node-label-checks';
import { hugePagesOf } from './node-user-data';
import { checkCount, isKnown } from '../props/tokens';

/** Adds everything that contradicts itself in a group of accelerator nodes, whose options have the right kinds. */
export function checkNodeGroup(problems: Problems, options: EfaNodeGroupOptions): void {
  const { machine, interconnect, capacity } = options;
  checkNodes(problems, options);
  checkInterconnect(problems, machine, interconnect);
  checkImage(problems, options);
  checkDisks(problems, options);
  checkSize(problems, options);
  checkUltraServer(problems, options);
  checkXids(problems, options);
  checkNodeLabels(problems, options.labels);
  checkCount(problems, 'nodeQuota', options.nodeQuota, { least: 1, most: MOST_QUOTA });
  if (capacity) {
    checkCapacity(problems, machine, capacity);
    checkStanding(problems, 'capacity.desiredNodes', capacity.desiredNodes, options);
  }
}

/** Adds a problem where more nodes should stand than there are. */
export function checkStanding(
  problems: Problems,
  prop: string,
  standing: number | undefined,
  { nodes }: EfaNodeGroupOptions,
): void {
  if (nodes >= 1) checkCount(problems, prop, standing, { least: 0, most: nodes });
}

function checkNodes(problems: Problems, { machine, nodes, nodeQuota = NODES_PER_GROUP }: EfaNodeGroupOptions): void {
  const quota = Number.isInteger(nodeQuota) && nodeQuota >= 1 ? nodeQuota : NODES_PER_GROUP;
  const most = machine.maxNodesPerFabric < NODES_PER_GROUP ? machine.maxNodesPerFabric : quota;
  if (!isKnown(problems, 'nodes', nodes)) return;
  if (Number.isInteger(nodes) && nodes >= 1 && nodes <= most) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'nodes',
    allowed: `an integer from 1 to ${most} for ${machine.name}`,
    got: nodes,
    fix: nodes > most && Number.isInteger(nodes) ? splitOf(machine) : 'Give at least one whole node, as a number.',
  });
}

// What one EKS cluster takes: AWS containers blog, "Under the hood: Amazon EKS ultra scale clusters"; read 2026-11-25.
const MOST_QUOTA = 100_000;

const SYSTEMS = Object.values(NodeOs);

// Of the 16 KiB that user data may have, EKS adds its own part and this library a few hundred bytes: EC2 user guide, "User data".
const COMMANDS_BYTES = 12 * 1024;

function splitOf(machine: AwsMachine): string {
  if (machine.maxNodesPerFabric < NODES_PER_GROUP) return 'Make a group of its own for each UltraServer.';
  return 'Split the nodes over several groups, or state a raised quota with nodeQuota.';
}

function checkImage(problems: Problems, { machine, os, commands = [] }: EfaNodeGroupOptions): void {
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
}

function checkXids(problems: Problems, { machine, ignoredXids }: EfaNodeGroupOptions): void {
  if (machine.isNeuron && ignoredXids !== undefined) {
    problems.add({
      code: 'NeuronOption',
      prop: 'ignoredXids',
      allowed: `left out for ${machine.name}: XIDs are errors of NVIDIA drivers`,
      got: ignoredXids,
      fix: 'Remove ignoredXids.',
    });
  }
  const wrong = (ignoredXids ?? []).filter((xid) => !(Number.isInteger(xid) && xid >= 1));
  if (wrong.length === 0) return;
  problems.add({
    code: 'XidInvalid',
    prop: 'ignoredXids',
    allowed: 'whole numbers of at least 1',
    got: wrong,
    fix: 'Take the numbers from the NVIDIA XID catalogue.',
  });
}

/** A node must leave something to pods. */
function checkSize(
  problems: Problems,
  { machine, interconnect, os = NodeOs.AMAZON_LINUX_2023 }: EfaNodeGroupOptions,
): void {
  const cards = interconnect?.efaCards(machine) ?? efaCardsOf(machine);
  const hugepages2MiB = hugePagesOf({ machine, os, efaInterfacesPerNode: cards.length });
  checkAllocatable(problems, 'machine', { ...machine.spec, hugepages2MiB });
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
  checkVolume(problems, rootVolumeGiB);
}

/** Adds a problem where a root volume is of no size that EBS takes. */
export function checkVolume(problems: Problems, rootVolumeGiB: number | undefined): void {
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

// The name of its acceptance job, `<name>-acceptance`, may have 40 characters: Kubeflow Trainer names pods after it.
const GROUP_NAME = /^[a-z]([-a-z0-9]{0,27}[a-z0-9])?$/;

/** Adds a problem where the name of a group cannot name the objects that are named after it. */
export function checkGroupName(problems: Problems, name: unknown, prop = 'name'): void {
  if (typeof name === 'string' && GROUP_NAME.test(name)) return;
  problems.add({
    code: 'GroupName',
    prop,
    allowed: '1 to 29 lower-case letters, digits and "-", beginning with a letter and ending with none of "-"',
    got: name,
    fix: 'Rename the group: queues, flavors, runtimes and its acceptance job carry its name.',
  });
}
