import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { checkReplica } from '../../kubernetes';
import { checkLabelsGiven, checkLeftOut } from '../../kubernetes/existing-cluster';
import {
  checkExistingCharts,
  checkHeads,
  checkNamesAndServer,
  checkScaling,
  checkServedModel,
  checkServerImage,
} from '../../kubernetes/serving/inference-checks';
import { checkIssuer } from '../cluster/aks-cluster';
import { checkControlPlane } from '../cluster/control-plane-checks';
import { OF_NEW_CLUSTERS } from '../cluster/new-cluster-options';
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
  checkNamesAndServer(problems, props, sized.resolved);
  checkModel(problems, sized);
  checkCluster(problems, given);
  checkMachines(problems, sized);
  props.installation.check(problems);
  props.ingress.check(problems.within('ingress'));
  checkScaling(problems, props.scaling, sized.scale, sized.resolved);
  for (const problem of ofLoad.all) problems.add(problem);
  return sized;
}

function checkModel(problems: Problems, { props }: SizedInference): void {
  const { model, server, cache, cluster } = props;
  const files = { source: model.source(), cache: cache.cache, sizeGiB: model.sizeGiB };
  checkServedModel(problems.within('model'), files, server.engine);
  if (model.dataBucket) checkIssuer(problems, cluster);
}

function checkCluster(problems: Problems, given: KubernetesInferenceProps): void {
  const { cluster, existingCharts, systemLabels } = given;
  if (!cluster) {
    checkControlPlane(problems, given);
    checkExistingCharts(problems, existingCharts);
    return;
  }
  checkResourceGroup(problems, 'resourceGroup', given.resourceGroup);
  checkLeftOut(problems, given, ['network', 'encryptionKey', ...OF_NEW_CLUSTERS]);
  checkLabelsGiven(problems, systemLabels);
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
  checkHeads(problems, load, server.engine, { accelerators: perMachine }, acceleratorsPerReplica);
}
