import type { Construct } from 'constructs';
import { parseCidr } from '../../core/cidr';
import { Problems } from '../../core/errors';
import { checkReplica, checkRoute } from '../../kubernetes';
import { checkSystemLabels } from '../../kubernetes/placement';
import {
  addDomainUnmade,
  checkExistingCharts,
  checkHeads,
  checkNamesAndServer,
  checkScaling,
  checkServedModel,
  checkServerImage,
} from '../../kubernetes/serving/inference-checks';
import { isUnknown } from '../../terraform/tokens';
import { Capacity } from '../capacity/capacity';
import { checkClusterOptions, networkOf } from '../cluster/cluster-option-checks';
import type { AcceleratorNetworks } from '../network/accelerator-networks';
import { checkMachineSize, PODS_SHARE } from '../machine/machine-size';
import { checkFurtherRanges, clusterRanges } from '../network/range-checks';
import { checkedSize } from '../nodes/node-pool-checks';
import { checkZone, regionOf } from '../props/location';
import { acceleratorPoolOf } from './inference-pool';
import { checkGateway } from './inference-gateway-checks';
import type { KubernetesInferenceProps } from './kubernetes-inference-props';
import { type SizedInference, sizeInference } from './sized-inference';

/** Adds everything that contradicts itself, before any of it is made, and settles what was left open; nothing where nothing can be sized. */
export function checkInference(
  problems: Problems,
  given: KubernetesInferenceProps,
  scope: Construct,
): SizedInference | undefined {
  checkZone(problems, 'zone', given.zone);
  if (isUnknown(given.zone) || !checkMachineSize(problems, given.machine, PODS_SHARE)) return undefined;
  // What contradicts the load comes last: hardware that cannot be is the first thing to mend.
  const ofLoad = new Problems();
  const sized = sizeInference(ofLoad, given, scope);
  const { props } = sized;
  checkNamesAndServer(problems, props, sized.resolved);
  const { model, cache, server } = props;
  const files = { source: model.source(), cache: cache.cache, sizeGiB: model.sizeGiB };
  checkServedModel(problems.within('model'), files, server.engine);
  checkMachines(problems, sized);
  checkPool(problems, given, sized);
  checkClusterOptions(problems, given);
  if (given.systemLabels && given.cluster) {
    checkSystemLabels(problems, given.systemLabels, [acceleratorPoolOf(sized)]);
  }
  checkExistingCharts(problems, given.existingCharts, given.cluster);
  props.installation.check(problems);
  checkIngress(problems, sized);
  checkScaling(problems, props.scaling, sized.scale, sized.resolved);
  for (const problem of ofLoad.all) problems.add(problem);
  return sized;
}

function checkMachines(problems: Problems, sized: SizedInference): void {
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
      allowed: `${accelerators}, all chips of ${machine.name}: a pod takes all or none, and servers do not span machines of TPUs`,
      got: acceleratorsPerReplica,
      fix: 'Leave it out, or take a machine of another size.',
    });
  }
  if (spansMachines && machine.spec.placement === '1x72')
    addDomainUnmade(problems, accelerators, acceleratorsPerReplica);
  if (slice && slice.nodes > 1) {
    problems.add({
      code: 'TpuTopology',
      prop: 'topology',
      allowed: `a slice of one machine of ${machine.name}: each machine serves for itself`,
      got: slice.topology,
      fix: 'Take the topology that one machine forms.',
    });
  }
}

function checkPool(problems: Problems, given: KubernetesInferenceProps, sized: SizedInference): void {
  const { props, machines } = sized;
  const { machine, zone, capacity, nodePool } = props;
  if (capacity.isQueued) {
    problems.add({
      code: 'MarketUnsupported',
      prop: 'capacity',
      allowed: 'flex-start without `queued`: nothing makes a ProvisioningRequest for a server',
      got: 'flex-start, queued',
      fix: 'Use Capacity.flexStart().',
    });
  }
  if (nodePool) {
    checkBroughtPool(problems, given, sized);
    return;
  }
  // What the construct makes for its pool is promised here.
  const promised = { machine, zone, networks: [] } as object as AcceleratorNetworks;
  const networks = given.networks ?? (machine.furtherInterfaces > 0 ? promised : undefined);
  const cluster = given.cluster ?? { name: 'new', location: regionOf(zone), version: given.version };
  const alone = capacity.fallback ? Capacity.spot() : capacity;
  const count = Number.isSafeInteger(machines) && machines >= 1 ? machines : 1;
  const { topology, driver, bootDiskGiB, preloadedImages } = props;
  checkedSize(problems, props.name, {
    ...{ machine, topology, driver, bootDiskGiB, preloadedImages, networks, zone, cluster },
    capacity: alone,
    nodes: count,
  });
  checkFurtherRanges(problems, given, clusterRanges(networkOf(given.network, given.cluster), given.cluster));
}

function checkBroughtPool(problems: Problems, given: KubernetesInferenceProps, { machines }: SizedInference): void {
  const { nodePool, machine, zone } = given;
  const wrong = (prop: string, allowed: string, got: unknown, fix: string) =>
    problems.add({ code: 'ClusterOption', prop, allowed, got, fix });
  if (!given.cluster) wrong('cluster', 'given: the cluster of the pool', undefined, 'Give the cluster of nodePool.');
  if (given.capacity) {
    wrong('capacity', 'left out: that of nodePool', given.capacity.market, 'Leave it out.');
  }
  if (nodePool!.machine.name !== machine.name || nodePool!.zone !== zone) {
    const allowed = `a pool of ${machine.name} in ${zone}`;
    wrong('nodePool', allowed, `${nodePool!.machine.name} in ${nodePool!.zone}`, 'Name the machine of the pool.');
  }
  if (nodePool!.nodes >= machines) return;
  problems.add({
    code: 'ReplicaLayout',
    prop: 'nodePool',
    allowed: `a pool of at least ${machines} nodes, which the replicas take`,
    got: nodePool!.nodes,
    fix: 'Make the pool larger, or take fewer replicas.',
  });
}

function checkIngress(problems: Problems, sized: SizedInference): void {
  const { ingress } = sized.props;
  const of = problems.within('ingress');
  if (ingress.route) checkRoute(of, ingress.route);
  if (ingress.kind === 'inference-gateway') checkGateway(problems, sized);
  const { clientCidrs = [] } = ingress.balancer ?? {};
  if (ingress.kind !== 'load-balancer') return;
  if (clientCidrs.length === 0) {
    const allowed = 'one block or more: nobody else may send requests';
    of.add({ code: 'IngressInvalid', prop: 'clientCidrs', allowed, got: clientCidrs, fix: 'Name who calls.' });
  }
  clientCidrs.forEach((cidr, index) => {
    if (isUnknown(cidr) || parseCidr(cidr)) return;
    const allowed = 'an IPv4 block, e.g. 10.0.0.0/18';
    of.add({ code: 'CidrInvalid', prop: `clientCidrs[${index}]`, allowed, got: cidr, fix: 'Write its first address.' });
  });
}
