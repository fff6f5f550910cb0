import type { KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import type { ProblemCollector } from '../../core/errors';
import { checkAllocatable, reservedOnEks } from '../../kubernetes';
import { draRequirement } from '../../kubernetes/compute-domain';
import { checkCapacity, checkUltraServer } from '../capacity/capacity';
import { checkBootDisk } from './node-launch-template';
import { checkNodeLabels } from './node-labels';
import { checkNodeSettings } from './node-settings';
import { hugePagesOf, shellOf } from './node-user-data';
import type { EfaNodeGroupOptions, NodeOptions } from './node-group-options';
import { checkInterconnect } from '../network/interconnect';
import { type AwsMachine, NODES_PER_GROUP, NodeOs } from '../machine/machine';
import { efaCardsOf } from '../network/network-layout';
import { checkCount, isKnown } from '../props/tokens';

/** Adds each problem with the options of a node group. Their types must be valid already. */
export function checkNodeGroup(
  problems: ProblemCollector,
  options: EfaNodeGroupOptions,
  kubernetesVersion?: KubernetesVersion,
): void {
  const { machine, interconnect, capacity, nodeOptions = {} } = options;
  const inOptions = problems.within('nodeOptions');
  checkNodes(problems, options);
  checkInterconnect(problems, machine, interconnect);
  checkImage(inOptions, machine, nodeOptions);
  checkNodeSettings(inOptions, machine, nodeOptions);
  checkDisks(inOptions, machine, nodeOptions);
  nodeOptions.image?.check(inOptions, nodeOptions.os ?? NodeOs.AMAZON_LINUX_2023, kubernetesVersion);
  checkSize(problems, options);
  checkUltraServer(problems, options);
  checkXids(inOptions, machine, nodeOptions);
  checkNodeLabels(inOptions, nodeOptions.labels);
  checkCount(inOptions, 'nodeQuota', nodeOptions.nodeQuota, { min: 1, max: MAX_QUOTA });
  if (capacity) {
    checkCapacity(problems, machine, capacity);
    checkMinNodes(problems, 'capacity.desiredNodes', capacity.desiredNodes, options);
  }
}

/** Adds a problem if more nodes should run than the group has. */
export function checkMinNodes(
  problems: ProblemCollector,
  prop: string,
  minNodes: number | undefined,
  { nodes }: EfaNodeGroupOptions,
): void {
  if (nodes >= 1) checkCount(problems, prop, minNodes, { min: 0, max: nodes });
}

function checkNodes(problems: ProblemCollector, { machine, nodes, nodeOptions = {} }: EfaNodeGroupOptions): void {
  const { nodeQuota = NODES_PER_GROUP } = nodeOptions;
  const quota = Number.isInteger(nodeQuota) && nodeQuota >= 1 ? nodeQuota : NODES_PER_GROUP;
  const max = machine.maxNodesPerFabric < NODES_PER_GROUP ? machine.maxNodesPerFabric : quota;
  if (!isKnown(problems, 'nodes', nodes)) return;
  if (Number.isInteger(nodes) && nodes >= 1 && nodes <= max) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'nodes',
    allowed: `a whole number from 1 to ${max} for ${machine.name}`,
    got: nodes,
    fix: nodes > max && Number.isInteger(nodes) ? splitOf(machine) : 'Use at least 1 node.',
  });
}

// The limit of one EKS cluster: AWS containers blog, "Under the hood: Amazon EKS ultra scale clusters"; read 2026-11-25.
const MAX_QUOTA = 100_000;

const SYSTEMS = Object.values(NodeOs);

// User data has up to 16 KiB. EKS adds its own part, and this library a few hundred bytes: EC2 user guide, "User data".
const COMMANDS_BYTES = 12 * 1024;

function splitOf(machine: AwsMachine): string {
  if (machine.maxNodesPerFabric < NODES_PER_GROUP) return 'Create one group for each UltraServer.';
  return 'Split the nodes over several groups, or raise the quota and set nodeOptions.nodeQuota.';
}

