import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { checkReplica } from '../../kubernetes';
import { checkSystemLabelsSet } from '../../kubernetes/placement';
import {
  checkHeads,
  checkNamesAndServer,
  checkScaling,
  checkServedModel,
  checkServerImage,
} from '../../kubernetes/serving/inference-checks';
import { checkIssuer } from '../cluster/aks-cluster';
import { checkNodePool } from '../nodes/node-pool-checks';
import { checkResourceGroup } from '../props/resource-group';
import { PLANNED } from '../training/training-groups-checks';
import type { KubernetesInferenceProps } from './kubernetes-inference-props';
import { type ResolvedInference, sizeInference } from './resolved-inference';

/** Adds each problem before any resource exists, and resolves the settings that are left out. */
export function checkInference(
  problems: ProblemCollector,
  given: KubernetesInferenceProps,
  scope: Construct,
): ResolvedInference {
  // Problems of the load come last: fix impossible hardware first.
  const ofLoad = new ProblemCollector();
  const sized = sizeInference(ofLoad, given, scope);
  const { props } = sized;
  checkNamesAndServer(problems, props, sized.resolved);
  checkModel(problems, sized);
  checkCluster(problems, sized);
  checkMachines(problems, sized);
  props.installation.check(problems);
  props.ingress.check(problems.within('ingress'));
  checkScaling(problems, props.scaling, sized.scale, sized.resolved);
  for (const problem of ofLoad.all) problems.add(problem);
  return sized;
}

function checkModel(problems: ProblemCollector, { props }: ResolvedInference): void {
  const { model, server, cache, cluster } = props;
  const files = { source: model.source(), cache: cache.cache, sizeGiB: model.sizeGiB };
  checkServedModel(problems.within('model'), files, server.engine);
  if (model.dataBucket) checkIssuer(problems, cluster);
}

function checkCluster(problems: ProblemCollector, { props }: ResolvedInference): void {
  const { source, network, resourceGroup } = props;
  checkResourceGroup(problems, 'resourceGroup', resourceGroup);
  source.check(problems);
  if (!source.existing) return;
  checkSystemLabelsSet(problems.within('cluster'), source.systemLabels);
  if (!network) return;
  problems.add({
    code: 'ClusterOption',
    prop: 'network',
    allowed: 'left out for an existing cluster',
    got: 'a value',
    fix: 'Leave it out: nodes use the network of the cluster.',
  });
}

function checkMachines(problems: ProblemCollector, sized: ResolvedInference): void {
  const { props, machines, acceleratorsPerReplica, scale, resolved, pool } = sized;
  const { machine, server, load, resourceGroup, cluster, zone } = props;
  const { capacity, infinibandFeature, compactPlacement, nodeOptions } = props;
  // `checkReplica` reports an invalid number of replicas or accelerators.
  const nodes = Number.isSafeInteger(machines) && machines >= 1 ? machines : 1;
  const nodePool = {
    ...{ machine, nodes, capacity, infinibandFeature, compactPlacement, zone },
    ...nodeOptions,
    cluster: cluster ?? { ...PLANNED, resourceGroup },
  };
  checkNodePool(problems, pool.name, nodePool, problems.within('nodeOptions'));
  const perMachine = Math.ceil(machine.spec.accelerators);
  if (Number.isSafeInteger(acceleratorsPerReplica) && acceleratorsPerReplica > perMachine) {
    problems.add({
      code: 'ReplicaLayout',
      prop: 'acceleratorsPerReplica',
      allowed: `at most ${perMachine}, because a replica runs on one ${machine.name}`,
      got: acceleratorsPerReplica,
      fix: 'Use a machine with more memory, or store the weights with fewer bits.',
    });
    return;
  }
  checkReplica(problems, { pool, acceleratorsPerReplica, scale, server: resolved });
  if (machine.chip.vendor !== 'NVIDIA') checkServerImage(problems, server, machine.name, 'ROCm');
  checkHeads(problems, load, server.engine, { accelerators: perMachine }, acceleratorsPerReplica);
}
