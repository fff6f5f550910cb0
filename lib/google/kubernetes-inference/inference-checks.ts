import { checkComputeClass } from '../nodes/compute-class';
import type { Construct } from 'constructs';
import { parseCidr } from '../../core/cidr';
import { ProblemCollector } from '../../core/errors';
import { checkReplica, checkRoute } from '../../kubernetes';
import { checkSystemLabels } from '../../kubernetes/placement';
import {
  addComputeDomainUnsupported,
  checkHeads,
  checkNamesAndServer,
  checkScaling,
  checkServedModel,
  checkServerImage,
} from '../../kubernetes/serving/inference-checks';
import { isUnknown } from '../../terraform/tokens';
import { Capacity } from '../capacity/capacity';
import { checkMachineSize, PODS_SHARE } from '../machine/machine-size';
import type { AcceleratorNetworks } from '../network/accelerator-networks';
import { checkFurtherRanges, clusterRanges } from '../network/range-checks';
import { checkedSize, isOlder } from '../nodes/node-pool-checks';
import { checkZone } from '../props/location';
import { acceleratorPoolOf } from './inference-nodes';
import type { KubernetesInferenceProps } from './kubernetes-inference';
import { type ResolvedInference, sizeInference } from './resolved-inference';
import { checkProxies } from '../network/proxy-subnet';

/** Validates the props before anything is created, and fills in the defaults. Returns nothing if the model cannot be sized. */
export function checkInference(
  problems: ProblemCollector,
  given: KubernetesInferenceProps,
  scope: Construct,
): ResolvedInference | undefined {
  checkZone(problems, 'zone', given.zone);
  if (isUnknown(given.zone) || !checkMachineSize(problems, given.machine, PODS_SHARE)) return undefined;
  // Problems of the load come last: invalid hardware is the first thing to fix.
  const ofLoad = new ProblemCollector();
  const sized = sizeInference(ofLoad, given, scope);
  const { props } = sized;
  checkNamesAndServer(problems, props, sized.resolved);
  const { model, cache, server, cluster } = props;
  const files = { source: model.source(), cache: cache.cache, sizeGiB: model.sizeGiB };
  checkServedModel(problems.within('model'), files, server.engine);
  checkMachines(problems, sized);
  checkPool(problems, given, sized);
  cluster.check(problems, props);
  if (cluster.systemLabels) {
    checkSystemLabels(problems.within('cluster'), cluster.systemLabels, [acceleratorPoolOf(sized)]);
  }
  props.installation.check(problems);
  checkIngress(problems, sized);
  checkScaling(problems, props.scaling, sized.scale, sized.resolved);
  for (const problem of ofLoad.all) problems.add(problem);
  return sized;
}

function checkMachines(problems: ProblemCollector, sized: ResolvedInference): void {
  const { props, acceleratorsPerReplica, scale, resolved, slice, spansMachines } = sized;
  const { machine, server, load } = props;
  const pool = acceleratorPoolOf(sized);
  checkReplica(problems, { pool, acceleratorsPerReplica, scale, server: resolved });
  if (machine.isTpu) checkServerImage(problems, server, machine.name, 'TPUs');
  checkHeads(problems, load, server.engine, sized.machine, acceleratorsPerReplica);
  const { accelerators } = machine.spec;
  if (machine.isTpu && acceleratorsPerReplica !== accelerators) {
    problems.add({
      code: 'ReplicaLayout',
      prop: 'acceleratorsPerReplica',
      allowed: `${accelerators}, all chips of ${machine.name}, because a pod uses all TPU chips of one machine`,
      got: acceleratorsPerReplica,
      fix: 'Leave it out, or choose a machine of another size.',
    });
  }
  const isDivisor = accelerators % acceleratorsPerReplica === 0 || acceleratorsPerReplica % accelerators === 0;
  if (!machine.isTpu && acceleratorsPerReplica >= 1 && accelerators >= 1 && !isDivisor) {
    problems.add({
      code: 'ReplicaLayout',
      prop: 'acceleratorsPerReplica',
      allowed: `a divisor or a multiple of ${accelerators}, because other replicas leave accelerators of ${machine.name} without work`,
      got: acceleratorsPerReplica,
      fix: 'Use a power of two.',
    });
  }
  if (spansMachines && machine.spec.placement === '1x72')
    addComputeDomainUnsupported(problems, accelerators, acceleratorsPerReplica);
  if (slice && slice.nodes > 1) {
    problems.add({
      code: 'TpuTopology',
      prop: 'topology',
      allowed: `a slice of one ${machine.name} machine, because a replica runs on one machine`,
      got: slice.topology,
      fix: 'Use the topology of one machine.',
    });
  }
}

