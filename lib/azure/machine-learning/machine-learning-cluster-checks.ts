import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import type { Problems } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';
import { checkResourceId } from '../props/resource-id';
import { sizeMlCluster, type SizedCluster } from './cluster-plan';
import { clusterDefaults, type MachineLearningClusterProps } from './machine-learning-cluster-props';
import { checkMlName } from './names';
import { checkIdentity } from './work-identity';
import { checkWorkspace } from './workspace-attributes';

/** Adds everything that contradicts itself in a cluster whose props have the right kinds, and sizes what its job leaves open. */
export function checkMlCluster(problems: Problems, props: MachineLearningClusterProps): SizedCluster {
  checkWorkspace(problems, 'workspace', props.workspace);
  checkOwnIdentity(problems, props);
  checkMlName(problems, 'compute', 'clusterName', props.clusterName);
  checkResourceId(problems, 'subnetId', props.subnetId, 'Microsoft.Network/virtualNetworks/subnets');
  checkSubnet(problems, props);
  checkMarket(problems, props);
  checkIdle(problems, props);
  // What contradicts the job comes last: hardware that cannot be is the first thing to mend.
  const fine = checkNodes(problems, props, props.nodes ?? 1);
  const sized = sizeMlCluster(problems, props);
  if (fine && props.nodes === undefined) checkNodes(problems, props, sized.nodes);
  return sized;
}

/** What it acts as: an identity that is made needs to be told what it may reach. */
function checkOwnIdentity(problems: Problems, { identity, workspace }: MachineLearningClusterProps): void {
  checkIdentity(problems, 'identity', identity);
  if (identity || workspace.storageAccountId !== undefined) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'identity',
    allowed: 'given where the storage of the workspace is not known',
    got: undefined,
    fix: 'State workspace.storageAccountId, and a new identity gets its rights there.',
  });
}

/** Nodes have no public addresses, so that they need a network. */
function checkSubnet(problems: Problems, { subnetId, workspace }: MachineLearningClusterProps): void {
  if (subnetId !== undefined || workspace.hasManagedNetwork !== false) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'subnetId',
    allowed: 'given where the workspace has no managed network: nodes have no public addresses',
    got: undefined,
    fix: 'Name a subnet with a way out, e.g. network.nodeSubnetId.',
  });
}

function checkMarket(problems: Problems, { capacity }: MachineLearningClusterProps): void {
  if (!capacity) return;
  if (capacity.market === 'reservation') {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: 'Capacity.onDemand() or Capacity.spot(): Azure ML has machines of its own, in no reservation of yours',
      got: capacity.market,
      fix: 'Ask for quota of Azure ML, or train on AKS.',
    });
  } else if (capacity.maxUsdPerHour !== undefined) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: 'without maxUsdPerHour: low-priority nodes of Azure ML have a fixed price',
      got: capacity.maxUsdPerHour,
      fix: 'Use Capacity.spot() without options.',
    });
  }
}

/** Most nodes of a cluster of such machines. */
export function mostNodes({ machine }: Pick<MachineLearningClusterProps, 'machine'>): number {
  return machine.infiniband ? AZURE_ML_LIMITS.rdmaNodes : AZURE_ML_LIMITS.nodes;
}

function checkNodes(problems: Problems, props: MachineLearningClusterProps, nodes: number): boolean {
  const { minimumNodes } = clusterDefaults(props);
  const most = mostNodes(props);
  if (!isKnown(problems, 'nodes', nodes) || !isKnown(problems, 'minimumNodes', minimumNodes)) return false;
  const found = problems.all.length;
  if (!(Number.isInteger(nodes) && nodes >= 1 && nodes <= most)) {
    problems.add({
      code: 'NodesOutOfRange',
      prop: 'nodes',
      allowed: `a whole number from 1 to ${most} for ${props.machine.name}, the most of one cluster of Azure ML`,
      got: nodes,
      fix: props.nodes === undefined ? 'Give the job more time, or train on AKS.' : 'Take fewer, or several clusters.',
    });
  }
  if (!(Number.isInteger(minimumNodes) && minimumNodes >= 0) || (props.nodes !== undefined && minimumNodes > nodes)) {
    problems.add({
      code: 'NodesOutOfRange',
      prop: 'minimumNodes',
      allowed: `a whole number from 0 to nodes, ${nodes}`,
      got: minimumNodes,
      fix: 'Leave it out: nodes come when jobs wait.',
    });
  }
  return problems.all.length === found;
}

/** Our own bounds: the service takes any duration, and a node that never goes is paid for ever. */
const IDLE_MINUTES = { least: 1, most: 24 * 60 };

function checkIdle(problems: Problems, props: MachineLearningClusterProps): void {
  const { idleMinutes } = clusterDefaults(props);
  const { least, most } = IDLE_MINUTES;
  if (!isKnown(problems, 'idleMinutes', idleMinutes)) return;
  if (Number.isInteger(idleMinutes) && idleMinutes >= least && idleMinutes <= most) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'idleMinutes',
    allowed: `whole minutes from ${least} to ${most}`,
    got: idleMinutes,
    fix: 'Use minimumNodes for nodes that are to stay.',
  });
}
