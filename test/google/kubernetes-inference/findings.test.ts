import { type FindingId, findingsOf } from 'ai-infra-constructs';
import {
  AcceleratorNodePool,
  Capacity,
  ClusterSource,
  GoogleMachine,
  KubernetesInference,
  ReleaseChannel,
  ServingIngress,
  ServingScaling,
  ServingServer,
} from 'ai-infra-constructs/google';
import { CLUSTER, newStack, ZONE } from '../support';
import { type Changes, chat, hub, synth } from './support';

const found = (changes: Changes = {}): FindingId[] => findingsOf(synth(changes).inference).map(({ id }) => id);
const keda = ServingScaling.keda({ maxReplicas: 2, targetConcurrency: 8 });
const gateway = ServingIngress.inferenceGateway();

const ofChannel = (releaseChannel: ReleaseChannel, kubernetesVersion?: string) =>
  ClusterSource.create({ releaseChannel, kubernetesVersion });

/** Each finding, props that raise it, and props that do not. */
const FINDINGS: readonly (readonly [FindingId, Changes, Changes])[] = [
  ['serving/one-replica', {}, { scaling: ServingScaling.fixed(2) }],
  ['image/mutable', {}, { server: ServingServer.vllm({ image: `vllm/vllm-openai@sha256:${'a'.repeat(64)}` }) }],
  ['spot/no-fallback', { capacity: Capacity.spot() }, { capacity: Capacity.spot({ fallback: Capacity.onDemand() }) }],
  ['capacity/expires', { capacity: Capacity.flexStart() }, { capacity: Capacity.onDemand() }],
  [
    'capacity/expires',
    { capacity: Capacity.newReservation({ confirm: 'costs until deleted', until: new Date('2099-01-31') }) },
    { capacity: Capacity.newReservation({ confirm: 'costs until deleted' }) },
  ],
  ['scaling/adapter', { scaling: ServingScaling.hpa({ maxReplicas: 2, targetConcurrency: 8 }) }, { scaling: keda }],
  ['scaling/fixed-nodes', { scaling: keda, capacity: Capacity.reservation('l4') }, { scaling: keda }],
  [
    'serving/cold-start',
    {
      scaling: ServingScaling.keda({
        minReplicas: 0,
        maxReplicas: 2,
        targetConcurrency: 8,
        activation: { query: 'up' },
      }),
    },
    { scaling: keda },
  ],
  [
    'model/size',
    { load: chat(), model: hub(30), machine: GoogleMachine.A3_HIGHGPU_8G },
    { load: chat(), model: hub(15) },
  ],
  ['evidence/no-measurement', { load: chat() }, {}],
  ['network/policies', { cluster: ClusterSource.fromCluster(CLUSTER) }, {}],
  [
    'network/plain-requests',
    { ingress: gateway },
    { ingress: ServingIngress.inferenceGateway({ certificate: 'chat' }) },
  ],
  ['network/plain-requests', { ingress: ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.0.0/8'] }) }, {}],
  [
    'gateway/pool-kind',
    { ingress: gateway, cluster: ofChannel(ReleaseChannel.EXTENDED) },
    { ingress: gateway, cluster: ofChannel(ReleaseChannel.EXTENDED, '1.35') },
  ],
  ['gateway/pool-kind', { ingress: gateway, cluster: ofChannel(ReleaseChannel.STABLE) }, { ingress: gateway }],
  ['cost/price', { load: chat(), capacity: Capacity.flexStart(), machine: GoogleMachine.A3_HIGHGPU_8G }, {}],
];

test.each(FINDINGS)('records %s only if it applies', (id, raising, other) => {
  expect(found(raising)).toContain(id);
  expect(found(other)).not.toContain(id);
});

test('records that an existing node pool does not follow the replicas', () => {
  const stack = newStack();
  const of = { machine: GoogleMachine.G2_STANDARD_24, zone: ZONE };
  const nodePool = new AcceleratorNodePool(stack, 'Pool', { ...of, cluster: CLUSTER, nodes: 2 });
  const cluster = ClusterSource.fromCluster(CLUSTER);
  const inference = new KubernetesInference(stack, 'Chat', { ...of, cluster, nodePool, model: hub(), scaling: keda });
  expect(findingsOf(inference).map(({ id }) => id)).toContain('scaling/fixed-nodes');
});
