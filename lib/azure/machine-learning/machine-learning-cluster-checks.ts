import { AZURE_ML_LIMITS } from '../../core/catalog/azure-ml-hosting';
import { isWithin } from '../../core/bounds';
import type { ProblemCollector } from '../../core/errors';
import { isKnown } from '../../terraform/tokens';
import { AzureMarket } from '../capacity/capacity';
import { checkResourceId } from '../props/resource-id';
import { sizeMlCluster, type ResolvedCluster } from './cluster-plan';
import { clusterDefaults, type MachineLearningClusterProps } from './machine-learning-cluster-props';
import { checkMlName } from './names';
import { checkIdentity } from './work-identity';
import { checkWorkspace } from './workspace-attributes';

/** Adds each problem of a cluster, and sizes the number of nodes for its job. The props must have the right types. */
export function checkMlCluster(problems: ProblemCollector, props: MachineLearningClusterProps): ResolvedCluster {
  checkWorkspace(problems, 'workspace', props.workspace);
  checkOwnIdentity(problems, props);
  checkMlName(problems, 'compute', 'clusterName', props.clusterName);
  checkResourceId(problems, 'subnetId', props.subnetId, 'Microsoft.Network/virtualNetworks/subnets');
  checkSubnet(problems, props);
  checkMarket(problems, props);
  checkIdle(problems, props);
  // Problems of the job come last: invalid hardware is the first thing to fix.
  const fine = checkNodes(problems, props, props.maxNodes ?? 1);
  const resolved = sizeMlCluster(problems, props);
  if (fine && props.maxNodes === undefined) checkNodes(problems, props, resolved.maxNodes);
  return resolved;
}

/** A new identity gets access to the storage of the workspace, so the storage must be known. */
function checkOwnIdentity(problems: ProblemCollector, { identity, workspace }: MachineLearningClusterProps): void {
  checkIdentity(problems, 'identity', identity);
  if (identity || workspace.storageAccountId !== undefined) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'identity',
    allowed: 'an identity, because the storage account of the workspace is unknown',
    got: undefined,
    fix: 'Set identity, or storageAccountId of the workspace.',
  });
}

/** Nodes have no public addresses, so they need a network. */
function checkSubnet(problems: ProblemCollector, { subnetId, workspace }: MachineLearningClusterProps): void {
  if (subnetId !== undefined || workspace.hasManagedNetwork !== false) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'subnetId',
    allowed: 'a subnet id, because the workspace has no managed network and nodes have no public addresses',
    got: undefined,
    fix: 'Use a subnet with outbound internet access, for example network.nodeSubnetId.',
  });
}

function checkMarket(problems: ProblemCollector, { capacity }: MachineLearningClusterProps): void {
  if (!capacity) return;
  if (capacity.market === AzureMarket.RESERVATION) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: 'Capacity.onDemand() or Capacity.spot(), because Azure ML cannot use your capacity reservations',
      got: capacity.market,
      fix: 'Request quota of Azure ML, or train on AKS.',
    });
  } else if (capacity.maxUsdPerHour !== undefined) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: 'without maxUsdPerHour, because low-priority nodes of Azure ML have a fixed price',
      got: capacity.maxUsdPerHour,
      fix: 'Use Capacity.spot() without options.',
    });
  }
}

/** Maximum number of nodes of a cluster with a machine type. */
export function maxNodesOf({ machine }: Pick<MachineLearningClusterProps, 'machine'>): number {
  return machine.infiniband ? AZURE_ML_LIMITS.rdmaNodes : AZURE_ML_LIMITS.nodes;
}

function checkNodes(problems: ProblemCollector, props: MachineLearningClusterProps, maxNodes: number): boolean {
  const { minNodes } = clusterDefaults(props);
  const max = maxNodesOf(props);
  if (!isKnown(problems, 'maxNodes', maxNodes) || !isKnown(problems, 'minNodes', minNodes)) return false;
  const found = problems.all.length;
  if (!isWithin(maxNodes, { min: 1, max })) {
    problems.add({
      code: 'NodesOutOfRange',
      prop: 'maxNodes',
      allowed: `a whole number from 1 to ${max} for ${props.machine.name}`,
      got: maxNodes,
      fix:
        props.maxNodes === undefined
          ? 'Give the job more time, or train on AKS.'
          : 'Use fewer nodes, or several clusters.',
    });
  }
  if (!(Number.isInteger(minNodes) && minNodes >= 0) || (props.maxNodes !== undefined && minNodes > maxNodes)) {
    problems.add({
      code: 'NodesOutOfRange',
      prop: 'minNodes',
      allowed: `a whole number from 0 to ${maxNodes}, the value of maxNodes`,
      got: minNodes,
      fix: 'Remove minNodes: Azure ML adds nodes when jobs are queued.',
    });
  }
  return problems.all.length === found;
}

/** Limits of this library. The service accepts any duration, but an idle node is billed until it is removed. */
const IDLE_MINUTES = { min: 1, max: 24 * 60 };

function checkIdle(problems: ProblemCollector, props: MachineLearningClusterProps): void {
  const { idleMinutes } = clusterDefaults(props);
  const { min, max } = IDLE_MINUTES;
  if (!isKnown(problems, 'idleMinutes', idleMinutes)) return;
  if (Number.isInteger(idleMinutes) && idleMinutes >= min && idleMinutes <= max) return;
  problems.add({
    code: 'NodesOutOfRange',
    prop: 'idleMinutes',
    allowed: `a whole number from ${min} to ${max}`,
    got: idleMinutes,
    fix: 'Use minNodes for nodes that always run.',
  });
}
