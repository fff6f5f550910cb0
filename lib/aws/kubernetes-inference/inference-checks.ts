import type { Construct } from 'constructs';
import { Problems } from '../../core/errors';
import { checkReplica, checkRoute } from '../../kubernetes';
import {
  addDomainUnmade,
  addRunsNothing,
  checkExistingCharts,
  checkHeads,
  checkNamesAndServer,
  checkScaling,
  checkServedModel,
  checkServerImage,
} from '../../kubernetes/serving/inference-checks';
import { checkModelSize } from '../../kubernetes/serving/model-files';
import { checkSystemLabels } from '../cluster/cluster-software-checks';
import { checkNodeGroup } from '../nodes/node-group-checks';
import { Interconnect } from '../network/interconnect';
import { checkBrought } from '../training/training-cluster-checks';
import { acceleratorPoolOf } from './inference-pool';
import { checkPlaces } from './inference-places';
import type { KubernetesInferenceProps } from './kubernetes-inference-options';
import { servingMachine } from './replica-layout';
import { type SizedInference, sizeInference } from './sized-inference';

/** Adds everything that contradicts itself, before any of it is made, and settles what was left open. */
export function checkInference(problems: Problems, given: KubernetesInferenceProps, scope: Construct): SizedInference {
  // What contradicts the load comes last: hardware that cannot be is the first thing to mend.
  const ofLoad = new Problems();
  const sized = sizeInference(ofLoad, given, scope);
  const { props } = sized;
  checkNamesAndServer(problems, props, sized.resolved);
  checkModel(problems, sized);
  checkMachines(problems, sized);
  checkNodes(problems, sized);
  checkBrought(problems, given, props.installation);
  if (given.systemLabels) checkSystemLabels(problems, given.systemLabels, { [props.name]: props });
  checkExistingCharts(problems, given.existingCharts, given.cluster);
  if (!given.cluster) props.installation.check(problems);
  checkPlaces(problems, sized, scope);
  if (props.ingress.route) checkRoute(problems.within('ingress'), props.ingress.route);
  checkScaling(problems, props.scaling, sized.scale, sized.resolved);
  for (const problem of ofLoad.all) problems.add(problem);
  return sized;
}

function checkModel(problems: Problems, { props }: SizedInference): void {
  const { model, server, cache } = props;
  const of = problems.within('model');
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    of.add({ code: 'ModelSourceInvalid', prop, allowed, got, fix });
  const artifact = model.bucketArtifact;
  if (artifact?.kind === 'archive') {
    wrong(
      'artifact',
      'ModelArtifact.files: nothing here unpacks an archive',
      'an archive',
      'Upload the files as they are.',
    );
    checkModelSize(of, model.sizeGiB);
  } else if (artifact && artifact.sha256 === undefined) {
    wrong(
      'artifact.sha256',
      'given: servers are handed nothing that it does not prove',
      undefined,
      'Run `sha256sum SHA256SUMS`.',
    );
    checkModelSize(of, model.sizeGiB);
  } else {
    checkServedModel(of, { source: model.source(), cache: cache.cache, sizeGiB: model.sizeGiB }, server.engine);
  }
}

function checkMachines(problems: Problems, sized: SizedInference): void {
  const { props, machines, acceleratorsPerReplica, scale, resolved } = sized;
  const { machine, capacity, server, nodes, load } = props;
  const karpenter = nodes.kind === 'karpenter';
  // A wrong number of replicas or of accelerators is told by its own check.
  const count = Number.isSafeInteger(machines) && machines >= 1 ? machines : 1;
  checkNodeGroup(problems, {
    machine,
    nodes: count,
    capacity,
    rootVolumeGiB: props.rootVolumeGiB,
    ...(karpenter && { interconnect: Interconnect.none(), nodeQuota: 100_000 }),
  });
  checkReplica(problems, { pool: acceleratorPoolOf(sized), acceleratorsPerReplica, scale, server: resolved });
  if (machine.isNeuron) checkServerImage(problems, server, machine.name, 'Neuron');
  checkHeads(problems, load, server.engine, servingMachine(machine), acceleratorsPerReplica);
}

function checkNodes(problems: Problems, { props, spansMachines, acceleratorsPerReplica }: SizedInference): void {
  const { nodes, capacity, cluster, machine } = props;
  if (spansMachines && machine.isUltraServer && !machine.isNeuron)
    addDomainUnmade(problems, machine.spec.accelerators, acceleratorsPerReplica);
  if (nodes.kind === 'karpenter' && spansMachines) {
    problems.add({
      code: 'ReplicaLayout',
      prop: 'nodes',
      allowed: 'ServingNodes.managed(): Karpenter makes machines one by one, without fabric and huge pages',
      got: 'Karpenter, for replicas of several machines',
      fix: 'Leave nodes out.',
    });
  }
  if (nodes.options.installed && !cluster) addRunsNothing(problems, 'nodes.installed', true);
  if (nodes.kind === 'managed' && capacity.fallback) {
    problems.add({
      code: 'CapacityFallback',
      prop: 'capacity.fallback',
      allowed: 'left out for a managed group, whose machines all stand: nothing would start the second group',
      got: capacity.fallback.market,
      fix: 'Use ServingNodes.karpenter(), or leave the fallback out.',
    });
  }
}
