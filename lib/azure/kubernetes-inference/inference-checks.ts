import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { checkNamespace, checkReplica, checkScale, checkServer } from '../../kubernetes';
import { checkNames } from '../../kubernetes/manifest';
import {
  checkExistingCharts,
  checkServedModel,
  checkServerImage,
  checkServingName,
} from '../../kubernetes/serving/inference-checks';
import { checkControlPlane } from '../cluster/control-plane-checks';
import { checkNodePool } from '../nodes/node-pool-checks';
import { checkResourceGroup } from '../props/resource-group';
import { PROMISED } from '../training/training-groups-checks';
import type { KubernetesInferenceProps } from './kubernetes-inference-props';
import { type SizedInference, sizeInference } from './sized-inference';

/** Adds everything that contradicts itself, before any of it is made, and settles what was left open. */
export function checkInference(problems: Problems, given: KubernetesInferenceProps, scope: Construct): SizedInference {
  // What contradicts the load comes last: hardware that cannot be is the first thing to mend.
  const ofLoad = new Problems();
  const sized = sizeInference(ofLoad, given, scope);
  const { props } = sized;
  checkNames(problems, { name: props.name, namespace: props.namespace });
  checkServingName(problems, props.name);
  checkNamespace(problems, props.namespace);
  checkServer(problems.within('server'), sized.resolved);
  checkModel(problems, sized);
  checkCluster(problems, given);
  checkMachines(problems, sized);
  props.installation.check(problems);
  props.ingress.check(problems.within('ingress'));
  const { metricsNamespace } = props.scaling;
  if (metricsNamespace !== undefined) checkNames(problems, { 'scaling.prometheus.namespace': metricsNamespace });
  checkScale(problems.within('scaling'), sized.scale, sized.resolved.metrics.gauges !== undefined);
  for (const problem of ofLoad.all) problems.add(problem);
  return sized;
}

function checkModel(problems: Problems, { props }: SizedInference): void {
  const { model, server, cache, cluster } = props;
  const files = { source: model.source(), cache: cache.cache, sizeGiB: model.sizeGiB };
  checkServedModel(problems.within('model'), files, server.engine);
  if (!model.dataBucket || !cluster || cluster.oidcIssuerUrl !== undefined) return;
  problems.add({
    code: 'ValueMissing',
    prop: 'cluster.oidcIssuerUrl',
    allowed: 'given: servers reach their bucket by tokens of the cluster',
    got: undefined,
    fix: 'Copy it from `az aks show --query oidcIssuerProfile.issuerUrl`.',
  });
}

const OF_NEW_CLUSTERS = [
  'network',
  'outboundType',
  'version',
  'upgradeChannel',
  'systemNodes',
  'encryptionKey',
  'apiAccess',
  'authorizedCidrs',
  'admins',
  'deletionProtection',
] as const;

function checkCluster(problems: Problems, given: KubernetesInferenceProps): void {
  const { cluster, existingCharts, systemLabels } = given;
  const option = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ClusterOption', prop, allowed, got, fix });
  if (!cluster) {
    checkControlPlane(problems, given);
    checkExistingCharts(problems, existingCharts);
    return;
  }
  checkResourceGroup(problems, 'resourceGroup', given.resourceGroup);
  for (const prop of OF_NEW_CLUSTERS) {
    if (given[prop] === undefined) continue;
    option(prop, 'left out for a cluster that was brought', 'given', 'It is that of the cluster.');
  }
  if (systemLabels === undefined) {
    problems.add({
      code: 'ValueMissing',
      prop: 'systemLabels',
      allowed: 'given with a cluster: controllers keep off its accelerators',
      got: undefined,
      fix: 'Name a label of the nodes that controllers may run on.',
    });
  }
}

function checkMachines(problems: Problems, sized: SizedInference): void {
  const { props, machines, acceleratorsPerReplica, scale, resolved, pool } = sized;
  const { machine, server, load, resourceGroup, cluster, zone } = props;
  // A wrong number of replicas or of accelerators is told by its own check.
  const nodes = Number.isSafeInteger(machines) && machines >= 1 ? machines : 1;
  const { capacity, infinibandFeature, driver, bootDiskGiB, bootDisk, kubeletDisk, encryptionAtHost, proximity } =
    props;
  checkNodePool(problems, pool.name, {
    ...{ machine, nodes, capacity, infinibandFeature, driver, bootDiskGiB, bootDisk, kubeletDisk },
    ...{ encryptionAtHost, proximity, zone },
    cluster: cluster ?? { ...PROMISED, resourceGroup },
  });
  const perMachine = Math.ceil(machine.spec.accelerators);
  if (Number.isSafeInteger(acceleratorsPerReplica) && acceleratorsPerReplica > perMachine) {
    problems.add({
      code: 'ReplicaLayout',
      prop: 'acceleratorsPerReplica',
      allowed: `at most ${perMachine}: a replica lies on one machine here`,
      got: acceleratorsPerReplica,
      fix: 'Take a machine with more memory, or store weights in fewer bits.',
    });
    return;
  }
  checkReplica(problems, { pool, acceleratorsPerReplica, scale, server: resolved });
  if (machine.chip.vendor !== 'NVIDIA') checkServerImage(problems, server, machine.name, 'ROCm');
  const heads = load?.model.heads;
  if (server.engine !== 'vllm' || heads === undefined || heads % acceleratorsPerReplica === 0) return;
  problems.add({
    code: 'ReplicaLayout',
    prop: 'acceleratorsPerReplica',
    allowed: `a number by which the ${heads} attention heads of ${load?.model.name} divide`,
    got: acceleratorsPerReplica,
    fix: 'Take a power of two.',
  });
}
