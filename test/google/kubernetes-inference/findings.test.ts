import { type FindingId, findingsOf } from 'ai-infra-constructs';
import {
  AcceleratorNodePool,
  Capacity,
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
const keda = ServingScaling.keda({ most: 2, requestsPerReplica: 8 });
const gateway = ServingIngress.inferenceGateway();

/** Each doubt, what raises it, and what takes it away. */
const DOUBTS: readonly (readonly [FindingId, Changes, Changes])[] = [
  ['serving/one-replica', {}, { scaling: ServingScaling.fixed(2) }],
  ['image/mutable', {}, { server: ServingServer.vllm({ image: `vllm/vllm-openai@sha256:${'a'.repeat(64)}` }) }],
  ['spot/no-fallback', { capacity: Capacity.spot() }, { capacity: Capacity.spot({ fallback: Capacity.onDemand() }) }],
  ['capacity/expires', { capacity: Capacity.flexStart() }, { capacity: Capacity.onDemand() }],
  [
    'capacity/expires',
    { capacity: Capacity.newReservation({ confirm: 'costs until deleted', until: new Date('2099-01-31') }) },
    { capacity: Capacity.newReservation({ confirm: 'costs until deleted' }) },
  ],
  ['scaling/adapter', { scaling: ServingScaling.hpa({ most: 2, requestsPerReplica: 8 }) }, { scaling: keda }],
  ['scaling/standing-nodes', { scaling: keda, capacity: Capacity.reservation('l4') }, { scaling: keda }],
  [
    'serving/wake-up',
    { scaling: ServingScaling.keda({ least: 0, most: 2, requestsPerReplica: 8, wakeUp: { query: 'up' } }) },
    { scaling: keda },
  ],
  [
    'model/size',
    { load: chat(), model: hub(30), machine: GoogleMachine.A3_HIGHGPU_8G },
    { load: chat(), model: hub(15) },
  ],
  ['evidence/no-measurement', { load: chat() }, {}],
  ['network/policies', { cluster: CLUSTER }, {}],
  [
    'network/plain-requests',
    { ingress: gateway },
    { ingress: ServingIngress.inferenceGateway({ certificate: 'chat' }) },
  ],
  ['network/plain-requests', { ingress: ServingIngress.internalLoadBalancer({ clientCidrs: ['10.0.0.0/8'] }) }, {}],
  [
    'gateway/pool-kind',
    { ingress: gateway, releaseChannel: ReleaseChannel.EXTENDED },
    { ingress: gateway, releaseChannel: ReleaseChannel.EXTENDED, version: '1.35' },
  ],
  ['gateway/pool-kind', { ingress: gateway, releaseChannel: ReleaseChannel.STABLE }, { ingress: gateway }],
  ['cost/price', { load: chat(), capacity: Capacity.flexStart(), machine: GoogleMachine.A3_HIGHGPU_8G }, {}],
];

test.each(DOUBTS)('%s is recorded where there is a doubt, and not where there is none', (id, raised, taken) => {
  expect(found(raised)).toContain(id);
  expect(found(taken)).not.toContain(id);
});

test('replicas that move on a pool that was brought leave its machines standing', () => {
  const stack = newStack();
  const of = { cluster: CLUSTER, machine: GoogleMachine.G2_STANDARD_24, zone: ZONE };
  const nodePool = new AcceleratorNodePool(stack, 'Pool', { ...of, nodes: 2 });
  const inference = new KubernetesInference(stack, 'Chat', { ...of, nodePool, model: hub(), scaling: keda });
  expect(findingsOf(inference).map(({ id }) => id)).toContain('scaling/standing-nodes');
});