function checkPool(problems: ProblemCollector, given: KubernetesInferenceProps, sized: ResolvedInference): void {
  const { props, machines } = sized;
  const { machine, zone, capacity, nodePool, nodeOptions, cluster, topology } = props;
  if (capacity.isQueued) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: 'flex-start without `queued`, because replicas do not create a ProvisioningRequest',
      got: 'flex-start, queued',
      fix: 'Use Capacity.flexStart().',
    });
  }
  if (nodePool) {
    checkExistingPool(problems, given, sized);
    return;
  }
  // Placeholder for the networks that the construct creates.
  const planned = { machine, zone, networks: [] } as object as AcceleratorNetworks;
  const networks = nodeOptions.networks ?? (machine.furtherInterfaces > 0 ? planned : undefined);
  const nodes = Number.isSafeInteger(machines) && machines >= 1 ? machines : 1;
  const inOptions = problems.within('nodeOptions');
  checkedSize(
    problems,
    props.name,
    {
      ...{ ...nodeOptions, networks, machine, topology, zone, nodes },
      cluster: cluster.planned(zone),
      capacity: capacity.fallback ? Capacity.spot() : capacity,
    },
    inOptions,
  );
  checkComputeClass(problems, capacity, cluster.planned(zone).kubernetesVersion);
  const known = clusterRanges(cluster.networkFor(props.network), cluster.existing);
  checkFurtherRanges(inOptions, { machine, networks: nodeOptions.networks }, known);
}

function checkExistingPool(
  problems: ProblemCollector,
  given: KubernetesInferenceProps,
  { machines }: ResolvedInference,
): void {
  const { nodePool, machine, zone } = given;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ClusterOption', prop, allowed, got, fix });
  if (!given.cluster?.existing) {
    const fix = 'Use ClusterSource.fromCluster(cluster) with the cluster of the node pool.';
    wrong('cluster', 'the existing cluster of nodePool', given.cluster && 'a new cluster', fix);
  }
  if (given.capacity) {
    wrong('capacity', 'left out, because nodePool defines it', given.capacity.market, 'Leave it out.');
  }
  if (given.nodeOptions) {
    const options = Object.keys(given.nodeOptions).join(', ');
    wrong('nodeOptions', 'left out, because nodePool defines them', options, 'Leave them out.');
  }
  if (nodePool!.machine.name !== machine.name || nodePool!.zone !== zone) {
    const allowed = `a node pool of ${machine.name} in ${zone}`;
    const fix = 'Set machine and zone to those of the node pool.';
    wrong('nodePool', allowed, `${nodePool!.machine.name} in ${nodePool!.zone}`, fix);
  }
  if (nodePool!.nodes >= machines) return;
  problems.add({
    code: 'ReplicaLayout',
    prop: 'nodePool',
    allowed: `a node pool of at least ${machines} nodes for all replicas`,
    got: nodePool!.nodes,
    fix: 'Use a larger node pool, or fewer replicas.',
  });
}

function checkIngress(problems: ProblemCollector, sized: ResolvedInference): void {
  const { ingress } = sized.props;
  const inIngress = problems.within('ingress');
  if (ingress.route) checkRoute(inIngress, ingress.route);
  if (ingress.gateway) checkGateway(problems, sized);
  if (!ingress.balancer) return;
  const { clientCidrs } = ingress.balancer;
  if (clientCidrs.length === 0) {
    inIngress.add({
      code: 'IngressInvalid',
      prop: 'clientCidrs',
      allowed: 'at least one CIDR block, because only these clients can send requests',
      got: clientCidrs,
      fix: 'Add the CIDR blocks of the clients.',
    });
  }
  clientCidrs.forEach((cidr, index) => {
    if (isUnknown(cidr) || parseCidr(cidr)) return;
    inIngress.add({
      code: 'CidrInvalid',
      prop: `clientCidrs[${index}]`,
      allowed: 'an IPv4 CIDR block, for example 10.0.0.0/18',
      got: cidr,
      fix: 'Start the block with its first address.',
    });
  });
}

/**
 * From this version on, GKE includes the InferencePool kind.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/deploy-gke-inference-gateway
 */
export const INFERENCE_POOL_FLOOR = '1.34.0-gke.1626000';

/** Checks that the cluster, the server and the network support an inference gateway. */
export function checkGateway(problems: ProblemCollector, { props, resolved }: ResolvedInference): void {
  const { cluster, zone } = props;
  const { kubernetesVersion: version } = cluster.planned(zone);
  if (version !== undefined && !isUnknown(version) && isOlder(version, INFERENCE_POOL_FLOOR)) {
    problems.add({
      code: 'GkeVersion',
      prop: 'cluster.kubernetesVersion',
      allowed: `${INFERENCE_POOL_FLOOR} or newer, which supports inference pools`,
      got: version,
      fix: 'Use a newer version, or another ingress.',
    });
  }
  const wrong = (allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'IngressInvalid', prop: 'ingress', allowed, got, fix });
  if (resolved.engine !== 'vllm') {
    wrong(
      'an ingress without an endpoint picker, because the picker reads the metrics of vLLM',
      resolved.engine,
      'Use ServingServer.vllm(), or another ingress.',
    );
  }
  const network = cluster.networkFor(props.network);
  if (network) checkProxies(problems, network);
  if (cluster.existing && !network) {
    problems.add({
      code: 'ValueMissing',
      prop: 'network',
      allowed: 'the network of the cluster, which contains the proxies of the gateway',
      got: undefined,
      fix: 'Set network.',
    });
  }
}
