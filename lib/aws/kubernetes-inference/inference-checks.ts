import type { Construct } from 'constructs';
import { ProblemCollector } from '../../core/errors';
import { checkReplica, checkRoute } from '../../kubernetes';
import {
  addComputeDomainUnsupported,
  checkHeads,
  checkNamesAndServer,
  checkScaling,
  checkServedModel,
  checkServerImage,
} from '../../kubernetes/serving/inference-checks';
import { checkModelSize } from '../../kubernetes/serving/model-files';
import { checkSystemLabels } from '../cluster/cluster-software-checks';
import { checkBootDisk } from '../nodes/boot-disk';
import { checkNodeGroup } from '../nodes/node-group-checks';
import { Interconnect } from '../network/interconnect';
import { acceleratorPoolOf } from './inference-pool';
import { checkNetwork } from './inference-subnets';
import type { KubernetesInferenceProps } from './kubernetes-inference-options';
import { servingMachine } from './replica-layout';
import { type ResolvedInference, sizeInference } from './resolved-inference';

/** Resolves the open settings and adds every problem, before anything is created. */
export function checkInference(
  problems: ProblemCollector,
  given: KubernetesInferenceProps,
  scope: Construct,
): ResolvedInference {
  // Problems of the load come last: the hardware must be fixed first.
  const ofLoad = new ProblemCollector();
  const sized = sizeInference(ofLoad, given, scope);
  const { props } = sized;
  checkNamesAndServer(problems, props, sized.resolved);
  checkModel(problems, sized);
  checkMachines(problems, sized);
  checkNodes(problems, sized);
  props.source.check(problems, props);
  if (props.cluster) {
    checkSystemLabels(problems.within('cluster'), props.systemLabels, { [props.name]: { machine: props.machine } });
  }
  checkNetwork(problems, sized, scope);
  if (props.ingress.route) checkRoute(problems.within('ingress'), props.ingress.route);
  checkScaling(problems, props.scaling, sized.scale, sized.resolved);
  for (const problem of ofLoad.all) problems.add(problem);
  return sized;
}

function checkModel(problems: ProblemCollector, { props }: ResolvedInference): void {
  const { model, server, cache } = props;
  const of = problems.within('model');
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    of.add({ code: 'ModelSourceInvalid', prop, allowed, got, fix });
  const artifact = model.bucketArtifact;
  if (artifact?.kind === 'archive') {
    wrong(
      'artifact',
      'ModelArtifact.files, because the servers do not unpack archives',
      'an archive',
      'Upload the files without an archive.',
    );
    checkModelSize(of, model.sizeGiB);
  } else if (artifact && artifact.sha256 === undefined) {
    wrong(
      'artifact.sha256',
      'set, because servers get only files that a digest proves',
      undefined,
      'Run `sha256sum SHA256SUMS`, and pass the digest.',
    );
    checkModelSize(of, model.sizeGiB);
  } else {
    checkServedModel(of, { source: model.source(), cache: cache.cache, sizeGiB: model.sizeGiB }, server.engine);
  }
}

function checkMachines(problems: ProblemCollector, sized: ResolvedInference): void {
  const { props, machines, acceleratorsPerReplica, scale, resolved } = sized;
  const { machine, capacity, server, nodes, load } = props;
  const karpenter = nodes.kind === 'karpenter';
  // Separate checks report a wrong number of replicas or accelerators.
  const count = Number.isSafeInteger(machines) && machines >= 1 ? machines : 1;
  checkNodeGroup(problems, {
    machine,
    nodes: count,
    capacity,
    ...(karpenter && { interconnect: Interconnect.none(), nodeOptions: { nodeQuota: 100_000 } }),
  });
  checkBootDisk(problems, 'nodeOptions.bootDisk', props.bootDisk);
  checkReplica(problems, { pool: acceleratorPoolOf(sized), acceleratorsPerReplica, scale, server: resolved });
  if (machine.isNeuron) checkServerImage(problems, server, machine.name, 'Neuron');
  checkHeads(problems, load, server.engine, servingMachine(machine), acceleratorsPerReplica);
}

function checkNodes(
  problems: ProblemCollector,
  { props, spansMachines, acceleratorsPerReplica }: ResolvedInference,
): void {
  const { nodes, capacity, cluster, machine } = props;
  if (spansMachines && machine.isUltraServer && !machine.isNeuron)
    addComputeDomainUnsupported(problems, machine.spec.accelerators, acceleratorsPerReplica);
  if (nodes.kind === 'karpenter' && spansMachines) {
    problems.add({
      code: 'ReplicaLayout',
      prop: 'nodes',
      allowed:
        'ServingNodes.managed() for replicas of several machines, because Karpenter nodes have no EFA and no huge pages',
      got: 'ServingNodes.karpenter()',
      fix: 'Leave `nodes` out.',
    });
  }
  if (nodes.options.installed && !cluster) {
    problems.add({
      code: 'ClusterOption',
      prop: 'nodes.installed',
      allowed: 'left out for a new cluster, which runs no software yet',
      got: true,
      fix: 'Leave `installed` out, or pass an existing cluster with ClusterSource.fromCluster.',
    });
  }
  if (nodes.kind === 'managed' && capacity.fallback) {
    problems.add({
      code: 'CapacityFallback',
      prop: 'capacity.fallback',
      allowed: 'left out for a managed node group, because no autoscaler starts the fallback group',
      got: capacity.fallback.market,
      fix: 'Use ServingNodes.karpenter(), or leave `fallback` out.',
    });
  }
}