function checkImage(
  problems: ProblemCollector,
  machine: AwsMachine,
  { os, commands = [], sysctls }: NodeOptions,
): void {
  if (machine.amiType(os) === undefined || (os !== undefined && !SYSTEMS.includes(os))) {
    problems.add({
      code: 'AmiUnsupported',
      prop: 'os',
      allowed: `${machine.amiType() ? NodeOs.AMAZON_LINUX_2023 : 'an operating system with an EKS image'} for ${machine.name}`,
      got: os ?? NodeOs.AMAZON_LINUX_2023,
      fix: machine.amiType() ? 'Remove os.' : 'Use a machine with an accelerator that the EKS images support.',
    });
  }
  if (os === NodeOs.BOTTLEROCKET && commands.length > 0) {
    problems.add({
      code: 'NodeCommands',
      prop: 'commands',
      allowed: `left out on ${NodeOs.BOTTLEROCKET}, which has no shell`,
      got: commands,
      fix: `Use ${NodeOs.AMAZON_LINUX_2023}, or your own bootstrap container.`,
    });
  }
  const length = Buffer.byteLength(shellOf({ commands, sysctls }).join('\n'));
  if (length > COMMANDS_BYTES) {
    problems.add({
      code: 'UserDataTooLong',
      prop: 'commands',
      allowed: `at most ${COMMANDS_BYTES} bytes, because user data has a limit of 16 KiB`,
      got: `${length} bytes`,
      fix: 'Download a script from a bucket and run it.',
    });
  }
}

function checkXids(problems: ProblemCollector, machine: AwsMachine, { ignoredXids }: NodeOptions): void {
  if (machine.isNeuron && ignoredXids !== undefined) {
    problems.add({
      code: 'NeuronOption',
      prop: 'ignoredXids',
      allowed: `left out for ${machine.name}, because only NVIDIA drivers report XIDs`,
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
    fix: 'Use numbers from the NVIDIA XID catalog.',
  });
}

/** Adds a problem if the reserved memory leaves nothing for pods. */
function checkSize(problems: ProblemCollector, { machine, interconnect, nodeOptions = {} }: EfaNodeGroupOptions): void {
  const { os = NodeOs.AMAZON_LINUX_2023, maxPodsPerNode } = nodeOptions;
  const cards = interconnect?.efaCards(machine) ?? efaCardsOf(machine);
  const hugepages2MiB = hugePagesOf({ machine, os, efaInterfacesPerNode: cards.length });
  checkAllocatable(problems, 'machine', {
    ...machine.spec,
    reservedMemoryMiB: reservedOnEks({ ...machine.spec, maxPodsPerNode }),
    hugepages2MiB,
  });
}

function checkDisks(problems: ProblemCollector, machine: AwsMachine, { scratch, bootDisk }: NodeOptions): void {
  if (scratch && machine.spec.localNvmeGB === 0) {
    problems.add({
      code: 'LocalNvmeMissing',
      prop: 'scratch',
      allowed: `false for ${machine.name}, which has no local NVMe disks`,
      got: scratch,
      fix: 'Remove scratch, and make bootDisk large enough for what the pods write.',
    });
  }
  checkBootDisk(problems, 'bootDisk', bootDisk);
}

// The name of the acceptance job, `<name>-acceptance`, can have 40 characters: Kubeflow Trainer derives pod names from it.
const GROUP_NAME = /^[a-z]([-a-z0-9]{0,27}[a-z0-9])?$/;

/** Adds a problem if Kubernetes objects cannot be named after a group. */
export function checkGroupName(problems: ProblemCollector, name: unknown, prop = 'name'): void {
  if (typeof name === 'string' && GROUP_NAME.test(name)) return;
  problems.add({
    code: 'GroupName',
    prop,
    allowed: '1 to 29 lower-case letters, digits, and "-", starting with a letter and not ending with "-"',
    got: name,
    fix: 'Rename the group. Kubernetes objects are named after it.',
  });
}

// EKS supports dynamic resource allocation, which compute domains need, from this version on: EKS user guide,
// "Manage hardware devices on Amazon EKS"; read 2026-11-25.
const DRA_MINOR = 34;

/** Adds a problem if the Kubernetes version of a new cluster is too old for the NVLink domain of a group. */
export function checkDraVersion(
  problems: ProblemCollector,
  groups: Readonly<Record<string, Pick<EfaNodeGroupOptions, 'machine'>>>,
  version: KubernetesVersion | undefined,
): void {
  const spanning = Object.values(groups).find(({ machine }) => machine.isUltraServer && !machine.isNeuron);
  if (!version || !spanning || Number(version.version.split('.')[1]) >= DRA_MINOR) return;
  problems.add({
    code: 'KubernetesVersion',
    prop: 'cluster.kubernetesVersion',
    allowed: draRequirement(`1.${DRA_MINOR}`, spanning.machine.name),
    got: version.version,
    fix: 'Remove kubernetesVersion.',
  });
}
